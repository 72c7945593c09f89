import type { DistanceCounts, Distances } from '../model/distances.ts';
import { iso, type Database, type Queries } from './database.ts';

/** A face whose person somebody told: a confirmed one, or a reference image. */
export interface KnownFace {
  person: number;
  /** SHA-256 of the picture, in hex. */
  hash: string;
  x: number;
  y: number;
  w: number;
  h: number;
  /** 128 float32, little endian. */
  descriptor: Buffer;
}

/** How many faces are known, and a text that is another one whenever these, or what they look like, changed. */
export async function whatIsKnown(sql: Queries): Promise<{ faces: number; known: string }> {
  const [row] = await sql<{ faces: number; known: string }[]>`
    SELECT (confirmed.count + refimgs.count)::int AS faces,
           concat_ws(' ', confirmed.count, confirmed.sum, confirmed.max, confirmed.scan, refimgs.count, refimgs.sum) AS known
    FROM (SELECT count(*), sum(face_id::bigint * 31 + person_id), max(at), max(face.ai_scan_id) AS scan
          FROM file_person_link l JOIN face ON face.id = l.face_id WHERE l.state = 'confirmed') AS confirmed,
         (SELECT count(*), sum(id::bigint * 31 + person_id) FROM refimg WHERE active) AS refimgs`;
  return row ?? { faces: 0, known: '' };
}

/**
 * At most `limit` of the known faces, as many of each person as there is room for, always the same ones. A reference image
 * chosen from a face that is confirmed is told once.
 */
export async function knownFaces(sql: Queries, limit: number): Promise<KnownFace[]> {
  return await sql<KnownFace[]>`
    WITH known AS (
      SELECT person_id, face_id, NULL::int AS refimg_id FROM file_person_link WHERE state = 'confirmed'
      UNION ALL
      SELECT person_id, NULL, id FROM refimg WHERE active AND NOT EXISTS (
        SELECT FROM file_person_link l WHERE (l.face_id, l.person_id) = (refimg.face_id, refimg.person_id) AND l.state = 'confirmed')
    ), chosen AS (
      -- The digest mixes the days: faces of one afternoon have numbers that follow each other.
      SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY md5(concat(face_id, ' ', refimg_id))) AS turn FROM known
      ORDER BY turn, person_id LIMIT ${limit}
    )
    SELECT chosen.person_id AS person, encode(coalesce(file.faces_hash, file.hash, refimg.hash), 'hex') AS hash,
           coalesce(face.x, refimg.x)::float8 AS x, coalesce(face.y, refimg.y)::float8 AS y,
           coalesce(face.w, refimg.w)::float8 AS w, coalesce(face.h, refimg.h)::float8 AS h,
           coalesce(face.descriptor, refimg.descriptor) AS descriptor
    FROM chosen LEFT JOIN face ON face.id = chosen.face_id LEFT JOIN file ON file.id = face.file_id
         LEFT JOIN refimg ON refimg.id = chosen.refimg_id
    ORDER BY turn, chosen.person_id`;
}

export interface MeasuredPerson extends DistanceCounts {
  /** Null: everybody. */
  person: number | null;
  samples: number;
}

/** Replaces what was measured before, in one transaction. */
export async function storeDistances(
  sql: Database,
  { known, people, measured }: { known: string; people: number; measured: readonly MeasuredPerson[] },
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`DELETE FROM face_distance`;
    for (const { person, samples, same, different } of measured) {
      // A person may have been deleted since the faces were read.
      await tx`
        INSERT INTO face_distance (person_id, known, samples, people, same, different)
        SELECT ${person}, ${known}, ${samples}, ${people}, ${same}, ${different}
        WHERE ${person}::int IS NULL OR EXISTS (SELECT FROM person WHERE id = ${person})`;
    }
  });
}

export type StoredDistances = Omit<Distances, 'outdated'>;

const columns = (sql: Queries) => sql`${iso(sql, 'face_distance.at')} AS at, samples, people, same, different`;

/** What was measured last of everybody, and whether something is known now that was not then; null where nothing was. */
export async function readDistances(sql: Queries): Promise<{ everybody: StoredDistances; known: string } | null> {
  const [row] = await sql<(StoredDistances & { known: string })[]>`
    SELECT ${columns(sql)}, known FROM face_distance WHERE person_id IS NULL`;
  if (!row) return null;
  const { known, ...everybody } = row;
  return { everybody, known };
}

/** What was measured of each person who has such faces, by name. */
export async function distancesOfPeople(
  sql: Queries,
): Promise<(StoredDistances & { person: number; name: string; threshold: number | null })[]> {
  return await sql`
    SELECT ${columns(sql)}, person.id AS person, person.name, person.threshold
    FROM face_distance JOIN person ON person.id = face_distance.person_id ORDER BY lower(person.name)`;
}
