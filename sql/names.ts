import type { Database, Queries } from './database.ts';

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
  descriptor: Buffer;
}

export interface Likeness {
  face: number;
  person: number;
  refimg: number;
  distance: number;
}

/** A likeness with the distance to the nearest reference image of the person but that one. */
export interface NewLikeness extends Likeness {
  without: number | null;
}

export interface NewName extends Likeness {
  threshold: number;
  runnerUp: { person: number; distance: number } | null;
  perhaps: boolean;
}

export interface NameOrder {
  files: readonly number[];
  /** Whose likenesses are found anew; those to others stay. */
  persons: readonly number[];
  scan: number;
  /** The likenesses of a face to the persons that are looked for. */
  liken: (face: FaceToName) => NewLikeness[];
  /** Chooses the names of a file from the likenesses to all persons. */
  name: (file: FileToName, likenesses: readonly Likeness[]) => NewName[];
}

interface Pair {
  face: number;
  person: number;
}

/** What has to be written for a file, so that what is stored is what was found. */
interface Differences {
  file: number;
  likenesses: { put: NewLikeness[]; drop: Pair[] };
  names: { put: NewName[]; drop: Pair[] };
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
    const { differences: held } = await decide(tx, { ...order, files });
    await storeLikenesses(tx, held);
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
  for (const file of await read(sql, files)) {
    const [before, others] = [file.likenesses.filter(isAsked), file.likenesses.filter((each) => !isAsked(each))];
    const now = file.faces.flatMap(liken);
    const chosen = name(file, [...now, ...others]);
    names += chosen.length;
    const likenesses = {
      put: now.filter(unlessIn(before, sameLikeness)),
      drop: before.filter(unlessIn(now, samePair)),
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
const sameName = (a: NewName, b: StoredName): boolean =>
  samePair(a, b) &&
  a.perhaps === b.perhaps &&
  a.refimg === b.refimg &&
  equal(a.distance, b.distance) &&
  equal(a.threshold, b.threshold) &&
  (a.runnerUp?.person ?? null) === b.runnerUp &&
  equal(a.runnerUp?.distance ?? null, b.runnerUpDistance);

/** A name that an earlier scan gave. */
interface StoredName extends Pair {
  perhaps: boolean;
  refimg: number | null;
  distance: number | null;
  threshold: number | null;
  runnerUp: number | null;
  runnerUpDistance: number | null;
}

type StoredFile = FileToName & { likenesses: NewLikeness[]; names: StoredName[] };

async function read(sql: Queries, files: readonly number[]): Promise<StoredFile[]> {
  const [faces, said, likenesses, names] = await Promise.all([
    sql<(FaceToName & { file: number })[]>`
      SELECT file_id AS file, id, size, cut, marked IS NOT NULL AS marked, descriptor FROM face
      WHERE file_id = ANY (${files}) ORDER BY id`,
    sql<(FileToName['said'][number] & { file: number })[]>`
      SELECT file_id AS file, face_id AS face, person_id AS person, state
      FROM file_person_link JOIN face ON face.id = face_id WHERE file_id = ANY (${files}) AND state <> 'auto'`,
    sql<(NewLikeness & { file: number })[]>`
      SELECT file_id AS file, face_id AS face, person_id AS person, refimg_id AS refimg, distance, without
      FROM likeness JOIN face ON face.id = face_id WHERE file_id = ANY (${files})`,
    sql<(StoredName & { file: number })[]>`
      SELECT file_id AS file, face_id AS face, person_id AS person, perhaps, refimg_id AS refimg, distance, threshold,
        runner_up_id AS "runnerUp", runner_up_distance AS "runnerUpDistance"
      FROM file_person_link JOIN face ON face.id = face_id WHERE file_id = ANY (${files}) AND state = 'auto'`,
  ]);
  const [saidOf, likenessesOf, namesOf] = [byFile(said), byFile(likenesses), byFile(names)];
  return [...byFile(faces)].map(([id, its]) => ({
    id,
    faces: its,
    said: saidOf.get(id) ?? [],
    likenesses: likenessesOf.get(id) ?? [],
    names: namesOf.get(id) ?? [],
  }));
}

const byFile = <T extends { file: number }>(rows: readonly T[]): Map<number, T[]> =>
  Map.groupBy(rows, (row) => row.file);

async function storeLikenesses(tx: Queries, differences: readonly Differences[]): Promise<void> {
  const drop = differences.flatMap(({ likenesses }) => likenesses.drop);
  if (drop.length > 0) {
    await tx`
      DELETE FROM likeness USING unnest(${drop.map((each) => each.face)}::int[], ${drop.map((each) => each.person)}::int[]) AS u (face, person)
      WHERE face_id = u.face AND person_id = u.person`;
  }
  const put = differences.flatMap(({ likenesses }) => likenesses.put);
  if (put.length === 0) return;
  await tx`
    INSERT INTO likeness (face_id, person_id, refimg_id, distance, without)
    SELECT face, person, refimg, distance, without
    FROM jsonb_to_recordset(${JSON.stringify(put)}::text::jsonb) AS u (face int, person int, refimg int, distance real, without real)
    -- A reference image may have been deleted since it was read.
    WHERE EXISTS (SELECT FROM refimg WHERE refimg.id = u.refimg)
    ON CONFLICT (face_id, person_id) DO UPDATE SET refimg_id = excluded.refimg_id, distance = excluded.distance, without = excluded.without`;
}

async function storeNames(tx: Queries, scan: number, differences: readonly Differences[]): Promise<void> {
  const drop = differences.flatMap(({ names }) => names.drop);
  if (drop.length > 0) {
    await tx`
      DELETE FROM file_person_link l USING unnest(${drop.map((each) => each.face)}::int[], ${drop.map((each) => each.person)}::int[]) AS u (face, person)
      WHERE l.face_id = u.face AND l.person_id = u.person AND l.state = 'auto'`;
  }
  const put = differences.flatMap(({ names }) =>
    names.put.map(({ runnerUp, ...each }) => ({
      ...each,
      runner_up: runnerUp?.person ?? null,
      runner_up_distance: runnerUp?.distance ?? null,
    })),
  );
  if (put.length === 0) return;
  await tx`
    INSERT INTO file_person_link (face_id, person_id, state, perhaps, distance, threshold, refimg_id, runner_up_id, runner_up_distance, ai_scan_id)
    SELECT face, person, 'auto', perhaps, distance, threshold, refimg, runner_up, runner_up_distance, ${scan}
    FROM jsonb_to_recordset(${JSON.stringify(put)}::text::jsonb) AS u (
      face int, person int, perhaps boolean, distance real, threshold real, refimg int, runner_up int, runner_up_distance real)
    -- A person or a reference image may have been deleted since it was read.
    WHERE EXISTS (SELECT FROM refimg WHERE refimg.id = u.refimg)
      AND (runner_up IS NULL OR EXISTS (SELECT FROM person WHERE person.id = runner_up))
    ON CONFLICT (face_id, person_id) DO UPDATE SET perhaps = excluded.perhaps, distance = excluded.distance,
      threshold = excluded.threshold, refimg_id = excluded.refimg_id, runner_up_id = excluded.runner_up_id,
      runner_up_distance = excluded.runner_up_distance, ai_scan_id = excluded.ai_scan_id, at = now()
    WHERE file_person_link.state = 'auto'`;
}
