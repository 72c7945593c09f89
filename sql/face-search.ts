import type { FaceSearch } from '../model/face-scans.ts';
import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';

/** A picture in which faces have still to be looked for. */
export interface UnsearchedFile {
  id: number;
  /** SHA-256: its preview is named by it. */
  hash: Buffer;
  /** The original is larger than the preview by so much that more faces may be seen in it. */
  hasLarger: boolean;
  /** Faces were looked for in the preview, and are to be looked for in a larger version. */
  wantsLarger: boolean;
}

/** A face as it is stored. Places are in shares of the upright picture's sides. */
export interface NewFace {
  x: number;
  y: number;
  w: number;
  h: number;
  /** Longer side in pixels of the picture that was looked at. */
  size: number;
  score: number;
  sharpness: number;
  cut: boolean;
  /** 68 times x and y, 16 bit unsigned. */
  landmarks: Buffer;
  /** 128 float32, little endian. */
  descriptor: Buffer;
  /** The descriptor in 128 bytes. */
  sketch: Buffer;
}

export interface SearchedFile {
  id: number;
  hash: Buffer;
  faces: NewFace[];
  error: { code: string; message: string } | null;
  /** It is a crowd of which there will be a larger version: its faces are looked for in that, and stay as they are until then. */
  wantsLarger: boolean;
}

/** What is known of a face that an earlier scan found. */
export interface EarlierFace {
  id: number;
  x: number;
  y: number;
  w: number;
  h: number;
  /** A person drew it, or said something of it: it stays, whatever a scan finds. */
  kept: boolean;
  /** The bytes are others than those it was found in. */
  ofOtherBytes: boolean;
  descriptor: Buffer;
}

/** What becomes of a file's faces: those found again keep their number, and with it all names. */
export interface FaceChanges {
  update: { id: number; face: NewFace }[];
  insert: NewFace[];
  remove: number[];
}

/** Longest side in pixels of an original in which more can be seen than in its preview of 1440. */
const muchLarger = 2000;

/** Which pictures are looked at beside those in which faces were not looked for yet. */
export interface Rescan {
  /** Number of an `ai_scan`: pictures of a later one are done. */
  before: number;
  /** Only pictures that were searched in another way than this one. */
  unlike?: FaceSearch;
}

/** Faces are still to be looked for in a picture, for the first time or by the rescan. */
export const due = (sql: Queries, rescan: Rescan | null) => sql`
  file.type = 'image' AND file.missing_since IS NULL AND file.read_at IS NOT NULL
  AND (file.faces_hash IS DISTINCT FROM file.hash OR file.wants_larger ${rescan === null ? sql`` : sql`OR (${searchedBefore(sql, rescan)})`})`;

const searchedBefore = (sql: Queries, { before, unlike }: Rescan) => sql`
  coalesce(file.faces_scan_id, 0) <= ${before}
  ${unlike ? sql`AND NOT EXISTS (SELECT FROM ai_scan WHERE ai_scan.id = file.faces_scan_id AND ${isLike(sql, unlike)})` : sql``}`;

/** Whether an `ai_scan` finds what this one would find. */
export const isLike = (sql: Queries, { settings, networks }: FaceSearch) => sql`
  ai_scan.settings = ${JSON.stringify(settings)}::text::jsonb AND starts_with(ai_scan.model, ${`${networks}, `})`;

/**
 * A page of the dir's pictures in which faces have not been looked for, or that the rescan looks at again, by number, after
 * the number `after`.
 */
export async function unsearchedFiles(
  sql: Queries,
  { dir, rescan, after, limit }: { dir: number; rescan: Rescan | null; after: number; limit: number },
): Promise<UnsearchedFile[]> {
  return await sql<UnsearchedFile[]>`
    SELECT file.id, file.hash, file.wants_larger AND file.faces_hash = file.hash AS "wantsLarger", greatest(content.width, content.height) > ${muchLarger} AS "hasLarger"
    FROM file JOIN content ON content.hash = file.hash AND content.thumb
    WHERE file.dir_id = ${dir} AND file.id > ${after} AND ${due(sql, rescan)} ORDER BY file.id LIMIT ${limit}`;
}

