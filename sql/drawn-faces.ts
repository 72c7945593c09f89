import { CodedError } from '../model/errors.ts';
import type { Database, Queries } from './database.ts';
import type { NewFace } from './face-search.ts';
import { confirmFaces, holdPerson } from './said.ts';
import { readStoredSettings } from './settings.ts';

/** A face of a file with what people said of it. */
export interface KnownFace {
  id: number;
  x: number;
  y: number;
  w: number;
  h: number;
  marked: boolean;
  /** Who a person said it is. */
  confirmed: number | null;
  rejected: number[];
}

/** Somebody's face at some place, by a person's word. */
export interface NamedPlace {
  person: number;
  /** What was seen there; null: nobody looked, for there is a face already. */
  seen: NewFace | null;
}

/**
 * What became of it: a known face got the name, or had it; a new face was made; or nothing, for it would be against what a
 * person said, or there is no face and nobody looked.
 */
export type Outcome = 'named' | 'drawn' | 'known' | 'against a word' | 'not there';

/**
 * Confirms names at places of a file, in one transaction that holds the file. `match` says which of its faces each place is
 * of. @param overrule a word of now, before which earlier words give way. Throws file.unknown, person.unknown.
 */
export async function namePlaces(
  sql: Database,
  { file, scan, places, overrule }: { file: number; scan: number; places: readonly NamedPlace[]; overrule: boolean },
  match: (faces: readonly KnownFace[]) => readonly (number | null)[],
): Promise<Outcome[]> {
  return await sql.begin(async (tx) => {
    const held = await tx`SELECT FROM file WHERE id = ${file} FOR UPDATE`;
    if (held.length === 0) throw new CodedError('file.unknown', `There is no file with the number ${file}.`);
    const { oncePerPhoto } = await readStoredSettings(tx);
    const faces = await knownFaces(tx, file);
    const matches = match(faces);
    const outcomes: Outcome[] = [];
    for (const [i, { person, seen }] of places.entries()) {
      await holdPerson(tx, person);
      const at = matches[i] ?? null;
      const face = at === null ? null : (faces[at] ?? null);
      const elsewhere = oncePerPhoto && faces.some((other) => other.confirmed === person && other !== face);
      outcomes.push(await nameOne(face, person, seen, elsewhere));
    }
    return outcomes;

    async function nameOne(
      face: KnownFace | null,
      person: number,
      seen: NewFace | null,
      elsewhere: boolean,
    ): Promise<Outcome> {
      if (face?.confirmed === person) return 'known';
      if (!overrule) {
        const said = face !== null && (face.marked || face.confirmed !== null || face.rejected.includes(person));
        if (said || elsewhere) return 'against a word';
      }
      if (face === null && seen === null) return 'not there';
      const id = face?.id ?? (seen && (await insertDrawn(tx, file, scan, seen)));
      if (id === null) return 'not there';
      await confirmFaces(tx, [id], person);
      if (face) face.confirmed = person;
      return face ? 'named' : 'drawn';
    }
  });
}

/** The faces of a file, from the first one found to the last. */
export async function knownFaces(sql: Queries, file: number): Promise<KnownFace[]> {
  return await sql<KnownFace[]>`
    SELECT id, x::float8, y::float8, w::float8, h::float8, marked IS NOT NULL AS marked,
      (SELECT person_id FROM file_person_link l WHERE l.face_id = face.id AND l.state = 'confirmed') AS confirmed,
      ARRAY(SELECT person_id FROM file_person_link l WHERE l.face_id = face.id AND l.state = 'rejected') AS rejected
    FROM face WHERE file_id = ${file} ORDER BY id`;
}

async function insertDrawn(tx: Queries, file: number, scan: number, face: NewFace): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    INSERT INTO face (file_id, ai_scan_id, x, y, w, h, size, score, sharpness, cut, by_hand, landmarks, descriptor, sketch)
    VALUES (${file}, ${scan}, ${face.x}, ${face.y}, ${face.w}, ${face.h}, ${face.size}, ${face.score}, ${face.sharpness},
            ${face.cut}, true, ${face.landmarks}, ${face.descriptor}, ${face.sketch}) RETURNING id`;
  if (!row) throw new Error('A face that was drawn has no number.');
  return row.id;
}
