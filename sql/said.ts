import { CodedError } from '../model/errors.ts';
import type { Database, Queries } from './database.ts';
import { unknownFace } from './face-groups.ts';
import { readStoredSettings } from './settings.ts';

/**
 * A person's word on a face: it is this person. Whatever else was thought of the face goes; what was rejected stays so.
 * Throws face.unknown, person.unknown.
 */
export async function confirmName(sql: Database, face: number, person: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
    await holdPerson(tx, person);
    await confirmFaces(tx, [face], person);
  });
}

/**
 * The same for some faces, in a transaction that holds their files. Where nobody is in a photo twice, another face of the
 * photo that a scan took for this person loses the name.
 */
export async function confirmFaces(tx: Queries, faces: readonly number[], person: number): Promise<void> {
  const { oncePerPhoto } = await readStoredSettings(tx);
  if (oncePerPhoto) {
    await tx`
      DELETE FROM file_person_link WHERE person_id = ${person} AND state = 'auto' AND face_id IN (
        SELECT other.id FROM face JOIN face other ON other.file_id = face.file_id
        WHERE face.id = ANY (${faces}) AND other.id <> ALL (${faces}))`;
  }
  await tx`DELETE FROM file_person_link WHERE face_id = ANY (${faces}) AND person_id <> ${person} AND state <> 'rejected'`;
  await tx`UPDATE face SET marked = NULL WHERE id = ANY (${faces}) AND marked IS NOT NULL`;
  await tx`
    INSERT INTO file_person_link (face_id, person_id, state) SELECT id, ${person}, 'confirmed' FROM face WHERE id = ANY (${faces})
    ON CONFLICT (face_id, person_id) DO UPDATE SET state = 'confirmed', perhaps = false, at = now()`;
}

/** It is not this person, and no scan says so again. Throws face.unknown, person.unknown. */
export async function rejectName(sql: Database, face: number, person: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
    await holdPerson(tx, person);
    await tx`
      INSERT INTO file_person_link (face_id, person_id, state) VALUES (${face}, ${person}, 'rejected')
      ON CONFLICT (face_id, person_id) DO UPDATE SET state = 'rejected', perhaps = false, at = now()`;
  });
}

/** Takes a person's word back: the next scan may think what it likes. */
export async function unsayName(sql: Database, face: number, person: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
    await tx`DELETE FROM file_person_link WHERE face_id = ${face} AND person_id = ${person} AND state <> 'auto'`;
  });
}

export type Mark = 'not a face' | 'ignored';

/** Sets a face aside: it is none, or nobody's business. Null takes that back. */
export async function markFace(sql: Database, face: number, mark: Mark | null): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
    await tx`UPDATE face SET marked = ${mark} WHERE id = ${face}`;
    if (mark !== null) await tx`DELETE FROM file_person_link WHERE face_id = ${face} AND state <> 'rejected'`;
  });
}

/** What scans and people say of the faces of a file comes one after another: each holds the file first. Throws face.unknown. */
async function holdFile(tx: Queries, face: number): Promise<void> {
  await tx`SELECT FROM file WHERE id = (SELECT file_id FROM face WHERE id = ${face}) FOR UPDATE`;
  const known = await tx`SELECT FROM face WHERE id = ${face}`;
  if (known.length === 0) throw noSuchFace(face);
}

/** Nobody takes the person away until the end of the transaction. Throws person.unknown. */
export async function holdPerson(tx: Queries, person: number): Promise<void> {
  const known = await tx`SELECT FROM person WHERE id = ${person} FOR KEY SHARE`;
  if (known.length === 0) throw new CodedError('person.unknown', `There is no person with the number ${person}.`);
}

const noSuchFace = (id: number) => new CodedError('face.unknown', `There is no face with the number ${id}.`);

/** Faces of one transaction. */
const together = 500;

/**
 * A person's word on many faces at once: they are this person. Only those without a name are meant: a face that got one
 * meanwhile keeps it, and one that was said not to be this person stays so. @returns the faces that got the name
 * Throws person.unknown.
 */
export async function confirmNames(sql: Database, faces: readonly number[], person: number): Promise<number[]> {
  return await inTurn(sql, faces, async (tx, some) => {
    await holdPerson(tx, person);
    const named = await tx<{ id: number }[]>`
      SELECT face.id FROM face WHERE face.id = ANY (${some}) AND ${unknownFace(tx)} AND NOT EXISTS (
        SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.person_id = ${person} AND l.state = 'rejected')`;
    const ids = named.map((row) => row.id);
    await confirmFaces(tx, ids, person);
    return ids;
  });
}

/** Sets many faces aside, those of them that have no name. @returns the faces that were */
export async function markFaces(sql: Database, faces: readonly number[], mark: Mark): Promise<number[]> {
  return await inTurn(sql, faces, async (tx, some) => {
    const marked = await tx<{ id: number }[]>`
      UPDATE face SET marked = ${mark} WHERE id = ANY (${some}) AND ${unknownFace(tx)} RETURNING id`;
    const ids = marked.map((row) => row.id);
    await tx`DELETE FROM file_person_link WHERE face_id = ANY (${ids}) AND state <> 'rejected'`;
    return ids;
  });
}

/** Some faces after the other, each time holding their files, in the order in which scans hold them. */
async function inTurn(
  sql: Database,
  faces: readonly number[],
  say: (tx: Queries, faces: number[]) => Promise<number[]>,
): Promise<number[]> {
  const done: number[] = [];
  for (let i = 0; i < faces.length; i += together) {
    const some = faces.slice(i, i + together);
    done.push(
      ...(await sql.begin(async (tx) => {
        await tx`SELECT FROM file WHERE id IN (SELECT file_id FROM face WHERE id = ANY (${some})) ORDER BY id FOR UPDATE`;
        return await say(tx, some);
      })),
    );
  }
  return done;
}
