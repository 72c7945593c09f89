import { CodedError } from '../model/errors.ts';
import { displayName, type ByteString } from '../model/names.ts';
import type { Refimg } from '../model/people.ts';
import { qualityOf } from '../model/refimg-quality.ts';
import type { Database, Queries } from './database.ts';
import { holdingPeople } from './hold-people.ts';
import { holdPerson } from './said.ts';

/** A reference image as matching needs it. */
export interface ActiveRefimg {
  refimg: number;
  person: number;
  /** 128 float32, little endian. */
  descriptor: Buffer;
}

/** The reference images that are switched on, of some persons or of all. */
export async function activeRefimgs(sql: Queries, persons: readonly number[] | null): Promise<ActiveRefimg[]> {
  return await sql<ActiveRefimg[]>`
    SELECT id AS refimg, person_id AS person, descriptor FROM refimg
    WHERE active ${persons === null ? sql`` : sql`AND person_id = ANY (${persons})`} ORDER BY id`;
}

export interface NewRefimg {
  person: number;
  /** The face of a photo it is, where it was not uploaded. */
  face: number | null;
  /** SHA-256 of the picture it is cut from. */
  hash: Buffer;
  title: string;
  x: number;
  y: number;
  w: number;
  h: number;
  size: number;
  sharpness: number;
  foundBy: 'detector' | 'margin' | 'border' | 'assumed' | 'by hand';
  /** 68 times x and y, 16 bit unsigned. */
  landmarks: Buffer;
  descriptor: Buffer;
}

/** Adds a reference image; the same place of the same picture again changes nothing. @returns its number. Throws person.unknown. */
export async function addRefimg(sql: Database, r: NewRefimg): Promise<number> {
  return await sql.begin(async (tx) => {
    await holdPerson(tx, r.person);
    const [row] = await tx<{ id: number }[]>`
      INSERT INTO refimg (person_id, face_id, hash, title, x, y, w, h, size, sharpness, found_by, landmarks, descriptor)
      VALUES (${r.person}, ${r.face}, ${r.hash}, ${r.title}, ${r.x}, ${r.y}, ${r.w}, ${r.h}, ${r.size}, ${r.sharpness}, ${r.foundBy}, ${r.landmarks}, ${r.descriptor})
      ON CONFLICT (person_id, hash, x, y) DO UPDATE SET face_id = coalesce(excluded.face_id, refimg.face_id) RETURNING id`;
    if (!row) throw new Error('A reference image that was added has no number.');
    return row.id;
  });
}

/** Takes a face of a photo as a reference image. @returns its number. Throws face.unknown, person.unknown. */
export async function addFaceAsRefimg(sql: Database, person: number, face: number): Promise<number> {
  return await sql.begin(async (tx) => {
    await holdPerson(tx, person);
    const [known] = await tx<{ fname: ByteString }[]>`
      SELECT convert_from(file.fname, 'LATIN1') AS fname FROM face JOIN file ON file.id = face.file_id WHERE face.id = ${face}`;
    const [row] = known
      ? await tx<{ id: number }[]>`
          INSERT INTO refimg (person_id, face_id, hash, title, x, y, w, h, size, sharpness, found_by, landmarks, descriptor)
          SELECT ${person}, face.id, coalesce(file.faces_hash, file.hash), ${displayName(known.fname)},
                 face.x, face.y, face.w, face.h, face.size, face.sharpness,
                 CASE WHEN face.by_hand THEN 'by hand' ELSE 'detector' END, face.landmarks, face.descriptor
          FROM face JOIN file ON file.id = face.file_id WHERE face.id = ${face}
          ON CONFLICT (person_id, hash, x, y) DO UPDATE SET face_id = excluded.face_id, active = true RETURNING id`
      : [];
    if (!row) throw new CodedError('face.unknown', `There is no face with the number ${face}.`);
    return row.id;
  });
}

/** Switches a reference image on or off. Throws refimg.unknown. */
export async function switchRefimg(sql: Queries, id: number, active: boolean): Promise<void> {
  const changed = await sql`UPDATE refimg SET active = ${active} WHERE id = ${id} RETURNING id`;
  if (changed.length === 0) throw unknown(id);
}

/** Whose reference image it is. Throws refimg.unknown. */
export async function personOfRefimg(sql: Queries, id: number): Promise<number> {
  const [row] = await sql<{ person: number }[]>`SELECT person_id AS person FROM refimg WHERE id = ${id}`;
  if (!row) throw unknown(id);
  return row.person;
}

/** Names that rest on it stay until the person is looked for again. Throws refimg.unknown. */
export async function deleteRefimg(sql: Database, id: number): Promise<void> {
  await holdingPeople(sql, { persons: [], refimgs: [id] }, async (tx) => {
    const deleted = await tx`DELETE FROM refimg WHERE id = ${id} RETURNING id`;
    if (deleted.length === 0) throw unknown(id);
  });
}

const unknown = (id: number) => new CodedError('refimg.unknown', `There is no reference image with the number ${id}.`);

/**
 * A person's reference images, the best first, with what rests on each: names it is the nearest for, and of these those that
 * would go without it, for no other one of the person is near enough by the threshold in force now.
 */
export async function listRefimgs(sql: Queries, person: number, generalThreshold: number): Promise<Refimg[]> {
  const rows = await sql<(Omit<Refimg, 'quality'> & { landmarks: Buffer | null })[]>`
    SELECT refimg.id, refimg.person_id AS person, face_id AS face, face.file_id AS file, title, refimg.size::int,
           round(refimg.sharpness::numeric, 1)::float8 AS sharpness, found_by AS "foundBy", active,
           coalesce(matched.matches, 0) AS matches, coalesce(matched.alone, 0) AS alone, refimg.landmarks
    FROM refimg LEFT JOIN face ON face.id = refimg.face_id LEFT JOIN (
      SELECT l.refimg_id, count(*)::int AS matches,
             (count(*) FILTER (WHERE n.without IS NULL OR n.without > coalesce(own.threshold, ${generalThreshold})))::int AS alone
      FROM person own JOIN file_person_link l ON l.person_id = own.id LEFT JOIN likeness n ON n.person_id = l.person_id AND n.face_id = l.face_id
      WHERE own.id = ${person} AND l.person_id = ${person} AND l.state <> 'rejected' AND l.state = 'auto' AND NOT l.perhaps
      GROUP BY l.refimg_id) AS matched ON matched.refimg_id = refimg.id
    WHERE refimg.person_id = ${person}
    ORDER BY active DESC, refimg.size DESC, refimg.id`;
  return rows.map(({ landmarks, ...row }) => ({ ...row, quality: qualityOf({ ...row, landmarks }) }));
}
