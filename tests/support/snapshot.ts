import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase, type Database } from '../../sql/database.ts';

/** A face without what differs from run to run. */
export interface FoundFace {
  path: string;
  box: string;
  size: number;
  score: number;
}

/** All faces in the order of their files and places, with their numbers. */
export async function facesIn(sql: Database): Promise<(FoundFace & { id: number })[]> {
  return await sql`
    SELECT face.id, convert_from(path_prefix || '/' || fname, 'UTF8') COLLATE "C" AS path, face.size, round(score::numeric, 3)::float AS score,
           concat_ws(' ', round(face.x::numeric, 3), round(face.y::numeric, 3), round(face.w::numeric, 3), round(face.h::numeric, 3)) AS box
    FROM face JOIN file ON file.id = file_id JOIN dir ON dir.id = dir_id ORDER BY path, face.x, face.y, face.id`;
}

/** The names of faces, by person and then in the order of their files and places. */
export async function namesIn(sql: Database): Promise<object[]> {
  const names = await sql<object[]>`
    SELECT person.name, convert_from(path_prefix || '/' || fname, 'UTF8') COLLATE "C" AS path, round(face.x::numeric, 3)::float AS x, l.state, l.perhaps,
           round(l.distance::numeric, 4)::float AS distance, l.threshold, refimg.title AS refimg
    FROM file_person_link l JOIN person ON person.id = person_id JOIN face ON face.id = l.face_id
      JOIN file ON file.id = face.file_id JOIN dir ON dir.id = dir_id LEFT JOIN refimg ON refimg.id = refimg_id
    ORDER BY person.name, path, face.x`;
  return [...names];
}

/**
 * What an import left behind: the tables without what differs from run to run (times of reading, numbers of rows), and
 * each thumbnail's hash. Two imports of the same files must leave the same.
 */
export async function snapshot(
  databaseUrl: string,
  thumbsDir: string,
): Promise<{
  dirs: { missing_since: Date | null }[];
  files: { missing_since: Date | null; hash: string | null }[];
  contents: { hash: string }[];
  thumbs: string[];
  faces: FoundFace[];
  names: unknown[];
}> {
  const sql = openDatabase(databaseUrl, { max: 1 });
  try {
    const dirs = await sql<{ missing_since: Date | null }[]>`
      SELECT encode(path_prefix, 'hex') AS prefix, num_files, num_read, num_failed, num_pictures, num_searched,
        num_faces_failed, error_code, missing_since FROM dir ORDER BY 1`;
    const files = await sql<{ missing_since: Date | null; hash: string | null }[]>`
      SELECT encode(path_prefix, 'hex') AS prefix, encode(fname, 'hex') AS name, size, file.mtime_ns, type, encode(hash, 'hex') AS hash,
             taken_at::text, taken_source, read_at IS NOT NULL AS read, file.error_step, file.error_code, file.error_message, file.missing_since,
             faces_hash = file.hash AS searched, faces_error_message, num_faces, has_unidentified_face
      FROM file JOIN dir ON dir.id = dir_id ORDER BY 1, 2`;
    const contents = await sql<{ hash: string }[]>`
      SELECT encode(hash, 'hex') AS hash, thumb, encode(thumbhash, 'hex') AS thumbhash, width, height, orientation, taken_at::text,
             taken_offset, taken_source, camera, latitude, longitude, tags, error_code, error_message FROM content ORDER BY 1`;
    const thumbs = readdirSync(thumbsDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(
        (entry) =>
          `${entry.name} ${createHash('sha256')
            .update(readFileSync(path.join(entry.parentPath, entry.name)))
            .digest('hex')}`,
      )
      .toSorted();
    const faces = (await facesIn(sql)).map(({ id: _, ...face }) => face);
    return {
      dirs: [...dirs],
      files: [...files],
      contents: [...contents],
      thumbs,
      faces,
      names: await namesIn(sql),
    };
  } finally {
    await sql.end();
  }
}
