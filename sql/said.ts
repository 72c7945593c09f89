import { CodedError } from '../model/errors.ts';
import type { Database, Queries } from './database.ts';

/** A person's word on a face: it is this person. Whatever else was thought of the face goes; what was rejected stays so. */
export async function confirmName(sql: Database, face: number, person: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
    await tx`DELETE FROM file_person_link WHERE face_id = ${face} AND person_id <> ${person} AND state <> 'rejected'`;
    await tx`UPDATE face SET marked = NULL WHERE id = ${face} AND marked IS NOT NULL`;
    await tx`
      INSERT INTO file_person_link (face_id, person_id, state) VALUES (${face}, ${person}, 'confirmed')
      ON CONFLICT (face_id, person_id) DO UPDATE SET state = 'confirmed', perhaps = false, at = now()`;
  });
}

/** It is not this person, and no scan says so again. */
export async function rejectName(sql: Database, face: number, person: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdFile(tx, face);
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

const unknownFace = (id: number) => new CodedError('face.unknown', `There is no face with the number ${id}.`);
