import { CodedError } from '../model/errors.ts';
import type { Root } from '../model/library.ts';
import { iso, type Queries } from './database.ts';
import { isUnseen } from './workers.ts';

export interface RootPaths {
  importPaths: readonly string[];
  storagePaths: readonly string[];
}

/** Adds the paths that are not there yet; a removed one comes back with what is known of its files. */
export async function addRoots(sql: Queries, { importPaths, storagePaths }: RootPaths): Promise<void> {
  for (const [kind, paths] of [
    ['import', importPaths],
    ['storage', storagePaths],
  ] as const) {
    for (const path of paths) {
      await sql`
        INSERT INTO root (kind, path) VALUES (${kind}, ${path})
        ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, removed_at = NULL`;
    }
  }
}

/** Makes these paths the configured ones: others are marked removed, not deleted. */
export async function setRoots(sql: Queries, paths: RootPaths): Promise<void> {
  const all = [...paths.importPaths, ...paths.storagePaths];
  await sql`UPDATE root SET removed_at = now() WHERE removed_at IS NULL AND NOT path = ANY (${all})`;
  await addRoots(sql, paths);
}

/** The configured paths with their counts, in the order they were added. */
export async function listRoots(sql: Queries): Promise<Root[]> {
  return await sql<Root[]>`
    SELECT root.id, root.kind, root.path, counted.*, ${iso(sql, 'root.last_scan')} AS "lastScan",
           watched_dirs AS "watchedDirs", watch_trouble AS "watchTrouble", ${isUnseen(sql)} AS unseen
    FROM root, LATERAL (
      SELECT count(*)::int AS dirs,
             coalesce(sum(num_files), 0)::int AS "numFiles", coalesce(sum(num_read), 0)::int AS "numRead",
             coalesce(sum(num_failed), 0)::int AS "numFailed", coalesce(sum(num_pictures), 0)::int AS "numPictures",
             coalesce(sum(num_searched), 0)::int AS "numSearched", coalesce(sum(num_faces_failed), 0)::int AS "numFacesFailed"
      FROM dir WHERE dir.root_id = root.id AND dir.missing_since IS NULL) AS counted
    WHERE root.removed_at IS NULL ORDER BY root.id`;
}

/** A configured path by its name; null where none has it. */
export async function rootNamed(sql: Queries, path: string): Promise<Pick<Root, 'id' | 'unseen'> | null> {
  const [root] = await sql<Pick<Root, 'id' | 'unseen'>[]>`
    SELECT id, ${isUnseen(sql)} AS unseen FROM root WHERE path = ${path} AND removed_at IS NULL`;
  return root ?? null;
}

/** A configured path as the scan needs it. Throws root.unknown. */
export async function getRoot(
  sql: Queries,
  id: number,
): Promise<{ id: number; kind: 'import' | 'storage'; path: string; device: string | null }> {
  const [root] = await sql<{ id: number; kind: 'import' | 'storage'; path: string; device: string | null }[]>`
    SELECT id, kind, path, device FROM root WHERE id = ${id} AND removed_at IS NULL`;
  if (!root) throw new CodedError('root.unknown', `There is no import or storage path with the number ${id}.`);
  return root;
}

/** Records a scan that went through: the disk it saw, and when it began by the database's clock. */
export async function rootScanned(sql: Queries, id: number, device: string, from: Date): Promise<void> {
  await sql`UPDATE root SET device = ${device}, last_scan = now(), scanned_from = ${from} WHERE id = ${id}`;
}

/**
 * The root's disk has another device number now. `sameDisk`: only the number changed, so its dirs are as they were; else
 * all of them are read again.
 */
export async function rootDeviceChanged(
  sql: Queries,
  id: number,
  before: string,
  now: string,
  sameDisk: boolean,
): Promise<void> {
  await (sameDisk
    ? sql`UPDATE dir SET device = ${now} WHERE root_id = ${id} AND device = ${before}`
    : sql`UPDATE dir SET device = NULL, mtime_ns = NULL WHERE root_id = ${id}`);
}
