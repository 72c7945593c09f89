import { CodedError } from '../model/errors.ts';
import type { Database, Queries } from './database.ts';
import { unknownFace } from './face-groups.ts';

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
  if (known.length === 0) throw noSuchFace(face);
}

const noSuchFace = (id: number) => new CodedError('face.unknown', `There is no face with the number ${id}.`);

/** Faces of one transaction. */
const together = 500;

/**
 * A person's word on many faces at once: they are this person. Only those without a name are meant: a face that got one
 * meanwhile keeps it, and one that was said not to be this person stays so. @returns the faces that got the name
 */
export async function confirmNames(sql: Database, faces: readonly number[], person: number): Promise<number[]> {
  return await inTurn(sql, faces, async (tx, some) => {
    const named = await tx<{ id: number }[]>`
      SELECT face.id FROM face WHERE face.id = ANY (${some}) AND ${unknownFace(tx)} AND NOT EXISTS (
        SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.person_id = ${person} AND l.state = 'rejected')`;
    const ids = named.map((row) => row.id);
    await tx`DELETE FROM file_person_link WHERE face_id = ANY (${ids}) AND person_id <> ${person} AND state <> 'rejected'`;
    await tx`
      INSERT INTO file_person_link (face_id, person_id, state) SELECT id, ${person}, 'confirmed' FROM unnest(${ids}::int[]) AS id
      ON CONFLICT (face_id, person_id) DO UPDATE SET state = 'confirmed', perhaps = false, at = now()`;
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
