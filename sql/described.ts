import type { FileType } from '../model/library.ts';
import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import { countSearched } from './face-search.ts';
import { sharePlaces } from './places.ts';

/** When something was taken, as columns of `content` and `file` hold it. */
export interface Dated {
  /** Local time where it was taken, `YYYY-MM-DDTHH:MM:SS`. */
  takenAt: string | null;
  /** Minutes east of UTC. */
  takenOffset: number | null;
  /** IANA time zone. */
  takenZone: string | null;
  takenSource: string | null;
  takenCertainty: 'certain' | 'likely' | 'uncertain' | null;
  passedDates: { source: string; value: string; why: string }[];
}

/** What people wrote about something. */
export interface Labelled {
  title: string | null;
  description: string | null;
  /** -1 (rejected) to 5. */
  rating: number | null;
  labels: string[];
}

/** A file of a dir with what its own content tells. */
export interface FileToDescribe extends Dated, Labelled {
  id: number;
  name: ByteString;
  type: FileType;
  mtimeNs: string;
  /** False where nothing could be read of it. */
  known: boolean;
  zone: string | null;
  /** Seconds. */
  duration: number | null;
  contentId: string | null;
  people: string[];
  camera: string | null;
  town: string | null;
  region: string | null;
  country: string | null;
}

/** What a file is of, with its sidecar, its name and its mtime considered. */
export interface DescribedFile extends Dated, Labelled {
  id: number;
  /** The picture this is a part of, and as what. */
  main: number | null;
  part: 'raw' | 'video' | 'sidecar' | 'original' | null;
  /** Words it is found by; none twice. */
  words: string[];
}

/** Rows of one statement: a dir may hold a hundred thousand. */
const pageFiles = 1000;

/**
 * Works out what the files of a dir are of, if any came, changed or went since that was done. `describe` is given all
 * read files of the dir, and says the same of the same files. One transaction, which holds the dir: what a scan finds
 * meanwhile makes it due again.
 */
export async function describeDir(
  sql: Database,
  dir: number,
  describe: (files: FileToDescribe[]) => DescribedFile[],
): Promise<void> {
  await sql.begin(async (tx) => {
    await sharePlaces(tx);
    const [due] = await tx`SELECT FROM dir WHERE id = ${dir} AND NOT described FOR UPDATE`;
    if (!due) return;
    const described = describe(await filesToDescribe(tx, dir));
    for (let i = 0; i < described.length; i += pageFiles) await store(tx, described.slice(i, i + pageFiles));
    await countSearched(tx, dir);
    await tx`UPDATE dir SET described = true WHERE id = ${dir}`;
  });
}

async function filesToDescribe(tx: Queries, dir: number): Promise<FileToDescribe[]> {
  return await tx<FileToDescribe[]>`
    SELECT file.id, convert_from(fname, 'LATIN1') AS name, type, mtime_ns::text AS "mtimeNs", content.hash IS NOT NULL AS known,
           to_char(content.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS') AS "takenAt", content.taken_offset AS "takenOffset",
           content.taken_zone AS "takenZone", content.taken_source AS "takenSource",
           content.taken_certainty AS "takenCertainty", coalesce(content.passed_dates, '[]') AS "passedDates",
           content.zone, duration, content_id AS "contentId", content.title, content.description, content.rating,
           coalesce(content.labels, '{}') AS labels, coalesce(people, '{}') AS people, camera, town, region, country
    FROM file LEFT JOIN content ON content.hash = file.hash
    WHERE dir_id = ${dir} AND file.gone_after IS NULL AND file.read_at IS NOT NULL ORDER BY file.id`;
}

/** Only rows that differ are written: most of a dir stays as it was. */
async function store(tx: Queries, files: readonly DescribedFile[]): Promise<void> {
  await tx`
    UPDATE file SET (taken_at, taken_offset, taken_zone, taken_source, taken_certainty, passed_dates,
                     main_id, part, title, description, rating, labels, search) =
      (u.taken_at, u.taken_offset, u.taken_zone, u.taken_source, u.taken_certainty, u.passed_dates,
       u.main, u.part, u.title, u.description, u.rating, u.labels, array_to_tsvector(u.words))
    FROM jsonb_to_recordset(${JSON.stringify(files.map(columnsOf))}::text::jsonb) AS u (
      id int, taken_at timestamp, taken_offset smallint, taken_zone text, taken_source text, taken_certainty text,
      passed_dates jsonb, main int, part text, title text, description text, rating smallint, labels text[], words text[])
    WHERE file.id = u.id AND (file.taken_at, file.taken_offset, file.taken_zone, file.taken_source, file.taken_certainty,
       file.passed_dates, file.main_id, file.part, file.title, file.description, file.rating, file.labels, file.search)
      IS DISTINCT FROM (u.taken_at, u.taken_offset, u.taken_zone, u.taken_source, u.taken_certainty, u.passed_dates,
       u.main, u.part, u.title, u.description, u.rating, u.labels, array_to_tsvector(u.words))`;
}

const columnsOf = (file: DescribedFile) => ({
  id: file.id,
  taken_at: file.takenAt,
  taken_offset: file.takenOffset,
  taken_zone: file.takenZone,
  taken_source: file.takenSource,
  taken_certainty: file.takenCertainty,
  passed_dates: file.passedDates,
  main: file.main,
  part: file.part,
  title: file.title,
  description: file.description,
  rating: file.rating,
  labels: file.labels,
  words: file.words,
});
