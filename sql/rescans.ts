import type { FaceSearch, ScannedPictures } from '../model/face-scans.ts';
import { iso, type Queries } from './database.ts';
import { due, isLike, type Rescan } from './face-search.ts';

/** Number of the last scan that was begun; 0 before the first. */
export async function lastScan(sql: Queries): Promise<number> {
  const [row] = await sql<{ last: number }[]>`SELECT coalesce(max(id), 0)::int AS last FROM ai_scan`;
  return row?.last ?? 0;
}

/** Where a rescan looks: a path, a dir, or everywhere. */
export interface RescanPlace {
  root?: number | undefined;
  dir?: number | undefined;
}

const placed = (sql: Queries, { root, dir }: RescanPlace) => sql`
  file JOIN content ON content.hash = file.hash AND content.thumb
  JOIN dir ON dir.id = file.dir_id AND dir.missing_since IS NULL
    ${dir === undefined ? sql`` : sql`AND dir.id = ${dir}`} ${root === undefined ? sql`` : sql`AND dir.root_id = ${root}`}
  JOIN root ON root.id = dir.root_id AND root.removed_at IS NULL`;

/** How many pictures a rescan looks at in all: those it has done, and those that are due. */
export async function countRescan(sql: Queries, place: RescanPlace, rescan: Rescan): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${placed(sql, place)}
    WHERE (${due(sql, rescan)}) OR (${done(sql, sql`${rescan.before}`)})`;
  return row?.count ?? 0;
}

const done = (sql: Queries, before: ReturnType<Queries>) => sql`
  file.faces_scan_id > ${before} AND file.faces_hash = file.hash AND file.type = 'image' AND file.missing_since IS NULL`;

/** How many pictures each of some rescans has done. */
export async function countRescanned(
  sql: Queries,
  rescans: readonly (RescanPlace & { before: number })[],
): Promise<number[]> {
  return await Promise.all(
    rescans.map(async ({ before, ...place }) => {
      const [row] = await sql<{ count: number }[]>`
        SELECT count(*)::int AS count FROM ${placed(sql, place)} WHERE ${done(sql, sql`${before}`)}`;
      return row?.count ?? 0;
    }),
  );
}

/** The pictures in which faces were looked for, by how that was done, those of today's way first. */
export async function scannedPictures(sql: Queries, today: FaceSearch, place: RescanPlace): Promise<ScannedPictures[]> {
  return await sql<ScannedPictures[]>`
    WITH scanned AS (
      SELECT file.faces_scan_id AS id, count(*) AS pictures, sum(file.num_faces) AS faces FROM ${placed(sql, place)}
      WHERE ${done(sql, sql`0`)} GROUP BY 1)
    SELECT settings, regexp_replace(model, ', [^,]*$', '') AS networks, ${isLike(sql, today)} AS today,
           sum(pictures)::int AS pictures, sum(faces)::int AS faces, ${iso(sql, 'min(at)')} AS first, ${iso(sql, 'max(at)')} AS last
    FROM scanned JOIN ai_scan USING (id) GROUP BY 1, 2, 3 ORDER BY 3 DESC, 4 DESC`;
}
