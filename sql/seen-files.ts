import type { ErrorReport } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import type { ByteString } from '../model/names.ts';
import type { Queries } from './database.ts';

/** What was read of one dir. */
export interface ReadDir {
  id: number;
  /** Null where it may have changed unseen (it, or a file in it, was touched a moment ago): the next scan reads it again. */
  mtimeNs: string | null;
  device: string;
  inode: string;
  /** As they were when the dir was taken from the table, before it was read. */
  moves: number;
  files: { name: ByteString; size: number; mtimeNs: string; inode: string; type: FileType }[];
  subdirs: ByteString[];
  /** That sub-dirs whose paths are too long are not looked into. */
  error: ErrorReport | null;
}

/**
 * Stores the files that were seen in some dirs of a root; those that are not there any more are noted as gone. @returns the
 * dirs that files came back to or are gone from: these are to be described again
 */
export async function storeSeenFiles(tx: Queries, root: number, dirs: readonly ReadDir[]): Promise<number[]> {
  const known = await dirsWithRows(
    tx,
    dirs.map((dir) => dir.id),
  );
  const files = dirs.flatMap((dir) => dir.files.map((file) => ({ dir: dir.id, ...file })));
  // A first scan need not compare what it finds with rows that are not there.
  await tx`
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type)
    ${rowsOf(
      tx,
      files.filter(({ dir }) => !known.has(dir)),
    )} ON CONFLICT DO NOTHING`;
  if (known.size === 0) return [];
  await tx`
    CREATE TEMP TABLE IF NOT EXISTS seen_file (dir_id integer, fname bytea, size bigint, mtime_ns bigint, inode text, type text)
    ON COMMIT DELETE ROWS`;
  await tx`
    INSERT INTO seen_file ${rowsOf(
      tx,
      files.filter(({ dir }) => known.has(dir)),
    )}`;
  const changed = await compareWithRows(tx, root, [...known]);
  await tx`
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type)
    SELECT dir_id, fname, size, mtime_ns, inode, type FROM seen_file ON CONFLICT DO NOTHING`;
  return changed;
}

const rowsOf = (tx: Queries, files: readonly (ReadDir['files'][number] & { dir: number })[]) => tx`
  SELECT d, convert_to(n, 'LATIN1'), s, m, i, t FROM unnest(
    ${files.map((f) => f.dir)}::int[], ${files.map((f) => f.name)}::text[], ${files.map((f) => f.size)}::bigint[],
    ${files.map((f) => f.mtimeNs)}::bigint[], ${files.map((f) => f.inode)}::text[], ${files.map((f) => f.type)}::text[]
  ) AS u (d, n, s, m, i, t)`;

/** Those of the dirs that have rows of files, also of missing ones. */
async function dirsWithRows(tx: Queries, dirs: readonly number[]): Promise<Set<number>> {
  const rows = await tx<{ id: number }[]>`
    SELECT asked.id FROM unnest(${dirs}::int[]) AS asked (id),
      LATERAL (SELECT FROM file WHERE dir_id = asked.id ORDER BY fname LIMIT 1) AS any_file`;
  return new Set(rows.map(({ id }) => id));
}

/**
 * Brings rows up to date: files that are as they were, or were changed in place, or came back. Those that are not there any
 * more, or at whose name there is another one, are noted as gone. Leaves in `seen_file` what may be new.
 */
async function compareWithRows(tx: Queries, root: number, dirs: readonly number[]): Promise<number[]> {
  await tx`
    UPDATE file SET size = s.size, mtime_ns = s.mtime_ns, inode = s.inode,
      type = CASE WHEN (file.size, file.mtime_ns) = (s.size, s.mtime_ns) AND file.hash IS NOT NULL THEN file.type ELSE s.type END,
      read_at = CASE WHEN (file.size, file.mtime_ns) = (s.size, s.mtime_ns) AND file.hash IS NOT NULL THEN file.read_at END
    FROM seen_file s
    WHERE file.dir_id = ANY (${dirs}) AND file.dir_id = s.dir_id AND file.fname = s.fname AND file.gone_after IS NULL
      AND ((file.size, file.mtime_ns) = (s.size, s.mtime_ns) OR file.inode = s.inode)
      AND (file.hash IS NULL AND file.read_at IS NOT NULL OR (file.size, file.mtime_ns, file.inode) <> (s.size, s.mtime_ns, s.inode))`;
  const gone = await tx<{ dir: number }[]>`
    UPDATE file SET gone_after = greatest(found_at, (SELECT scanned_from FROM root WHERE id = ${root}))
    WHERE dir_id = ANY (${dirs}) AND gone_after IS NULL
      AND NOT EXISTS (
        SELECT FROM seen_file s WHERE (s.dir_id, s.fname, s.size, s.mtime_ns) = (file.dir_id, file.fname, file.size, file.mtime_ns))
    RETURNING dir_id AS dir`;
  await tx`
    DELETE FROM seen_file s USING file
    WHERE file.dir_id = ANY (${dirs}) AND (file.dir_id, file.fname) = (s.dir_id, s.fname) AND file.gone_after IS NULL`;
  const back = await tx<{ dir: number }[]>`
    UPDATE file SET gone_after = NULL, missing_since = NULL, inode = b.inode, read_at = CASE WHEN hash IS NOT NULL THEN read_at END
    FROM (
      SELECT DISTINCT ON (dir_id, fname) file.id, s.inode FROM seen_file s JOIN file USING (dir_id, fname, size, mtime_ns)
      WHERE dir_id = ANY (${dirs}) AND file.gone_after IS NOT NULL
      ORDER BY dir_id, fname, file.inode = s.inode DESC, file.id) AS b
    WHERE file.id = b.id RETURNING dir_id AS dir`;
  return [...new Set([...back, ...gone].map(({ dir }) => dir))];
}
