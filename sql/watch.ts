import type { ByteString } from '../model/names.ts';
import { iso, type Queries } from './database.ts';

/** An import path as its watch needs it. */
export interface ImportRoot {
  id: number;
  path: string;
  /** When its last whole scan ended: then the dirs may be others. */
  lastScan: string | null;
}

/** The import paths that are configured. */
export async function importRoots(sql: Queries): Promise<ImportRoot[]> {
  return await sql<ImportRoot[]>`
    SELECT id, path, ${iso(sql, 'last_scan')} AS "lastScan" FROM root WHERE kind = 'import' AND removed_at IS NULL`;
}

/** The dirs of a root that are there, as they were last read. */
export async function presentDirs(
  sql: Queries,
  root: number,
): Promise<{ prefix: ByteString; mtimeNs: string | null; inode: string | null }[]> {
  return await sql<{ prefix: ByteString; mtimeNs: string | null; inode: string | null }[]>`
    SELECT convert_from(path_prefix, 'LATIN1') AS prefix, mtime_ns::text AS "mtimeNs", inode FROM dir
    WHERE root_id = ${root} AND gone_after IS NULL AND missing_since IS NULL`;
}

/** The next scan reads these dirs whatever their mtimes: a file that was written in place does not change its dir's. */
export async function readAgain(sql: Queries, root: number, prefixes: readonly ByteString[]): Promise<void> {
  await sql`
    UPDATE dir SET mtime_ns = NULL
    WHERE root_id = ${root} AND mtime_ns IS NOT NULL AND path_prefix IN (SELECT convert_to(p, 'LATIN1') FROM unnest(${prefixes}::text[]) AS u (p))`;
}

/** How a root is watched now, for the status page. */
export async function storeWatch(
  sql: Queries,
  root: number,
  { dirs, trouble }: { dirs: number | null; trouble: string | null },
): Promise<void> {
  await sql`UPDATE root SET watched_dirs = ${dirs}, watch_trouble = ${trouble} WHERE id = ${root}`;
}

/** Nothing is watched: that is switched off. */
export async function clearWatches(sql: Queries): Promise<void> {
  await sql`
    UPDATE root SET watched_dirs = NULL, watch_trouble = NULL WHERE watched_dirs IS NOT NULL OR watch_trouble IS NOT NULL`;
}
