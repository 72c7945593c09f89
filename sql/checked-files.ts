import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import { countFiles } from './places.ts';

/** A file that is compared with what it held. */
export interface FileToCheck {
  id: number;
  prefix: ByteString;
  fname: ByteString;
  size: number;
  mtimeNs: string;
  /** SHA-256 in hex. */
  hash: string;
}

/** How many files of a path can be compared. */
export async function countToCheck(sql: Queries, root: number): Promise<number> {
  const [row] = await sql<{ files: number }[]>`
    SELECT coalesce(sum(num_read), 0)::int AS files FROM dir WHERE root_id = ${root} AND missing_since IS NULL`;
  return row?.files ?? 0;
}

/** The next files of a path, in the order of their numbers, after the one that was compared last. */
export async function filesToCheck(sql: Queries, root: number, limit: number): Promise<FileToCheck[]> {
  return await sql<FileToCheck[]>`
    SELECT file.id, convert_from(path_prefix, 'LATIN1') AS prefix, convert_from(fname, 'LATIN1') AS fname, size::float8,
           file.mtime_ns::text AS "mtimeNs", encode(hash, 'hex') AS hash
    FROM file JOIN dir ON dir.id = dir_id JOIN root ON root.id = root_id
    WHERE root.id = ${root} AND file.id > coalesce(checked_to, 0) AND hash IS NOT NULL AND file.gone_after IS NULL AND read_at IS NOT NULL
    ORDER BY file.id LIMIT ${limit}`;
}

/** The error of a file that has changed without being written to. */
const damaged = { step: 'check', code: 'file.damaged' };

/**
 * Remembers how far the comparison came (null: the next one begins with the first file), and which of these files are damaged
 * and which are not. What could not be decoded keeps that error.
 */
export async function storeChecked(
  sql: Database,
  root: number,
  { upTo, sound, broken }: { upTo: number | null; sound: readonly number[]; broken: readonly number[] },
): Promise<void> {
  await sql.begin(async (tx) => {
    const changed = await tx<{ dir: number }[]>`
      UPDATE file SET error_step = NULL, error_code = NULL, error_message = NULL
      WHERE id = ANY (${sound}) AND error_step = ${damaged.step} RETURNING dir_id AS dir`;
    const found = await tx<{ dir: number }[]>`
      UPDATE file SET error_step = ${damaged.step}, error_code = ${damaged.code},
        error_message = 'It holds other bytes than it did, though its size and time say that nothing wrote to it.'
      WHERE id = ANY (${broken}) AND error_code IS NULL RETURNING dir_id AS dir`;
    await countFiles(
      tx,
      [...changed, ...found].map(({ dir }) => dir),
    );
    await tx`UPDATE root SET checked_to = ${upTo} WHERE id = ${root}`;
  });
}
