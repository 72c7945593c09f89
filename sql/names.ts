import type { Database, Queries } from './database.ts';

/** A file's faces, with all that decides who they are. */
export interface FileToName {
  id: number;
  faces: { id: number; size: number; cut: boolean; marked: boolean; descriptor: Buffer }[];
  /** What people said; no scan changes it. */
  said: { face: number; person: number; state: 'confirmed' | 'rejected' }[];
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

/** The numbers of a page of a dir's files with faces, after the number `after`; only those with an unidentified one, or all. */
export async function filesWithFaces(
  sql: Queries,
  dir: number,
  { all, after, limit }: { all: boolean; after: number; limit: number },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT id FROM file WHERE dir_id = ${dir} AND id > ${after} AND missing_since IS NULL
      ${all ? sql`AND num_faces > 0` : sql`AND has_unidentified_face`} ORDER BY id LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/**
 * Names the faces of some files anew, in one transaction that holds them: `liken` gives the likenesses of the faces to
 * the persons that are looked for, which replace those that were stored; `name` chooses from these and from those to other
 * persons. What people said is never touched. @returns how many names there are now, and how many changed
 */
export async function nameFiles(
  sql: Database,
  { files, persons, scan }: { files: readonly number[]; persons: readonly number[]; scan: number },
  liken: (faces: FileToName['faces']) => NewLikeness[],
  name: (file: FileToName, likenesses: readonly Likeness[]) => NewName[],
): Promise<{ names: number; changed: number }> {
  return await sql.begin(async (tx) => {
    await tx`SELECT FROM file WHERE id = ANY (${files}) ORDER BY id FOR UPDATE`;
    const toName = await read(tx, files);
    const faces = toName.flatMap((file) => file.faces);
    await storeLikenesses(
      tx,
      faces.map((face) => face.id),
      persons,
      liken(faces),
    );
    const stored = await tx<(Likeness & { file: number })[]>`
      SELECT file_id AS file, face_id AS face, person_id AS person, refimg_id AS refimg, distance
      FROM likeness JOIN face ON face.id = face_id WHERE file_id = ANY (${files})`;
    const byFile = Map.groupBy(stored, (likeness) => likeness.file);
    const names = toName.flatMap((file) => name(file, byFile.get(file.id) ?? []));
    const changed = await storeNames(
      tx,
      scan,
      faces.map((face) => face.id),
      names,
    );
    return { names: names.length, changed };
  });
}

async function read(tx: Queries, files: readonly number[]): Promise<FileToName[]> {
  const faces = await tx<(FileToName['faces'][number] & { file: number })[]>`
    SELECT file_id AS file, id, size, cut, marked IS NOT NULL AS marked, descriptor FROM face
    WHERE file_id = ANY (${files}) ORDER BY id`;
  const said = await tx<(FileToName['said'][number] & { file: number })[]>`
    SELECT file_id AS file, face_id AS face, person_id AS person, state
    FROM file_person_link JOIN face ON face.id = face_id WHERE file_id = ANY (${files}) AND state <> 'auto'`;
  const facesOf = Map.groupBy(faces, (face) => face.file);
  const saidOf = Map.groupBy(said, (each) => each.file);
  return [...facesOf].map(([id, its]) => ({ id, faces: its, said: saidOf.get(id) ?? [] }));
}

async function storeLikenesses(
  tx: Queries,
  faces: readonly number[],
  persons: readonly number[],
  likenesses: readonly NewLikeness[],
): Promise<void> {
  const asked = JSON.stringify(likenesses);
  await tx`
    DELETE FROM likeness WHERE face_id = ANY (${faces}) AND person_id = ANY (${persons}) AND (face_id, person_id) NOT IN (
      SELECT face, person FROM jsonb_to_recordset(${asked}::text::jsonb) AS u (face int, person int))`;
  await tx`
    INSERT INTO likeness (face_id, person_id, refimg_id, distance, without)
    SELECT face, person, refimg, distance, without
    FROM jsonb_to_recordset(${asked}::text::jsonb) AS u (face int, person int, refimg int, distance real, without real)
    -- A reference image may have been deleted since it was read.
    WHERE EXISTS (SELECT FROM refimg WHERE refimg.id = u.refimg)
    ON CONFLICT (face_id, person_id) DO UPDATE SET refimg_id = excluded.refimg_id, distance = excluded.distance, without = excluded.without
    WHERE (likeness.refimg_id, likeness.distance, likeness.without)
      IS DISTINCT FROM (excluded.refimg_id, excluded.distance, excluded.without)`;
}

/** Only what differs is written: a scan that changes nothing leaves no trace. */
async function storeNames(
  tx: Queries,
  scan: number,
  faces: readonly number[],
  names: readonly NewName[],
): Promise<number> {
  const rows = JSON.stringify(
    names.map(({ runnerUp, ...each }) => ({
      ...each,
      runner_up: runnerUp?.person ?? null,
      runner_up_distance: runnerUp?.distance ?? null,
    })),
  );
  const gone = await tx`
    DELETE FROM file_person_link WHERE face_id = ANY (${faces}) AND state = 'auto' AND (face_id, person_id) NOT IN (
      SELECT face, person FROM jsonb_to_recordset(${rows}::text::jsonb) AS u (face int, person int)) RETURNING 1`;
  const written = await tx`
    INSERT INTO file_person_link (face_id, person_id, state, perhaps, distance, threshold, refimg_id, runner_up_id, runner_up_distance, ai_scan_id)
    SELECT face, person, 'auto', perhaps, distance, threshold, refimg, runner_up, runner_up_distance, ${scan}
    FROM jsonb_to_recordset(${rows}::text::jsonb) AS u (
      face int, person int, perhaps boolean, distance real, threshold real, refimg int, runner_up int, runner_up_distance real)
    ON CONFLICT (face_id, person_id) DO UPDATE SET perhaps = excluded.perhaps, distance = excluded.distance,
      threshold = excluded.threshold, refimg_id = excluded.refimg_id, runner_up_id = excluded.runner_up_id,
      runner_up_distance = excluded.runner_up_distance, ai_scan_id = excluded.ai_scan_id, at = now()
    WHERE file_person_link.state = 'auto' AND (file_person_link.perhaps, file_person_link.distance, file_person_link.threshold,
        file_person_link.refimg_id, file_person_link.runner_up_id, file_person_link.runner_up_distance)
      IS DISTINCT FROM (excluded.perhaps, excluded.distance, excluded.threshold, excluded.refimg_id, excluded.runner_up_id, excluded.runner_up_distance)
    RETURNING 1`;
  return gone.length + written.length;
}