/**
 * Stores what was found in a batch of one dir's files, in one transaction with the dir's counts and a line of the job's
 * log. A file that was searched meanwhile by someone else stays as it is. `change` says what becomes of the faces that an
 * earlier scan found.
 */
export async function storeSearchedFiles(
  sql: Database,
  batch: {
    job: string;
    root: number;
    dir: number;
    scan: number;
    rescan: Rescan | null;
    files: readonly SearchedFile[];
  },
  change: (earlier: readonly EarlierFace[], found: readonly NewFace[]) => FaceChanges,
): Promise<void> {
  const { job, root, dir, scan, rescan, files } = batch;
  await sql.begin(async (tx) => {
    const ids = files.map((file) => file.id);
    const still = await tx<{ id: number; hash: Buffer }[]>`
      SELECT id, hash FROM file WHERE id = ANY (${ids}) AND ${due(tx, rescan)} ORDER BY id FOR UPDATE`;
    const waiting = new Map(still.map((file) => [file.id, file.hash]));
    const stored = files.filter((file) => waiting.get(file.id)?.equals(file.hash));
    const earlier = await earlierFaces(tx, stored);
    const changes = stored
      .filter((file) => file.error === null && !file.wantsLarger)
      .map((file) => ({ file: file.id, ...change(earlier.get(file.id) ?? [], file.faces) }));
    await applyChanges(tx, scan, changes);
    const larger = stored.filter((file) => file.wantsLarger).map((file) => file.id);
    await tx`
      UPDATE file SET faces_hash = u.hash, faces_scan_id = ${scan}, faces_error_code = u.code, faces_error_message = u.message,
        wants_larger = u.id = ANY (${larger})
      FROM unnest(${stored.map((file) => file.id)}::int[], ${stored.map((file) => file.hash.toString('hex'))}::text[],
                  ${stored.map((file) => file.error?.code ?? null)}::text[], ${stored.map((file) => file.error?.message ?? null)}::text[])
           AS raw (id, hex, code, message), LATERAL (SELECT raw.id, decode(raw.hex, 'hex') AS hash, raw.code, raw.message) AS u
      WHERE file.id = u.id`;
    // While they were searched, some may have been moved.
    const places = await tx<{ dir: number }[]>`SELECT DISTINCT dir_id AS dir FROM file WHERE id = ANY (${ids})`;
    const dirs = new Set([dir, ...places.map((place) => place.dir)]);
    for (const each of [...dirs].toSorted((a, b) => a - b)) await countSearched(tx, each);
    if (stored.length === 0) return;
    const faces = stored.reduce((sum, file) => sum + file.faces.length, 0);
    const failed = stored.filter((file) => file.error !== null).length;
    const inCrowds = larger.length > 0 ? `, ${larger.length} are to be looked at in larger versions` : '';
    const found = `looked for faces in ${stored.length} pictures, found ${faces}${inCrowds}`;
    await tx`
      INSERT INTO log (job, root_id, dir_id, level, text, files)
      VALUES (${job}, ${root}, ${dir}, ${failed === 0 ? 'info' : 'warn'}, ${failed === 0 ? found : `${found}, ${failed} with an error`}, ${stored.length})`;
  });
}

async function earlierFaces(tx: Queries, files: readonly SearchedFile[]): Promise<Map<number, EarlierFace[]>> {
  const rows = await tx<(EarlierFace & { file: number })[]>`
    SELECT face.id, face.file_id AS file, x, y, w, h, descriptor, file.faces_hash IS DISTINCT FROM file.hash AND file.faces_hash IS NOT NULL AS "ofOtherBytes",
      by_hand OR marked IS NOT NULL OR EXISTS (
        SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'auto') AS kept
    FROM face JOIN file ON file.id = face.file_id WHERE face.file_id = ANY (${files.map((file) => file.id)}) ORDER BY face.id`;
  return Map.groupBy(rows, (row) => row.file);
}

