import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import type { Direction } from './moves.ts';
import { filesChanged, holdPlaces } from './places.ts';

/** A file that has left its old place, as it is at its new one. */
export interface Moved {
  /** Number of the move, and of the file. */
  id: number;
  file: number | null;
  root: number;
  prefix: ByteString;
  fname: ByteString;
  mtimeNs: string;
  inode: string;
}

/**
 * Stores in one transaction that files are at their new places: the journal, the files' rows, which keep all that is known
 * of them, and the dirs. These are read again by the next scan, and what a scan read of them before is not stored.
 * Safe to repeat.
 */
export async function storeMoved(sql: Database, direction: Direction, moved: readonly Moved[]): Promise<void> {
  if (moved.length === 0) return;
  await sql.begin(async (tx) => {
    await holdPlaces(tx);
    await tx`
      CREATE TEMP TABLE IF NOT EXISTS arriving (
        move_id integer, file_id integer, root_id integer, prefix bytea, fname bytea, mtime_ns bigint, inode text, from_dir integer, dir_id integer)
      ON COMMIT DELETE ROWS`;
    await tx`
      INSERT INTO arriving (move_id, file_id, root_id, prefix, fname, mtime_ns, inode, from_dir)
      SELECT u.m, file.id, u.r, convert_to(u.p, 'LATIN1'), convert_to(u.n, 'LATIN1'), u.t, u.i, file.dir_id
      FROM unnest(${moved.map(({ id }) => id)}::int[], ${moved.map(({ file }) => file)}::int[], ${moved.map(({ root }) => root)}::int[],
                  ${moved.map(({ prefix }) => prefix)}::text[], ${moved.map(({ fname }) => fname)}::text[],
                  ${moved.map(({ mtimeNs }) => mtimeNs)}::bigint[], ${moved.map(({ inode }) => inode)}::text[]) AS u (m, f, r, p, n, t, i)
        LEFT JOIN file ON file.id = u.f`;
    const made = await makeDirs(tx, moved);
    await tx`
      UPDATE arriving SET dir_id = dir.id FROM dir WHERE (dir.root_id, dir.path_prefix) = (arriving.root_id, arriving.prefix)`;
    // A scan may have met them at their new places already, and taken them for new files.
    await tx`
      DELETE FROM file USING arriving a
      WHERE (file.dir_id, file.fname) = (a.dir_id, a.fname) AND file.gone_after IS NULL AND file.id <> a.file_id`;
    await tx`
      UPDATE file SET dir_id = a.dir_id, fname = a.fname, mtime_ns = a.mtime_ns, inode = a.inode, gone_after = NULL, missing_since = NULL
      FROM arriving a WHERE file.id = a.file_id`;
    const touched = await tx<{ id: number }[]>`
      SELECT DISTINCT unnest(ARRAY[from_dir, dir_id]) AS id FROM arriving WHERE file_id IS NOT NULL`;
    const dirs = touched.map(({ id }) => id);
    await filesChanged(tx, dirs);
    await tx`UPDATE dir SET moves = moves + 1, mtime_ns = NULL WHERE id = ANY (${[...dirs, ...made]})`;
    await tx`
      UPDATE move SET state = ${direction === 'to' ? 'moved' : 'undone'}, back = false, begun = false, copy_inode = NULL, error_code = NULL,
        error_message = NULL, now_mtime_ns = a.mtime_ns, now_inode = a.inode
      FROM arriving a WHERE move.id = a.move_id`;
  });
}

/** Makes the rows of dirs that are not there yet, with those above them. @returns the dirs that were given a new sub-dir */
async function makeDirs(tx: Queries, moved: readonly Moved[]): Promise<number[]> {
  const levels = new Map<number, Map<string, { root: number; prefix: ByteString; above: ByteString | null }>>();
  for (const { root, prefix } of moved) {
    const parts = prefix === '' ? [] : prefix.split('/');
    for (let depth = 0; depth <= parts.length; depth++) {
      const own = parts.slice(0, depth).join('/');
      const level =
        levels.get(depth) ?? new Map<string, { root: number; prefix: ByteString; above: ByteString | null }>();
      level.set(`${root}/${own}`, {
        root,
        prefix: own,
        above: depth === 0 ? null : parts.slice(0, depth - 1).join('/'),
      });
      levels.set(depth, level);
    }
  }
  const parents = new Set<number>();
  for (const [, level] of [...levels].toSorted(([a], [b]) => a - b)) {
    const dirs = [...level.values()];
    const rows = await tx<{ parent: number | null }[]>`
      INSERT INTO dir (root_id, parent_id, path_prefix)
      SELECT u.r, parent.id, convert_to(u.p, 'LATIN1')
      FROM unnest(${dirs.map(({ root }) => root)}::int[], ${dirs.map(({ prefix }) => prefix)}::text[],
                  ${dirs.map(({ above }) => above)}::text[]) AS u (r, p, a)
        LEFT JOIN dir parent ON parent.root_id = u.r AND parent.path_prefix = convert_to(u.a, 'LATIN1')
      ON CONFLICT (root_id, path_prefix) DO UPDATE SET gone_after = NULL, missing_since = NULL, last_scan = NULL
      WHERE dir.gone_after IS NOT NULL
      RETURNING parent_id AS parent`;
    for (const { parent } of rows) if (parent !== null) parents.add(parent);
  }
  return [...parents];
}

/** Dirs that were removed from disk, for they were empty: nothing is shown of them from now on. */
export async function storeRemovedDirs(sql: Database, root: number, prefixes: readonly ByteString[]): Promise<void> {
  if (prefixes.length === 0) return;
  await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const removed = await tx<{ parent: number | null }[]>`
      UPDATE dir SET gone_after = now(), missing_since = now(), moves = moves + 1, error_code = NULL, error_message = NULL
      WHERE root_id = ${root} AND gone_after IS NULL AND num_files = 0
        AND path_prefix IN (SELECT convert_to(p, 'LATIN1') FROM unnest(${prefixes}::text[]) AS u (p))
      RETURNING parent_id AS parent`;
    // A scan that has met it above would take it for a new one.
    await tx`UPDATE dir SET moves = moves + 1, mtime_ns = NULL WHERE id = ANY (${removed.map(({ parent }) => parent)})`;
  });
}
