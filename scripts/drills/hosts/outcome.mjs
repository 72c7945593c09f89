import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const hash = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** What an import has left behind, without what differs from run to run: numbers of rows, and times. */
export async function outcome({ sql, dataDir }) {
  const thumbs = path.join(dataDir, 'thumbs');
  const place = sql`convert_from(path_prefix, 'UTF8') || '/' || convert_from(fname, 'UTF8') COLLATE "C"`;
  return {
    files: await sql`
      SELECT ${place} AS path, encode(hash, 'hex') AS hash, taken_at::text AS taken, file.error_code AS error, num_faces AS faces,
             has_unidentified_face AS unknown
      FROM file JOIN dir ON dir.id = dir_id ORDER BY 1`,
    faces: await sql`
      SELECT ${place} AS path, round(face.x::numeric, 3)::float AS x, round(face.y::numeric, 3)::float AS y, face.size
      FROM face JOIN file ON file.id = face.file_id JOIN dir ON dir.id = dir_id ORDER BY 1, 2, 3`,
    names: await sql`
      SELECT ${place} AS path, person.name, round(face.x::numeric, 3)::float AS x, l.state, l.perhaps
      FROM file_person_link l JOIN person ON person.id = person_id JOIN face ON face.id = l.face_id
        JOIN file ON file.id = face.file_id JOIN dir ON dir.id = dir_id ORDER BY 1, 2, 3`,
    thumbnails: readdirSync(thumbs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.name} ${hash(path.join(entry.parentPath, entry.name))}`),
  };
}
