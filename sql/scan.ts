import { longestPrefix, type ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import { countFiles, sharePlaces } from './places.ts';
import { storeSeenFiles, type ReadDir } from './seen-files.ts';

/** A dir as the scan knew it before: what its stat is compared with. `mtimeNs` null: read it whatever its mtime. */
export interface KnownDir {
  id: number;
  prefix: ByteString;
  mtimeNs: string | null;
  device: string | null;
  moves: number;
}

export interface DirFailure {
  id: number;
  code: string;
  message: string;
}

const columns = (sql: Queries) =>
  sql`id, convert_from(path_prefix, 'LATIN1') AS prefix, mtime_ns::text AS "mtimeNs", device, moves`;

/** The row of a root's own dir, made when it is not there yet. */
export async function rootDir(sql: Queries, root: number): Promise<number> {
  await sql`INSERT INTO dir (root_id, path_prefix) VALUES (${root}, '') ON CONFLICT DO NOTHING`;
  const [row] = await sql<{ id: number }[]>`SELECT id FROM dir WHERE root_id = ${root} AND path_prefix = ''`;
  return row?.id ?? 0;
}

/** A page of the dirs that were read before, in the order of their paths (parents first), after the path `after`. */
export async function knownDirs(
  sql: Queries,
  root: number,
  after: ByteString | null,
  limit: number,
): Promise<KnownDir[]> {
  return await sql<KnownDir[]>`
    SELECT ${columns(sql)} FROM dir
    WHERE root_id = ${root} AND last_scan IS NOT NULL AND gone_after IS NULL
      ${after === null ? sql`` : sql`AND path_prefix > convert_to(${after}, 'LATIN1')`}
    ORDER BY path_prefix LIMIT ${limit}`;
}

/** A page of the dirs that were found but never read, in the order they were found (parents first). */
export async function newDirs(sql: Queries, root: number, after: number, limit: number): Promise<KnownDir[]> {
  return await sql<KnownDir[]>`
    SELECT ${columns(sql)} FROM dir
    WHERE root_id = ${root} AND last_scan IS NULL AND gone_after IS NULL AND missing_since IS NULL AND id > ${after} ORDER BY id LIMIT ${limit}`;
}

/** One dir for a scan of it alone, with its root; undefined when there is no such row. */
export async function oneDir(
  sql: Queries,
  id: number,
): Promise<(KnownDir & { root: number; isGone: boolean }) | undefined> {
  const [row] = await sql<(KnownDir & { root: number; isGone: boolean })[]>`
    SELECT ${columns(sql)}, root_id AS root, gone_after IS NOT NULL AS "isGone" FROM dir WHERE id = ${id}`;
  return row;
}

/**
 * Stores what was read of some dirs, in one transaction: new files, changed ones (to be read again by the thumbs step),
 * new sub-dirs, the dirs' own counts and mtimes. Files and sub-dirs that are gone are noted, not yet taken for missing:
 * `settleGone` decides. So is a file at whose name there is another one now, for it may have moved.
 * A file that could not be opened is to be tried again too: its permissions do not show in its size and time.
 * Of dirs that the product itself moved files to or from, or made or removed dirs in, since they were taken from the table,
 * nothing is stored: they are to be read again. Safe to repeat.
 */
export async function storeReadDirs(sql: Database, root: number, read: readonly ReadDir[]): Promise<void> {
  if (read.length === 0) return;
  await sql.begin(async (tx) => {
    await sharePlaces(tx);
    const moved = await dirsMovedSince(tx, read);
    const dirs = read.filter(({ id }) => !moved.has(id));
    const ids = dirs.map((dir) => dir.id);
    const subdirs = dirs.flatMap((dir) => dir.subdirs.map((prefix) => ({ dir: dir.id, prefix })));
    const storable = subdirs.filter(({ prefix }) => prefix.length <= longestPrefix);
    const changed = await storeSeenFiles(tx, root, dirs);
    await tx`
      INSERT INTO dir (root_id, parent_id, path_prefix)
      SELECT ${root}, d, convert_to(p, 'LATIN1')
      FROM unnest(${storable.map((s) => s.dir)}::int[], ${storable.map((s) => s.prefix)}::text[]) AS u (d, p)
      ON CONFLICT (root_id, path_prefix) DO UPDATE SET missing_since = NULL, gone_after = NULL, last_scan = NULL, mtime_ns = NULL
      WHERE dir.gone_after IS NOT NULL`;
    await noteGoneSubdirs(
      tx,
      root,
      ids,
      subdirs.map((s) => s.prefix),
    );
    await tx`
      UPDATE dir SET mtime_ns = u.m, device = u.v, inode = u.i, last_scan = now(), error_code = u.code, error_message = u.message,
        described = described AND NOT dir.id = ANY (${changed})
      FROM unnest(${ids}::int[], ${dirs.map((d) => d.mtimeNs)}::bigint[], ${dirs.map((d) => d.device)}::text[], ${dirs.map((d) => d.inode)}::text[],
                  ${dirs.map((d) => d.error?.code ?? null)}::text[], ${dirs.map((d) => d.error?.message ?? null)}::text[]) AS u (id, m, v, i, code, message)
      WHERE dir.id = u.id`;
    await countFiles(tx, ids);
  });
}

/** Of these dirs what was read may be from before a move. */
async function dirsMovedSince(tx: Queries, dirs: readonly ReadDir[]): Promise<Set<number>> {
  const rows = await tx<{ id: number }[]>`
    UPDATE dir SET mtime_ns = NULL FROM unnest(${dirs.map((d) => d.id)}::int[], ${dirs.map((d) => d.moves)}::int[]) AS u (id, moves)
    WHERE dir.id = u.id AND dir.moves <> u.moves RETURNING dir.id`;
  return new Set(rows.map(({ id }) => id));
}

/** Sub-dirs that were below a dir when it was last read, and are not any more: they are gone with all below them. */
async function noteGoneSubdirs(
  tx: Queries,
  root: number,
  parents: readonly number[],
  present: readonly ByteString[],
): Promise<void> {
  const gone = await tx<{ prefix: ByteString }[]>`
    SELECT convert_from(path_prefix, 'LATIN1') AS prefix FROM dir
    WHERE parent_id = ANY (${parents}) AND gone_after IS NULL
      AND NOT path_prefix IN (SELECT convert_to(p, 'LATIN1') FROM unnest(${present}::text[]) AS u (p))`;
  for (const { prefix } of gone) {
    // '0' follows '/' in byte order, so this range is the dir itself and all below it.
    const below = await tx<{ id: number }[]>`
      UPDATE dir SET gone_after = now(), error_code = NULL, error_message = NULL
      WHERE root_id = ${root} AND gone_after IS NULL AND (path_prefix = convert_to(${prefix}, 'LATIN1')
        OR path_prefix > convert_to(${prefix + '/'}, 'LATIN1') AND path_prefix < convert_to(${prefix + '0'}, 'LATIN1'))
      RETURNING id`;
    const ids = below.map(({ id }) => id);
    await tx`
      UPDATE file SET gone_after = greatest(found_at, (SELECT scanned_from FROM root WHERE id = ${root}))
      WHERE dir_id = ANY (${ids}) AND gone_after IS NULL`;
    await countFiles(tx, ids);
  }
}

/** Records dirs that could not be read. Their files stay as they are; the next scan tries again. */
export async function storeFailedDirs(sql: Queries, failures: readonly DirFailure[]): Promise<void> {
  if (failures.length === 0) return;
  await sql`
    UPDATE dir SET error_code = u.code, error_message = u.message, mtime_ns = NULL, last_scan = coalesce(last_scan, now())
    FROM unnest(${failures.map((f) => f.id)}::int[], ${failures.map((f) => f.code)}::text[], ${failures.map((f) => f.message)}::text[]) AS u (id, code, message)
    WHERE dir.id = u.id AND gone_after IS NULL`;
}

/** What a path holds now, as its scan reports it. */
export async function rootTotals(
  sql: Queries,
  root: number,
): Promise<{ dirs: number; numFiles: number; failedDirs: number }> {
  const [row] = await sql<{ dirs: number; numFiles: number; failedDirs: number }[]>`
    SELECT count(*)::int AS dirs, coalesce(sum(num_files), 0)::int AS "numFiles", count(error_code)::int AS "failedDirs"
    FROM dir WHERE root_id = ${root} AND missing_since IS NULL`;
  return row ?? { dirs: 0, numFiles: 0, failedDirs: 0 };
}

/** Names and inodes of some sub-dirs of a root, to tell the same disk under a new device number. */
export async function rootSample(sql: Queries, root: number): Promise<{ name: ByteString; inode: string }[]> {
  return await sql<{ name: ByteString; inode: string }[]>`
    SELECT convert_from(path_prefix, 'LATIN1') AS name, inode FROM dir
    WHERE inode IS NOT NULL AND missing_since IS NULL AND path_prefix <> ''
      AND parent_id = (SELECT id FROM dir WHERE root_id = ${root} AND path_prefix = '')
    UNION ALL
    SELECT convert_from(fname, 'LATIN1'), file.inode FROM file
    WHERE dir_id = (SELECT id FROM dir WHERE root_id = ${root} AND path_prefix = '') AND missing_since IS NULL
    LIMIT 50`;
}

/**
 * Whether there is any file in a root that should be found there: one that is being moved may have left it already, which
 * a run that was killed could not store.
 */
export async function rootHoldsFiles(sql: Queries, root: number): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM dir JOIN file ON file.dir_id = dir.id
      WHERE root_id = ${root} AND num_files > 0 AND file.missing_since IS NULL
        AND NOT EXISTS (SELECT FROM move WHERE move.file_id = file.id AND begun)) AS holds`;
  return row?.holds ?? false;
}
