import { CodedError } from '../model/errors.ts';
import type { PhotoFile, PhotoFilter, PhotoTile } from '../model/library.ts';
import { displayName, type ByteString } from '../model/names.ts';
import { iso, type Queries } from './database.ts';
import {
  errorColumns,
  fileColumns,
  joined,
  present,
  shownWith,
  toError,
  toFile,
  type ErrorColumns,
  type FileRow,
} from './files.ts';
import { fitting, type Wishes } from './photo-filter.ts';
import { amongAll, amongNewest, ofPerson, onTimeline, type Shown } from './shown-files.ts';

export interface FileFilter extends PhotoFilter {
  dir?: number;
  root?: number;
  /** Only files with an error. */
  failed?: boolean;
  /**
   * `taken`: newest first, pictures and videos with a date, each shown once with its parts. `name`: every file, by the
   * bytes of its name within the dir.
   */
  order?: 'taken' | 'name';
  cursor?: string;
  limit: number;
}

/** A page of files; `next` is the cursor for the page after it. */
export interface FilePage<File> {
  files: File[];
  next: string | null;
}

/** Files as they are shown in lists. Missing files are left out. Throws request.invalid for a cursor that is none. */
export const listFiles = async (sql: Queries, filter: FileFilter): Promise<FilePage<PhotoFile>> =>
  await list(sql, filter, { columns: fileColumns(sql), toFile: ({ key: _, ...row }: FileRow & Keyed) => toFile(row) });

/** The same files, as far as a tile shows them: a page of the timeline is asked for a hundred of them again and again. */
export const listTiles = async (sql: Queries, filter: FileFilter): Promise<FilePage<PhotoTile>> =>
  await list(sql, filter, { columns: tileColumns(sql), toFile: toTile });

/** A row with what the cursor after it is made of. */
interface Keyed {
  id: number;
  key: string;
}

/** What is asked of each file, and what is made of it. */
interface Reading<Row extends Keyed, File> {
  columns: ReturnType<typeof fileColumns>;
  toFile: (row: Row) => File;
}

type TileRow = Omit<PhotoTile, 'name' | 'error'> & {
  key: string;
  fname: ByteString;
} & ErrorColumns;

const tileColumns = (sql: Queries) => sql`
  file.id, file.dir_id AS dir, convert_from(file.fname, 'LATIN1') AS fname, file.type, encode(file.hash, 'hex') AS hash,
  coalesce(content.thumb, false) AS thumb, translate(encode(content.thumbhash, 'base64'), E'\n', '') AS thumbhash,
  content.width, content.height, content.duration, content.clip_length IS NOT NULL AS motion, ${shownWith(sql)},
  ${iso(sql, 'to_timestamp(file.mtime_ns / 1e9)')} AS mtime, to_char(file.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS "takenAt",
  ${iso(sql, 'file.read_at')} AS "readAt", ${errorColumns(sql)}`;

const toTile = ({ key: _, fname, errorStep, errorCode, errorMessage, ...tile }: TileRow): PhotoTile => ({
  ...tile,
  name: displayName(fname),
  error: toError({ errorStep, errorCode, errorMessage }),
});

async function list<Row extends Keyed, File>(
  sql: Queries,
  filter: FileFilter,
  reading: Reading<Row, File>,
): Promise<FilePage<File>> {
  const { order, cursor, person } = filter;
  const pageOf = async (given: FileFilter, shown: Shown | null) => await readPage(sql, given, shown, reading);
  // What only few pictures may have, and has an index.
  const { q, camera, place, tag, rating, box, ...others } = filter;
  const narrow: Wishes = { q, camera, place, tag, rating, box };
  const isNarrow = Object.values(narrow).some((wish) => wish !== undefined);
  if (order === 'name' || (person === undefined && !isNarrow)) return await pageOf(filter, null);
  // What the pictures are taken by is not asked of them again: the planner would take it for a further condition.
  const before = cursor === undefined ? null : readCursor(cursor);
  if (person !== undefined) {
    const { person: _, ...ofAll } = filter;
    return await pageOf(ofAll, ofPerson(sql, person, before));
  }
  const newest = await pageOf(others, amongNewest(sql, narrow, before));
  return newest.next === null ? await pageOf(others, amongAll(sql, narrow, before)) : newest;
}

/** `shown`: where the pictures come from in the order of the timeline; null: from the tables as they are. */
async function readPage<Row extends Keyed, File>(
  sql: Queries,
  filter: FileFilter,
  shown: Shown | null,
  { columns, toFile }: Reading<Row, File>,
): Promise<FilePage<File>> {
  const byName = filter.order === 'name';
  const cursor = filter.cursor === undefined ? null : readCursor(filter.cursor);
  const after = byName
    ? sql`AND (file.fname, file.id) > (decode(${cursor?.key ?? ''}, 'hex'), ${cursor?.id ?? 0}::int)`
    : sql`AND (file.taken_at, file.id) < (${cursor?.key ?? ''}::text::timestamp, ${cursor?.id ?? 0}::int)`;
  const newestFirst = shown ? sql`shown.taken_at DESC, shown.file_id DESC` : sql`file.taken_at DESC, file.id DESC`;
  const rows = await sql<Row[]>`
    SELECT ${columns}, ${byName ? sql`encode(file.fname, 'hex')` : sql`file.taken_at::text`} AS key
    FROM ${shown ? sql`(${shown}) AS shown JOIN file ON file.id = shown.file_id` : sql`file`} ${joined(sql)}
    WHERE ${present(sql)}
      ${byName ? sql`` : sql`AND ${onTimeline(sql)}`}
      ${filter.dir === undefined ? sql`` : sql`AND file.dir_id = ${filter.dir}`}
      ${filter.root === undefined ? sql`` : sql`AND dir.root_id = ${filter.root}`}
      ${fitting(sql, filter)}
      ${filter.failed ? sql`AND file.error_code IS NOT NULL` : sql``}
      ${cursor === null || shown ? sql`` : after}
    ORDER BY ${byName ? sql`file.fname, file.id` : newestFirst} LIMIT ${filter.limit}`;
  const last = rows.at(-1);
  return {
    files: rows.map(toFile),
    next: rows.length === filter.limit && last ? writeCursor(last.key, last.id) : null,
  };
}

const writeCursor = (key: string, id: number): string => Buffer.from(`${id}:${key}`).toString('base64url');

function readCursor(cursor: string): { key: string; id: number } {
  const match = /^(\d{1,10}):([\d:. -]+|[0-9a-f]*)$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new CodedError('request.invalid', 'The cursor is not one this program gave out.');
  return { id: Number(match[1]), key: match[2] ?? '' };
}
