import { displayName, type ByteString } from '../model/names.ts';
import type { Queries } from './database.ts';

/** A picture of the library for a trial, with the faces that are known in it today. */
export interface PictureToTry {
  file: number;
  name: string;
  hash: string;
  faces: FaceToday[];
}

export interface FaceToday {
  id: number;
  x: number;
  y: number;
  w: number;
  h: number;
  marked: boolean;
  byHand: boolean;
  descriptor: Buffer;
  name: { person: number; name: string; perhaps: boolean; state: 'auto' | 'confirmed' } | null;
  rejected: number[];
}

type TriedOn = { dir: number } | { file: number };

const pictures = (sql: Queries, of: TriedOn) => sql`
  file JOIN content ON content.hash = file.hash AND content.thumb
  WHERE ${'dir' in of ? sql`dir_id = ${of.dir}` : sql`file.id = ${of.file}`} AND type = 'image' AND missing_since IS NULL`;

/** How many pictures there are to try. */
export async function countPicturesToTry(sql: Queries, of: TriedOn): Promise<number> {
  const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM ${pictures(sql, of)}`;
  return row?.count ?? 0;
}

/** The pictures of a dir, or one of them; at most `limit`, by number. */
export async function picturesToTry(sql: Queries, of: TriedOn, limit: number): Promise<PictureToTry[]> {
  const files = await sql<{ file: number; fname: ByteString; hash: string }[]>`
    SELECT file.id AS file, convert_from(fname, 'LATIN1') AS fname, encode(file.hash, 'hex') AS hash
    FROM ${pictures(sql, of)} ORDER BY file.id LIMIT ${limit}`;
  const faces = await sql<(FaceToday & { file: number })[]>`
    SELECT face.file_id AS file, face.id, x::float8, y::float8, w::float8, h::float8, marked IS NOT NULL AS marked, by_hand AS "byHand", descriptor,
      (SELECT jsonb_build_object('person', person.id, 'name', person.name, 'perhaps', perhaps, 'state', state)
       FROM file_person_link l JOIN person ON person.id = l.person_id WHERE l.face_id = face.id AND state <> 'rejected') AS name,
      ARRAY(SELECT person_id FROM file_person_link l WHERE l.face_id = face.id AND state = 'rejected') AS rejected
    FROM face WHERE file_id = ANY (${files.map((each) => each.file)}) ORDER BY face.id`;
  const byFile = Map.groupBy(faces, (face) => face.file);
  return files.map(({ file, fname, hash }) => ({
    file,
    name: displayName(fname),
    hash,
    faces: byFile.get(file) ?? [],
  }));
}
