import type { FileType } from '../model/library.ts';
import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import type { Dated, Labelled } from './described.ts';
import { sharePlaces } from './places.ts';

/** A file that the thumbs step has still to read. `mtimeNs` and `size` are as the scan saw them. */
export interface UnreadFile {
  id: number;
  name: ByteString;
  size: number;
  mtimeNs: string;
  type: FileType;
}

/** What was read of some bytes: a row of table `content`. */
export interface NewContent extends Dated, Labelled {
  hash: Buffer;
  thumb: boolean;
  thumbhash: Buffer | null;
  width: number | null;
  height: number | null;
  orientation: number | null;
  /** IANA time zone of the position. */
  zone: string | null;
  camera: string | null;
  latitude: number | null;
  longitude: number | null;
  town: string | null;
  townMetres: number | null;
  region: string | null;
  country: string | null;
  format: string | null;
  decoder: string | null;
  decodeMs: number | null;
  /** Seconds. */
  duration: number | null;
  codecs: string[];
  clip: { offset: number; length: number } | null;
  contentId: string | null;
  people: string[];
  regions: readonly object[];
  warnings: string[];
  tags: Record<string, unknown>;
  errorCode: string | null;
  errorMessage: string | null;
}

/** One file gone through the thumbs step. */
export interface ReadFile {
  id: number;
  size: number;
  mtimeNs: string;
  /** What it is, also by its content: of a file whose name says nothing it counts where there is a picture. */
  type: FileType;
  /** Null where the file could not be read at all. */
  hash: Buffer | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** Its mtime as local time, for the timeline until it is described. */
  mtimeLocal: string;
}

/** A page of a dir's unread files in the order of their names, after the name `after`. Names are byte strings. */
export async function unreadFiles(sql: Queries, dir: number, after: ByteString, limit: number): Promise<UnreadFile[]> {
  return await sql<UnreadFile[]>`
    SELECT id, convert_from(fname, 'LATIN1') AS name, size::float8, mtime_ns::text AS "mtimeNs", type FROM file
    WHERE dir_id = ${dir} AND fname > convert_to(${after}, 'LATIN1') AND read_at IS NULL AND gone_after IS NULL
    ORDER BY fname LIMIT ${limit}`;
}

/**
 * Whether bytes of this hash were read before: `known`; `not decoded` where that is still to be done with a picture or video,
 * also because its thumbnails are gone; `new`.
 */
export async function contentKnown(
  sql: Queries,
  hash: Buffer,
  type: FileType,
): Promise<'known' | 'not decoded' | 'new'> {
  const [row] = await sql<{ decoded: boolean }[]>`
    SELECT decode_ms IS NOT NULL OR NOT ${isDecoded(type)} AS decoded FROM content WHERE hash = ${hash}`;
  return row ? (row.decoded ? 'known' : 'not decoded') : 'new';
}

/** Whether files of this type have a picture to be decoded. */
export const isDecoded = (type: FileType): boolean => type === 'image' || type === 'video';

/**
 * Stores a batch of one dir's read files in one transaction: what their content is, each file's state, the dir's counts,
 * and a line in the job's log. Files that were read already (a repeated batch) change nothing.
 */
