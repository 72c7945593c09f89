import { CodedError } from '../model/errors.ts';
import type { Dir, FileCounts } from '../model/library.ts';
import { displayName, pathBelow, type ByteString } from '../model/names.ts';
import { iso, type Queries } from './database.ts';
import { due, type Rescan } from './face-search.ts';

interface DirRow extends FileCounts {
  id: number;
  root: number;
  rootPath: string;
  prefix: ByteString;
  mtime: string | null;
  lastScan: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

const columns = (sql: Queries) => sql`
  dir.id, dir.root_id AS root, root.path AS "rootPath", convert_from(dir.path_prefix, 'LATIN1') AS prefix,
  dir.num_files AS "numFiles", dir.num_read AS "numRead", dir.num_failed AS "numFailed",
  dir.num_pictures AS "numPictures", dir.num_searched AS "numSearched", dir.num_faces_failed AS "numFacesFailed",
  ${iso(sql, 'to_timestamp(dir.mtime_ns / 1e9)')} AS mtime, ${iso(sql, 'dir.last_scan')} AS "lastScan",
  dir.error_code AS "errorCode", dir.error_message AS "errorMessage"`;

const toDir = ({ rootPath, prefix, errorCode, errorMessage, ...row }: DirRow): Dir => ({
  ...row,
  pathPrefix: displayName(prefix),
  path: displayName(pathBelow(rootPath, prefix)),
  error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
});

/** Dirs in the order of their ids; of one path, or the direct sub-dirs of `parent`. `next` is the cursor of the next page. */
export async function listDirs(
  sql: Queries,
  { root, parent, cursor, limit }: { root?: number; parent?: number; cursor?: number; limit: number },
): Promise<{ dirs: Dir[]; next: number | null }> {
  const rows = await sql<DirRow[]>`
    SELECT ${columns(sql)} FROM dir JOIN root ON root.id = dir.root_id
    WHERE root.removed_at IS NULL AND dir.missing_since IS NULL AND dir.id > ${cursor ?? 0}
      ${root === undefined ? sql`` : sql`AND dir.root_id = ${root}`}
      ${parent === undefined ? sql`` : sql`AND dir.parent_id = ${parent}`}
    ORDER BY dir.id LIMIT ${limit}`;
  const dirs = rows.map(toDir);
  return { dirs, next: dirs.length === limit ? (dirs.at(-1)?.id ?? null) : null };
}

/** One dir. Throws dir.unknown. */
export async function getDir(sql: Queries, id: number): Promise<Dir> {
  const [row] = await dirsById(sql, [id]);
  if (!row) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
  return row;
}

/** Those of the dirs that there are, for titles of jobs; any order. */
export async function dirsById(sql: Queries, ids: readonly number[]): Promise<Dir[]> {
  const rows = await sql<DirRow[]>`
    SELECT ${columns(sql)} FROM dir JOIN root ON root.id = dir.root_id WHERE dir.id = ANY (${ids})`;
  return rows.map(toDir);
}

/** The dirs from the root's own one down to this one. Throws dir.unknown. */
export async function dirTrail(sql: Queries, id: number): Promise<Dir[]> {
  const rows = await sql<DirRow[]>`
    WITH RECURSIVE trail (id, parent_id) AS (
      SELECT id, parent_id FROM dir WHERE id = ${id}
      UNION ALL SELECT dir.id, dir.parent_id FROM dir JOIN trail ON dir.id = trail.parent_id)
    SELECT ${columns(sql)} FROM dir JOIN root ON root.id = dir.root_id
    WHERE dir.id = ANY (ARRAY(SELECT id FROM trail)) ORDER BY length(dir.path_prefix)`;
  if (rows.length === 0) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
  return rows.map(toDir);
}

/** A dir that an import runs a chain for. */
export interface DirWithWork {
  id: number;
  path: string;
  /** Its last reading failed, so its chain begins with the scan. */
  unread: boolean;
}

/** A page of a path's dirs that have files to read or to describe, or could not be read, in the order of ids, from `after` on. */
export const dirsWithWork = (sql: Queries, root: number, after: number, limit: number): Promise<DirWithWork[]> =>
  dirsToDo(sql, sql`num_read < num_files OR ${couldNotBeRead(sql)} OR NOT described`, root, after, limit);

/** One with sub-dirs too deep has been read, and reading it again before it changes would say the same. */
const couldNotBeRead = (sql: Queries) => sql`error_code <> 'dir.path-too-long'`;

/**
 * A page of a path's dirs with pictures in which faces were not looked for, or that the rescan looks at again, in the order
 * of ids, from `after` on.
 */
export const dirsWithFacesWork = (
  sql: Queries,
  { root, rescan, after, limit }: { root: number; rescan: Rescan | null; after: number; limit: number },
): Promise<DirWithWork[]> =>
  dirsToDo(sql, rescan ? hasDue(sql, rescan) : sql`num_searched < num_pictures`, root, after, limit);

const hasDue = (sql: Queries, rescan: Rescan): ReturnType<Queries> => sql`
  num_pictures > 0 AND EXISTS (
    SELECT FROM file JOIN content ON content.hash = file.hash AND content.thumb WHERE dir_id = dir.id AND ${due(sql, rescan)})`;

/** How many dirs may hold faces from `after` on. */
export async function countDirsWithFaces(sql: Queries, after: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM dir JOIN root ON root.id = dir.root_id
    WHERE dir.id > ${after} AND num_searched > 0 AND missing_since IS NULL AND removed_at IS NULL`;
  return row?.count ?? 0;
}

/** A page of the numbers of dirs that may hold faces, from `after` on. */
export async function dirsWithFaces(sql: Queries, after: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT dir.id FROM dir JOIN root ON root.id = dir.root_id
    WHERE dir.id > ${after} AND num_searched > 0 AND missing_since IS NULL AND removed_at IS NULL ORDER BY dir.id LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

async function dirsToDo(
  sql: Queries,
  toDo: ReturnType<Queries>,
  root: number,
  after: number,
  limit: number,
): Promise<DirWithWork[]> {
  const rows = await sql<{ id: number; rootPath: string; prefix: ByteString; unread: boolean }[]>`
    SELECT dir.id, root.path AS "rootPath", convert_from(dir.path_prefix, 'LATIN1') AS prefix, coalesce(${couldNotBeRead(sql)}, false) AS unread
    FROM dir JOIN root ON root.id = dir.root_id
    WHERE root_id = ${root} AND dir.id > ${after} AND (${toDo}) AND missing_since IS NULL
    ORDER BY dir.id LIMIT ${limit}`;
  return rows.map(({ id, rootPath, prefix, unread }) => ({
    id,
    path: displayName(pathBelow(rootPath, prefix)),
    unread,
  }));
}
