import type { Database, Queries } from './database.ts';
import {
  storeNames,
  type Differences,
  type Likeness,
  type NewLikeness,
  type NewName,
  type Pair,
} from './store-names.ts';

/** A file's faces, with all that decides who they are. */
export interface FileToName {
  id: number;
  faces: FaceToName[];
  /** What people said; no scan changes it. */
  said: { face: number; person: number; state: 'confirmed' | 'rejected' }[];
}

export interface FaceToName {
  id: number;
  size: number;
  cut: boolean;
  marked: boolean;
}

export interface NameOrder {
  files: readonly number[];
  /** Whose likenesses are found anew; those to others stay. */
  persons: readonly number[];
  scan: number;
  /** The likenesses of some faces to the persons that are looked for; asked again while the files are held. */
  liken: (sql: Queries, faces: readonly number[]) => Promise<NewLikeness[]>;
  /** Chooses the names of a file from the likenesses to all persons. */
  name: (file: FileToName, likenesses: readonly Likeness[]) => NewName[];
}

/**
 * Names the faces of some files anew. What people said is never touched, and only what differs is written: a scan that
 * changes nothing leaves no trace. @returns how many names there are now, and how many changed in which file
 */
export async function nameFiles(
  sql: Database,
  order: NameOrder,
): Promise<{ names: number; changed: Map<number, number> }> {
  // Most files stay as they are: they are not held for that.
  const { names, differences } = await decide(sql, order);
  if (differences.length === 0) return { names, changed: new Map() };
  const files = differences.map((each) => each.file);
  return await sql.begin(async (tx) => {
    await tx`SELECT FROM file WHERE id = ANY (${files}) ORDER BY id FOR UPDATE`;
    const held = (await decide(tx, { ...order, files })).differences;
    await storeNames(tx, order.scan, held);
    const changes = held.map(({ file, names: { put, drop } }) => [file, put.length + drop.length] as const);
    return { names, changed: new Map(changes.filter(([, count]) => count > 0)) };
  });
}

async function decide(
  sql: Queries,
  { files, persons, liken, name }: NameOrder,
): Promise<{ names: number; differences: Differences[] }> {
  const asked = new Set(persons);
  let names = 0;
  const differences: Differences[] = [];
  for (const file of await read(sql, files, liken)) {
    const [before, others] = [file.likenesses.filter(isAsked), file.likenesses.filter((each) => !isAsked(each))];
    const chosen = name(file, [...file.found, ...others]);
    names += chosen.length;
    const likenesses = {
      put: file.found.filter(unlessIn(before, sameLikeness)),
      drop: before.filter(unlessIn(file.found, samePair)),
    };
    const named = {
      put: chosen.filter(unlessIn(file.names, sameName)),
      drop: file.names.filter(unlessIn(chosen, samePair)),
    };
    if (likenesses.put.length + likenesses.drop.length + named.put.length + named.drop.length > 0) {
      differences.push({ file: file.id, likenesses, names: named });
    }
  }
  return { names, differences };

  function isAsked({ person }: Pair): boolean {
    return asked.has(person);
  }
}

const unlessIn =
  <A, B>(those: readonly B[], same: (one: A, other: B) => boolean) =>
  (one: A): boolean =>
    !those.some((other) => same(one, other));

const samePair = (a: Pair, b: Pair): boolean => a.face === b.face && a.person === b.person;
/** The database keeps distances as float32. */
const equal = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.fround(a) === Math.fround(b);
const sameLikeness = (a: NewLikeness, b: NewLikeness): boolean =>
  samePair(a, b) && a.refimg === b.refimg && equal(a.distance, b.distance) && equal(a.without, b.without);
/** The threshold is not a difference: a name keeps the one of the scan that gave it. */
const sameName = (a: NewName, b: StoredName): boolean =>
  samePair(a, b) &&
  a.perhaps === b.perhaps &&
  a.refimg === b.refimg &&
  equal(a.distance, b.distance) &&
  (a.runnerUp?.person ?? null) === b.runnerUp &&
  equal(a.runnerUp?.distance ?? null, b.runnerUpDistance);

/** A name that an earlier scan gave. */
interface StoredName extends Pair {
  perhaps: boolean;
  refimg: number | null;
  distance: number | null;
  runnerUp: number | null;
  runnerUpDistance: number | null;
}

type StoredFile = FileToName & {
  likenesses: NewLikeness[];
  names: StoredName[];
  /** What its likenesses to the persons that are looked for are now. */
  found: NewLikeness[];
};

async function read(sql: Queries, files: readonly number[], liken: NameOrder['liken']): Promise<StoredFile[]> {
  const faces = await sql<(FaceToName & { file: number })[]>`
    SELECT file_id AS file, id, size, cut, marked IS NOT NULL AS marked FROM face
    WHERE file_id = ANY (${files}) ORDER BY id`;
  const fileOf = new Map(faces.map((face) => [face.id, face.file]));
  const byFile = <T extends { face: number }>(rows: readonly T[]) =>
    Map.groupBy(rows, (row) => fileOf.get(row.face) ?? 0);
  // By their numbers: a join would be made by reading all there is, as soon as that is thought to be little.
  const ids = [...fileOf.keys()];
  const [said, likenesses, names, found] = await Promise.all([
    sql<FileToName['said']>`
      SELECT face_id AS face, person_id AS person, state FROM file_person_link WHERE face_id = ANY (${ids}) AND state <> 'auto'`,
    sql<NewLikeness[]>`
      SELECT face_id AS face, person_id AS person, refimg_id AS refimg, distance, without FROM likeness WHERE face_id = ANY (${ids})`,
    sql<StoredName[]>`
      SELECT face_id AS face, person_id AS person, perhaps, refimg_id AS refimg, distance,
        runner_up_id AS "runnerUp", runner_up_distance AS "runnerUpDistance"
      FROM file_person_link WHERE face_id = ANY (${ids}) AND state = 'auto'`,
    liken(sql, ids),
  ]);
  const [saidOf, likenessesOf, namesOf, foundOf] = [byFile(said), byFile(likenesses), byFile(names), byFile(found)];
  return [...Map.groupBy(faces, (face) => face.file)].map(([id, its]) => ({
    id,
    faces: its,
    said: saidOf.get(id) ?? [],
    likenesses: likenessesOf.get(id) ?? [],
    names: namesOf.get(id) ?? [],
    found: foundOf.get(id) ?? [],
  }));
}