export async function storeReadFiles(
  sql: Database,
  batch: { job: string; root: number; dir: number; contents: readonly NewContent[]; files: readonly ReadFile[] },
): Promise<void> {
  await sql.begin(async (tx) => {
    await sharePlaces(tx);
    // Sorted, so that two batches with the same new content can't wait for each other in a ring.
    for (const c of batch.contents.toSorted((a, b) => Buffer.compare(a.hash, b.hash))) {
      await tx`
        INSERT INTO content (hash, thumb, thumbhash, width, height, orientation,
                             taken_at, taken_offset, taken_zone, taken_source, taken_certainty, passed_dates,
                             zone, camera, latitude, longitude, town, town_metres, region, country,
                             format, decoder, decode_ms, duration, codecs, clip_offset, clip_length, content_id,
                             title, description, rating, labels, people, regions, warnings, tags, error_code, error_message)
        VALUES (${c.hash}, ${c.thumb}, ${c.thumbhash}, ${c.width}, ${c.height}, ${c.orientation},
                ${c.takenAt}::text::timestamp, ${c.takenOffset}, ${c.takenZone}, ${c.takenSource}, ${c.takenCertainty}, ${JSON.stringify(c.passedDates)}::text::jsonb,
                ${c.zone}, ${c.camera}, ${c.latitude}, ${c.longitude}, ${c.town}, ${c.townMetres}, ${c.region}, ${c.country},
                ${c.format}, ${c.decoder}, ${c.decodeMs}, ${c.duration}, ${c.codecs}::text[], ${c.clip?.offset ?? null}, ${c.clip?.length ?? null}, ${c.contentId},
                ${c.title}, ${c.description}, ${c.rating}, ${c.labels}::text[], ${c.people}::text[], ${JSON.stringify(c.regions)}::text::jsonb, ${c.warnings}::text[],
                ${JSON.stringify(c.tags)}::text::jsonb, ${c.errorCode}, ${c.errorMessage})
        -- The same bytes may have been met before under a name by which they were no picture.
        ON CONFLICT (hash) DO UPDATE SET
          thumb = excluded.thumb, thumbhash = excluded.thumbhash, width = excluded.width, height = excluded.height,
          decoder = excluded.decoder, decode_ms = excluded.decode_ms, duration = excluded.duration, codecs = excluded.codecs,
          clip_offset = excluded.clip_offset, clip_length = excluded.clip_length,
          error_code = excluded.error_code, error_message = excluded.error_message
        WHERE content.decode_ms IS NULL AND excluded.decode_ms IS NOT NULL`;
    }
    const { files } = batch;
    const done = await tx<{ dir: number; failed: boolean; gone: boolean | null }[]>`
      UPDATE file SET hash = content.hash, size = u.size, mtime_ns = u.mtime_ns, read_at = now(),
        type = CASE WHEN file.type <> 'other' OR content.thumb THEN u.type ELSE file.type END,
        taken_at = coalesce(content.taken_at, u.mtime_local), taken_source = coalesce(content.taken_source, 'file time'),
        error_step = CASE WHEN coalesce(u.code, wrong.code) IS NOT NULL THEN 'thumbs' END,
        error_code = coalesce(u.code, wrong.code), error_message = coalesce(u.message, wrong.message)
      FROM unnest(${files.map((f) => f.id)}::int[], ${files.map((f) => f.size)}::bigint[], ${files.map((f) => f.mtimeNs)}::bigint[],
                  ${files.map((f) => f.hash?.toString('hex') ?? null)}::text[], ${files.map((f) => f.errorCode)}::text[],
                  ${files.map((f) => f.errorMessage)}::text[], ${files.map((f) => f.mtimeLocal)}::timestamp[], ${files.map((f) => f.type)}::text[])
             AS u (id, size, mtime_ns, hash, code, message, mtime_local, type)
        LEFT JOIN content ON content.hash = decode(u.hash, 'hex')
        -- What is wrong with bytes as a picture is nothing to a file that is none.
        LEFT JOIN LATERAL (
          SELECT content.error_code AS code, content.error_message AS message
          WHERE u.type IN ('image', 'video') OR u.type = 'sidecar' AND content.error_code NOT LIKE 'decode.%'
        ) AS wrong ON true
      -- What was known when it was read may have been removed since: then it is read again.
      WHERE file.id = u.id AND file.read_at IS NULL AND file.gone_after IS NULL AND (u.hash IS NULL OR content.hash IS NOT NULL)
      RETURNING file.dir_id AS dir, file.error_code IS NOT NULL AS failed, file.error_code = 'file.missing' AS gone`;
    const failed = done.filter((file) => file.failed).length;
    // While they were read, some may have been moved.
    const dirs = Map.groupBy(done, ({ dir }) => dir).set(
      batch.dir,
      done.filter(({ dir }) => dir === batch.dir),
    );
    for (const [dir, read] of [...dirs].toSorted(([a], [b]) => a - b)) {
      // Of a file that is not there any more the next scan makes sure.
      const isAsBefore = !read.some(({ gone }) => gone === true);
      await tx`
        UPDATE dir SET num_read = num_read + ${read.length}, num_failed = num_failed + ${read.filter((file) => file.failed).length},
          described = false, mtime_ns = CASE WHEN ${isAsBefore} THEN mtime_ns END
        WHERE id = ${dir}`;
    }
    if (done.length > 0) {
      const text = failed === 0 ? `read ${done.length} files` : `read ${done.length} files, ${failed} with an error`;
      await tx`
        INSERT INTO log (job, root_id, dir_id, level, text, files)
        VALUES (${batch.job}, ${batch.root}, ${batch.dir}, ${failed === 0 ? 'info' : 'warn'}, ${text}, ${done.length})`;
    }
  });
}
