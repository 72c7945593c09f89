import { CodedError } from '../model/errors.ts';
import type { Database, Queries } from './database.ts';
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
  if (known.length === 0) throw unknownFace(face);
}

/** Nobody takes the person away until the end of the transaction. Throws person.unknown. */
export async function holdPerson(tx: Queries, person: number): Promise<void> {
  const known = await tx`SELECT FROM person WHERE id = ${person} FOR KEY SHARE`;
  if (known.length === 0) throw new CodedError('person.unknown', `There is no person with the number ${person}.`);
}

const unknownFace = (id: number) => new CodedError('face.unknown', `There is no face with the number ${id}.`);
