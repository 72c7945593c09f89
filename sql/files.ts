import { CodedError } from '../model/errors.ts';
import type { FileDetails, FileType, PhotoFile } from '../model/library.ts';
import { displayName, joinPrefix, pathBelow, toBytes, type ByteString } from '../model/names.ts';
import { iso, type Queries } from './database.ts';

export type FileRow = Omit<PhotoFile, 'name' | 'nameBytes' | 'path' | 'error' | 'place'> & {
  town: string | null;
  townMetres: number | null;
  region: string | null;
  country: string | null;
  fname: ByteString;
  prefix: ByteString;
  rootPath: string;
} & ErrorColumns;

/** What went wrong with a file. */
export interface ErrorColumns {
  errorStep: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

export const errorColumns = (sql: Queries) =>
  sql`file.error_step AS "errorStep", file.error_code AS "errorCode", file.error_message AS "errorMessage"`;

export const toError = ({ errorStep, errorCode, errorMessage }: ErrorColumns): PhotoFile['error'] =>
  errorCode === null ? null : { step: errorStep ?? 'thumbs', code: errorCode, message: errorMessage ?? '' };

/** What else belongs to a picture. */
export const shownWith = (sql: Queries) =>
  sql`ARRAY(SELECT p.part FROM file p WHERE p.main_id = file.id AND p.missing_since IS NULL ORDER BY p.id) AS parts`;

export const fileColumns = (sql: Queries) => sql`
  file.id, file.dir_id AS dir, dir.root_id AS root, root.path AS "rootPath", convert_from(dir.path_prefix, 'LATIN1') AS prefix,
  convert_from(file.fname, 'LATIN1') AS fname, file.size::float8, ${iso(sql, 'to_timestamp(file.mtime_ns / 1e9)')} AS mtime,
  file.type, encode(file.hash, 'hex') AS hash, coalesce(content.thumb, false) AS thumb,
  translate(encode(content.thumbhash, 'base64'), E'\n', '') AS thumbhash, content.width, content.height, content.orientation,
  to_char(file.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS "takenAt", file.taken_offset AS "takenOffset",
  file.taken_zone AS "takenZone", file.taken_source AS "takenSource", file.taken_certainty AS "takenCertainty",
  content.camera, content.latitude, content.longitude, content.town, content.town_metres AS "townMetres", nullif(content.region, '') AS region, content.country,
  content.format, content.duration, file.title, file.description, file.rating, file.labels AS tags, content.clip_length IS NOT NULL AS motion,
  file.num_faces::int AS "numFaces", file.has_unidentified_face AS "hasUnidentifiedFace",
  file.main_id AS main, file.part,
  ${shownWith(sql)}, ${iso(sql, 'file.read_at')} AS "readAt",
  ${errorColumns(sql)}`;

export const joined = (sql: Queries) =>
  sql`JOIN dir ON dir.id = file.dir_id JOIN root ON root.id = dir.root_id LEFT JOIN content ON content.hash = file.hash`;
const tables = (sql: Queries) => sql`file ${joined(sql)}`;

export const present = (sql: Queries) => sql`file.missing_since IS NULL AND root.removed_at IS NULL`;

export function toFile(found: FileRow): PhotoFile {
  const { fname, prefix, rootPath, errorStep, errorCode, errorMessage, town, townMetres, region, country, ...row } =
    found;
  return {
    ...row,
    place: town === null || country === null ? null : { town, region, country, metres: townMetres ?? 0 },
    name: displayName(fname),
    nameBytes: toBytes(fname).toString('base64'),
    path: displayName(pathBelow(rootPath, joinPrefix(prefix, fname))),
    error: toError({ errorStep, errorCode, errorMessage }),
  };
}

/** One file, also when it is missing from disk. Throws file.unknown. */
export async function getFile(sql: Queries, id: number): Promise<PhotoFile> {
  const [row] = await sql<FileRow[]>`SELECT ${fileColumns(sql)} FROM ${tables(sql)} WHERE file.id = ${id}`;
  if (!row) throw new CodedError('file.unknown', `There is no file with the number ${id}.`);
  return toFile(row);
}

/** The bytes whose preview a file's faces are looked for in: SHA-256 in hex. Throws file.unknown, decode.failed. */
export async function previewOf(sql: Queries, id: number): Promise<string> {
  const [row] = await sql<{ hash: string | null; thumb: boolean | null }[]>`
    SELECT encode(file.hash, 'hex') AS hash, content.thumb FROM file LEFT JOIN content ON content.hash = file.hash
    WHERE file.id = ${id}`;
  if (!row) throw new CodedError('file.unknown', `There is no file with the number ${id}.`);
  if (row.hash === null || row.thumb !== true)
    throw new CodedError('decode.failed', 'There is no preview of this file.');
  return row.hash;
}

/** All that is known of a file. Throws file.unknown. */
export async function fileDetails(sql: Queries, id: number): Promise<FileDetails> {
  const [row] = await sql<FileDetails[]>`
    SELECT file.passed_dates AS "passedDates", coalesce(people, '{}') AS people, coalesce(regions, '[]') AS regions,
           coalesce(codecs, '{}') AS codecs, decoder, decode_ms AS "decodeMs", coalesce(warnings, '{}') AS warnings,
           content.tags AS metadata
    FROM file LEFT JOIN content ON content.hash = file.hash WHERE file.id = ${id}`;
  if (!row) throw new CodedError('file.unknown', `There is no file with the number ${id}.`);
  return row;
}

/** The files that are one picture with this one, itself among them, the one that is shown first. */
export async function bundleOf(sql: Queries, id: number): Promise<PhotoFile[]> {
  const rows = await sql<FileRow[]>`
    SELECT ${fileColumns(sql)} FROM ${tables(sql)},
      LATERAL (SELECT coalesce(main_id, id) AS main FROM file WHERE id = ${id}) AS picture
    WHERE ${present(sql)} AND (file.id = picture.main OR file.main_id = picture.main)
    ORDER BY file.main_id IS NOT NULL, file.id`;
  return rows.map(toFile);
}

/** The present files that hold these contents (SHA-256 in hex), in the order they were found; at most `limit` of each. */
export async function filesOf(sql: Queries, hashes: readonly string[], limit: number): Promise<PhotoFile[]> {
  const rows = await sql<FileRow[]>`
    SELECT ${fileColumns(sql)} FROM ${tables(sql)}
    WHERE ${present(sql)} AND file.id = ANY (ARRAY(
      SELECT copy.id FROM unnest(${hashes}::text[]) AS wanted (hash), LATERAL (
        SELECT id FROM file WHERE hash = decode(wanted.hash, 'hex') AND missing_since IS NULL AND read_at IS NOT NULL
        ORDER BY id LIMIT ${limit}) AS copy))
    ORDER BY file.id`;
  return rows.map(toFile);
}

/** Where in its file the clip of a motion photo lies, in bytes; null where there is none. */
export async function motionClip(sql: Queries, id: number): Promise<{ offset: number; length: number } | null> {
  const [row] = await sql<{ offset: number | null; length: number | null }[]>`
    SELECT clip_offset::float8 AS offset, clip_length::float8 AS length
    FROM file JOIN content ON content.hash = file.hash WHERE file.id = ${id}`;
  return row && row.offset !== null && row.length !== null ? { offset: row.offset, length: row.length } : null;
}

/** The pictures before (newer) and after (older) this one in the timeline, or in its dir when one is given. */
export async function neighbours(
  sql: Queries,
  id: number,
  { dir }: { dir?: number } = {},
): Promise<{ previous: number | null; next: number | null }> {
  const beside = (newer: boolean) => sql`
    (SELECT f.id FROM file f JOIN dir d ON d.id = f.dir_id JOIN root r ON r.id = d.root_id
     WHERE f.taken_at IS NOT NULL AND f.type IN ('image', 'video') AND f.main_id IS NULL AND f.missing_since IS NULL AND r.removed_at IS NULL
       ${dir === undefined ? sql`` : sql`AND f.dir_id = ${dir}`}
       AND (f.taken_at, f.id) ${newer ? sql`>` : sql`<`} (file.taken_at, file.id)
     ORDER BY ${newer ? sql`f.taken_at, f.id` : sql`f.taken_at DESC, f.id DESC`} LIMIT 1)`;
  const [row] = await sql<{ previous: number | null; next: number | null }[]>`
    SELECT ${beside(true)} AS previous, ${beside(false)} AS next FROM file WHERE id = ${id}`;
  return row ?? { previous: null, next: null };
}

/** Where a file is on disk, as bytes. Throws file.unknown. */
export async function fileOnDisk(
  sql: Queries,
  id: number,
  here: (rootPath: string) => string,
): Promise<{ path: Buffer; name: string; type: FileType }> {
  const [row] = await sql<{ rootPath: string; prefix: ByteString; fname: ByteString; type: FileType }[]>`
    SELECT root.path AS "rootPath", convert_from(dir.path_prefix, 'LATIN1') AS prefix,
           convert_from(file.fname, 'LATIN1') AS fname, file.type
    FROM file JOIN dir ON dir.id = file.dir_id JOIN root ON root.id = dir.root_id WHERE file.id = ${id} AND ${present(sql)}`;
  if (!row) throw new CodedError('file.unknown', `There is no file with the number ${id}.`);
  const path = toBytes(pathBelow(here(row.rootPath), joinPrefix(row.prefix, row.fname)));
  return { path, name: displayName(row.fname), type: row.type };
}

export interface Coverage {
  files: number;
  read: number;
  failed: number;
  dirs: number;
}

/** How much of the library has been read: summed from the dirs' counts, path by path, as the index dir_counts holds them. */
export async function coverage(sql: Queries): Promise<Coverage> {
  const [row] = await sql<Coverage[]>`
    SELECT coalesce(sum(num_files), 0)::int AS files, coalesce(sum(num_read), 0)::int AS read,
           coalesce(sum(num_failed), 0)::int AS failed, count(*)::int AS dirs
    FROM root, LATERAL (
      SELECT num_files, num_read, num_failed, root_id FROM dir WHERE root_id = root.id AND missing_since IS NULL OFFSET 0) AS dir
    WHERE root.removed_at IS NULL`;
  return row ?? { files: 0, read: 0, failed: 0, dirs: 0 };
}

/** True where the database holds any file: the engine then goes straight to `awaiting jobs`. */
export async function anyFile(sql: Queries): Promise<boolean> {
  const rows = await sql`SELECT FROM file LIMIT 1`;
  return rows.length > 0;
}