const recordOf = (face: NewFace) => ({
  ...face,
  landmarks: face.landmarks.toString('hex'),
  descriptor: face.descriptor.toString('hex'),
  sketch: face.sketch.toString('hex'),
});

async function applyChanges(
  tx: Queries,
  scan: number,
  changes: readonly ({ file: number } & FaceChanges)[],
): Promise<void> {
  const removed = changes.flatMap((each) => each.remove);
  if (removed.length > 0) await tx`DELETE FROM face WHERE id = ANY (${removed})`;
  const updated = changes.flatMap((each) => each.update.map(({ id, face }) => ({ id, ...recordOf(face) })));
  if (updated.length > 0) {
    await tx`
      UPDATE face SET x = u.x, y = u.y, w = u.w, h = u.h, size = u.size, score = u.score, sharpness = u.sharpness, cut = u.cut,
        landmarks = decode(u.landmarks, 'hex'), descriptor = decode(u.descriptor, 'hex'), sketch = decode(u.sketch, 'hex'), ai_scan_id = ${scan}
      FROM jsonb_to_recordset(${JSON.stringify(updated)}::text::jsonb) AS u (
        id int, x real, y real, w real, h real, size smallint, score real, sharpness real, cut boolean, landmarks text, descriptor text, sketch text)
      WHERE face.id = u.id`;
  }
  const inserted = changes.flatMap((each) => each.insert.map((face) => ({ file: each.file, ...recordOf(face) })));
  if (inserted.length > 0) {
    await tx`
      INSERT INTO face (file_id, ai_scan_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch)
      SELECT file, ${scan}, x, y, w, h, size, score, sharpness, cut, decode(landmarks, 'hex'), decode(descriptor, 'hex'), decode(sketch, 'hex')
      FROM jsonb_to_recordset(${JSON.stringify(inserted)}::text::jsonb) AS u (
        file int, x real, y real, w real, h real, size smallint, score real, sharpness real, cut boolean, landmarks text, descriptor text, sketch text)`;
  }
}

/** Counts the dir's pictures, and those in which faces were looked for. */
export async function countSearched(tx: Queries, dir: number): Promise<void> {
  // A count that waits for another transaction would store what was so before that one.
  await tx`SELECT FROM dir WHERE id = ${dir} FOR UPDATE`;
  await tx`
    UPDATE dir SET (num_pictures, num_searched, num_faces_failed) = (
      SELECT count(*), count(*) FILTER (WHERE faces_hash = file.hash AND NOT wants_larger),
             count(*) FILTER (WHERE faces_hash = file.hash AND faces_error_code IS NOT NULL)
      FROM file JOIN content ON content.hash = file.hash AND content.thumb
      WHERE dir_id = ${dir} AND file.type = 'image' AND file.missing_since IS NULL AND file.read_at IS NOT NULL)
    WHERE id = ${dir}`;
}

/** A picture whose faces are too small in its preview. */
export interface FileToEnlarge {
  id: number;
  name: ByteString;
  hash: Buffer;
  orientation: number | null;
}

/** The first ones of a dir. */
export async function filesToEnlarge(sql: Queries, dir: number, limit: number): Promise<FileToEnlarge[]> {
  return await sql<FileToEnlarge[]>`
    SELECT file.id, convert_from(file.fname, 'LATIN1') AS name, file.hash, content.orientation::int
    FROM file JOIN content ON content.hash = file.hash
    WHERE dir_id = ${dir} AND wants_larger AND missing_since IS NULL ORDER BY file.id LIMIT ${limit}`;
}

export async function countToEnlarge(sql: Queries, dir: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM file WHERE dir_id = ${dir} AND wants_larger AND missing_since IS NULL`;
  return row?.count ?? 0;
}

/** Faces are looked for in the previews of some files of a dir as if they never had been; that tells what is wrong with them. */
export async function searchAgain(sql: Database, dir: number, files: readonly number[]): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`UPDATE file SET wants_larger = false, faces_hash = NULL WHERE id = ANY (${files})`;
    await countSearched(tx, dir);
  });
}
