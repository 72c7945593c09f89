import { CodedError } from '../model/errors.ts';
import type { Database } from './database.ts';
import { holdingPeople } from './hold-people.ts';
import { confirmFaces } from './said.ts';

export interface Split {
  faces: readonly number[];
  refimgs: readonly number[];
}

/**
 * Moves faces and reference images of one person to another, in one transaction: the faces are confirmed as the other,
 * whatever they were, and the reference images that are cut from them go along. A face that is not of the first person any
 * more stays as it is. @returns how many moved. Throws person.unknown.
 */
export async function splitPerson(
  sql: Database,
  { from, into }: { from: number; into: number },
  { faces, refimgs }: Split,
): Promise<{ faces: number; refimgs: number }> {
  return await holdingPeople(sql, { persons: [from, into] }, async (tx) => {
    const both = await tx`SELECT FROM person WHERE id IN (${from}, ${into})`;
    if (both.length !== 2)
      throw new CodedError('person.unknown', 'Faces go from one person to another; one is not there.');
    const moving = await tx<{ id: number; file: number }[]>`
      SELECT face_id AS id, face.file_id AS file FROM file_person_link JOIN face ON face.id = face_id
      WHERE person_id = ${from} AND state <> 'rejected' AND face_id = ANY (${faces}) ORDER BY face_id`;
    const ids = moving.map((face) => face.id);
    await confirmFaces(tx, ids, into);
    const moved = await tx`
      UPDATE refimg SET person_id = ${into} WHERE person_id = ${from} AND (id = ANY (${refimgs}) OR face_id = ANY (${ids}))
        AND NOT EXISTS (
          SELECT FROM refimg other WHERE other.person_id = ${into} AND (other.hash, other.x, other.y) = (refimg.hash, refimg.x, refimg.y))
      RETURNING id`;
    // The other one has these already.
    const same = await tx`
      DELETE FROM refimg WHERE person_id = ${from} AND (id = ANY (${refimgs}) OR face_id = ANY (${ids})) RETURNING id`;
    return { faces: ids.length, refimgs: moved.length + same.length };
  });
}
