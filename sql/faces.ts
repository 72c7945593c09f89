import { CodedError } from '../model/errors.ts';
import { displayName, type ByteString } from '../model/names.ts';
import type { Face, FaceName } from '../model/people.ts';
import { iso, type Queries } from './database.ts';

type FaceRow = Omit<Face, 'name'> & { name: (Omit<FaceName, 'state'> & { state: 'auto' | 'confirmed' }) | null };

const scanAs = (sql: Queries, id: ReturnType<Queries>) => sql`
  (SELECT jsonb_build_object('at', ${iso(sql, 'at')}, 'version', version, 'model', model, 'settings', settings)
   FROM ai_scan WHERE ai_scan.id = ${id})`;

const person = (sql: Queries, id: ReturnType<Queries>) =>
  sql`(SELECT jsonb_build_object('id', p.id, 'name', p.name) FROM person p WHERE p.id = ${id})`;

/** A face with all that is thought of it. */
const columns = (sql: Queries) => sql`
  face.id, face.file_id AS file, face.x::float8, face.y::float8, face.w::float8, face.h::float8, face.size::int,
  round(face.score::numeric, 3)::float8 AS score, round(face.sharpness::numeric, 1)::float8 AS sharpness,
  face.cut, face.by_hand AS "byHand", face.marked, ${scanAs(sql, sql`face.ai_scan_id`)} AS scan,
  (SELECT jsonb_build_object(
     'person', ${person(sql, sql`l.person_id`)}, 'state', l.state, 'perhaps', l.perhaps,
     'distance', round(l.distance::numeric, 3), 'threshold', round(l.threshold::numeric, 3), 'refimg', l.refimg_id,
     'runnerUp', CASE WHEN l.runner_up_id IS NOT NULL THEN
       jsonb_build_object('person', ${person(sql, sql`l.runner_up_id`)}, 'distance', round(l.runner_up_distance::numeric, 3)) END,
     'at', ${iso(sql, 'l.at')}, 'scan', ${scanAs(sql, sql`l.ai_scan_id`)})
   FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'rejected') AS name,
  (SELECT coalesce(jsonb_agg(${person(sql, sql`l.person_id`)} ORDER BY l.person_id), '[]')
   FROM file_person_link l WHERE l.face_id = face.id AND l.state = 'rejected') AS rejected,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('person', ${person(sql, sql`n.person_id`)}, 'refimg', n.refimg_id,
     'distance', round(n.distance::numeric, 3)) ORDER BY n.distance), '[]')
   FROM (SELECT * FROM likeness WHERE likeness.face_id = face.id ORDER BY distance LIMIT 3) n) AS near`;

/** The faces of a file, from left to right. */
export async function facesOfFile(sql: Queries, file: number): Promise<Face[]> {
  return await sql<FaceRow[]>`SELECT ${columns(sql)} FROM face WHERE face.file_id = ${file} ORDER BY face.x, face.id`;
}

/** Throws face.unknown. */
export async function getFace(sql: Queries, id: number): Promise<Face> {
  const [row] = await sql<FaceRow[]>`SELECT ${columns(sql)} FROM face WHERE face.id = ${id}`;
  if (!row) throw new CodedError('face.unknown', `There is no face with the number ${id}.`);
  return row;
}

const presentFile = (sql: Queries) =>
  sql`EXISTS (SELECT FROM file WHERE file.id = face.file_id AND file.missing_since IS NULL)`;

/** Names that no person has spoken on, the most doubtful first: those to be asked, then the farthest. */
export async function facesToReview(
  sql: Queries,
  { person: of, limit }: { person?: number; limit: number },
): Promise<{ faces: Face[]; left: number }> {
  const which = sql`l.state = 'auto' ${of === undefined ? sql`` : sql`AND l.person_id = ${of}`}`;
  const faces = await sql<FaceRow[]>`
    SELECT ${columns(sql)} FROM file_person_link l JOIN face ON face.id = l.face_id
    WHERE ${which} AND ${presentFile(sql)} ORDER BY l.distance DESC, l.face_id LIMIT ${limit}`;
  const [count] = await sql<{ left: number }[]>`SELECT count(*)::int AS left FROM file_person_link l WHERE ${which}`;
  return { faces, left: count?.left ?? 0 };
}

/** Where a face lies in the preview of its picture, for a crop of it. Throws face.unknown. */
export async function cropOfFace(sql: Queries, id: number): Promise<Crop> {
  const [row] = await sql<Crop[]>`
    SELECT encode(coalesce(file.faces_hash, file.hash), 'hex') AS hash, x::float8, y::float8, w::float8, h::float8
    FROM face JOIN file ON file.id = face.file_id WHERE face.id = ${id}`;
  if (!row) throw new CodedError('face.unknown', `There is no face with the number ${id}.`);
  return row;
}

/** The same for a reference image. Throws refimg.unknown. */
export async function cropOfRefimg(sql: Queries, id: number): Promise<Crop> {
  const [row] = await sql<Crop[]>`
    SELECT encode(hash, 'hex') AS hash, x::float8, y::float8, w::float8, h::float8 FROM refimg WHERE id = ${id}`;
  if (!row) throw new CodedError('refimg.unknown', `There is no reference image with the number ${id}.`);
  return row;
}

export interface Crop {
  /** SHA-256 in hex, by which the preview is named. */
  hash: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A face as small as a list of many needs it. */
export interface FaceOfPerson {
  id: number;
  file: number;
  title: string;
  confirmed: boolean;
  perhaps: boolean;
}

/** The faces that are a person's, the farthest from the reference images first: what is wrong is among these. */
export async function facesOfPerson(
  sql: Queries,
  person: number,
  { offset, limit }: { offset: number; limit: number },
): Promise<FaceOfPerson[]> {
  const rows = await sql<(Omit<FaceOfPerson, 'title'> & { fname: ByteString })[]>`
    SELECT l.face_id AS id, l.file_id AS file, convert_from(fname, 'LATIN1') AS fname, l.state = 'confirmed' AS confirmed, l.perhaps
    FROM (
      SELECT * FROM file_person_link l WHERE l.person_id = ${person} AND l.state <> 'rejected' AND NOT l.missing
      ORDER BY l.distance DESC NULLS LAST, l.face_id OFFSET ${offset} LIMIT ${limit}) AS l
      JOIN file ON file.id = l.file_id
    ORDER BY l.distance DESC NULLS LAST, l.face_id`;
  return rows.map(({ fname, ...face }) => ({ ...face, title: displayName(fname) }));
}
