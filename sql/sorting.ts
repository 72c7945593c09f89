import Value from 'typebox/value';
import { CodedError } from '../model/errors.ts';
import { displayName, fromText, joinPrefix, pathBelow, type ByteString } from '../model/names.ts';
import { SortingRules, type PhotoToSort } from '../model/sorting.ts';
import type { Queries } from './database.ts';

/** Where the files of a storage path belong: as a person said, or the usual rules. Throws root.unknown. */
export async function readSorting(sql: Queries, root: number): Promise<SortingRules> {
  const [row] = await sql<{ sorting: unknown }[]>`
    SELECT sorting FROM root WHERE id = ${root} AND kind = 'storage' AND removed_at IS NULL`;
  if (!row) throw new CodedError('root.unknown', `There is no storage path with the number ${root}.`);
  return Value.Parse(SortingRules, Value.Check(SortingRules, row.sorting) ? row.sorting : Value.Create(SortingRules));
}

/** Throws root.unknown. */
export async function saveSorting(sql: Queries, root: number, sorting: SortingRules): Promise<void> {
  const { count } = await sql`
    UPDATE root SET sorting = ${JSON.stringify(Value.Parse(SortingRules, sorting))}::text::jsonb
    WHERE id = ${root} AND kind = 'storage' AND removed_at IS NULL`;
  if (count === 0) throw new CodedError('root.unknown', `There is no storage path with the number ${root}.`);
}

/**
 * Sub-dirs of a path that a person may choose, as text: those with `q` in them, the last by name first, for that is where
 * the newest are. Names that are no text can't be typed, and are not offered.
 */
export async function offeredDirs(
  sql: Queries,
  root: number,
  { q = '', limit }: { q?: string; limit: number },
): Promise<string[]> {
  const rows = await sql<{ prefix: ByteString }[]>`
    SELECT convert_from(path_prefix, 'LATIN1') AS prefix FROM dir
    WHERE root_id = ${root} AND path_prefix <> '' AND gone_after IS NULL
      AND position(lower(${fromText(q)}) IN lower(convert_from(path_prefix, 'LATIN1'))) > 0
    ORDER BY path_prefix DESC LIMIT ${limit}`;
  return rows.flatMap(({ prefix }) => {
    const text = displayName(prefix);
    return fromText(text) === prefix ? [text] : [];
  });
}

/** All sub-dirs that a path has, parents first. */
export async function subdirsOf(sql: Queries, root: number): Promise<{ id: number; prefix: ByteString }[]> {
  return await sql<{ id: number; prefix: ByteString }[]>`
    SELECT id, convert_from(path_prefix, 'LATIN1') AS prefix FROM dir
    WHERE root_id = ${root} AND path_prefix <> '' AND gone_after IS NULL ORDER BY path_prefix`;
}

/** Columns of a file joined with `content`, `dir` and `root` that tell where it belongs. */
export const sortedBy = (sql: Queries) => sql`
  convert_from(file.fname, 'LATIN1') AS fname, file.type, to_char(file.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS') AS "takenAt",
  file.taken_source AS "takenSource", file.taken_certainty AS "takenCertainty", content.camera, content.town,
  nullif(content.region, '') AS region, content.country, file.title, convert_from(dir.path_prefix, 'LATIN1') AS prefix, root.path AS "rootPath"`;

export interface SortedRow {
  fname: ByteString;
  type: PhotoToSort['type'];
  takenAt: string | null;
  takenSource: string | null;
  takenCertainty: NonNullable<PhotoToSort['taken']>['certainty'] | null;
  camera: string | null;
  town: string | null;
  region: string | null;
  country: string | null;
  title: string | null;
  prefix: ByteString;
  rootPath: string;
}

export const photoToSort = (row: SortedRow): PhotoToSort => ({
  fname: row.fname,
  type: row.type,
  taken:
    row.takenAt === null
      ? null
      : { local: row.takenAt, source: row.takenSource ?? 'file time', certainty: row.takenCertainty ?? 'uncertain' },
  camera: row.camera,
  town: row.town,
  region: row.region,
  country: row.country,
  title: row.title,
  dir: lastPart(row.prefix === '' ? fromText(row.rootPath.replace(/\/+$/, '')) : row.prefix),
});

const lastPart = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);

/** A picture or video for a pattern to be tried on. */
export interface PhotoToTry extends PhotoToSort {
  id: number;
  path: string;
  thumb: string | null;
}

/** Some pictures and videos of import paths, for a pattern to be tried on: the newest of each of several dirs, those with a sure date first. */
export async function photosToTry(sql: Queries, limit: number): Promise<PhotoToTry[]> {
  const rows = await sql<(SortedRow & { id: number; thumb: string | null })[]>`
    SELECT file.id, CASE WHEN content.thumb THEN encode(content.hash, 'hex') END AS thumb, ${sortedBy(sql)} FROM (
      SELECT dir.id FROM dir JOIN root ON root.id = dir.root_id
      WHERE root.kind = 'import' AND root.removed_at IS NULL AND dir.gone_after IS NULL AND num_read > 0 ORDER BY dir.id DESC LIMIT 100
    ) AS newest, LATERAL (
      SELECT id, taken_certainty = 'uncertain' AS doubtful,
        row_number() OVER (ORDER BY taken_certainty = 'uncertain', taken_at DESC NULLS LAST, id) AS rank FROM file
      WHERE dir_id = newest.id AND gone_after IS NULL AND read_at IS NOT NULL AND type IN ('image', 'video') AND main_id IS NULL
      ORDER BY rank LIMIT ${limit}) AS picked
      JOIN file ON file.id = picked.id JOIN dir ON dir.id = file.dir_id JOIN root ON root.id = dir.root_id
      LEFT JOIN content ON content.hash = file.hash
    ORDER BY picked.rank, picked.doubtful, newest.id DESC LIMIT ${limit}`;
  return rows.map((row) => ({
    ...photoToSort(row),
    id: row.id,
    path: displayName(pathBelow(row.rootPath, joinPrefix(row.prefix, row.fname))),
    thumb: row.thumb,
  }));
}
