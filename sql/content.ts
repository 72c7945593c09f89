import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';

/** A file that the thumbs step has still to read. `mtimeNs` and `size` are as the scan saw them. */
export interface UnreadFile {
  id: number;
  name: ByteString;
  size: number;
  mtimeNs: string;
  type: 'image' | 'video' | 'sidecar' | 'other';
}

/** What was read of some bytes: a row of table `content`. */
export interface NewContent {
  hash: Buffer;
  thumb: boolean;
  thumbhash: Buffer | null;
  width: number | null;
  height: number | null;
  orientation: number | null;
  takenAt: string | null;
  takenOffset: number | null;
  takenSource: string | null;
  camera: string | null;
  latitude: number | null;
  longitude: number | null;
  tags: Record<string, unknown>;
  errorCode: string | null;
  errorMessage: string | null;
}

/** One file gone through the thumbs step. */
export interface ReadFile {
  id: number;
  size: number;
  mtimeNs: string;
  /** Null where the file could not be read at all. */
  hash: Buffer | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** Its mtime as local time, for the timeline where its content tells no date. */
  mtimeLocal: string;
}

/** A page of a dir's unread files in the order of their names, after the name `after`. Names are byte strings. */
export async function unreadFiles(sql: Queries, dir: number, after: ByteString, limit: number): Promise<UnreadFile[]> {
  return await sql<UnreadFile[]>`
    SELECT id, convert_from(fname, 'LATIN1') AS name, size::float8, mtime_ns::text AS "mtimeNs", type FROM file
    WHERE dir_id = ${dir} AND fname > convert_to(${after}, 'LATIN1') AND read_at IS NULL AND missing_since IS NULL
    ORDER BY fname LIMIT ${limit}`;
}

/** True where bytes of this hash were read before. */
export async function contentKnown(sql: Queries, hash: Buffer): Promise<boolean> {
  const rows = await sql`SELECT FROM content WHERE hash = ${hash}`;
  return rows.length > 0;
}

/**
 * Stores a batch of one dir's read files in one transaction: what their content is, each file's state, the dir's counts,
 * and a line in the job's log. Files that were read already (a repeated batch) change nothing.
 */
export async function storeReadFiles(
  sql: Database,
  batch: { job: string; root: number; dir: number; contents: readonly NewContent[]; files: readonly ReadFile[] },
): Promise<void> {
  await sql.begin(async (tx) => {
    // Sorted, so that two batches with the same new content can't wait for each other in a ring.
    for (const c of batch.contents.toSorted((a, b) => Buffer.compare(a.hash, b.hash))) {
      await tx`
        INSERT INTO content (hash, thumb, thumbhash, width, height, orientation, taken_at, taken_offset, taken_source,
                             camera, latitude, longitude, tags, error_code, error_message)
        VALUES (${c.hash}, ${c.thumb}, ${c.thumbhash}, ${c.width}, ${c.height}, ${c.orientation}, ${c.takenAt}::text::timestamp,
                ${c.takenOffset}, ${c.takenSource}, ${c.camera}, ${c.latitude}, ${c.longitude}, ${JSON.stringify(c.tags)}::text::jsonb,
                ${c.errorCode}, ${c.errorMessage})
        ON CONFLICT (hash) DO NOTHING`;
    }
    const { files } = batch;
    const done = await tx<{ failed: boolean }[]>`
      UPDATE file SET hash = content.hash, size = u.size, mtime_ns = u.mtime_ns, read_at = now(),
        taken_at = coalesce(content.taken_at, u.mtime_local), taken_source = coalesce(content.taken_source, 'file time'),
        error_step = CASE WHEN coalesce(u.code, content.error_code) IS NOT NULL THEN 'thumbs' END,
        error_code = coalesce(u.code, content.error_code), error_message = coalesce(u.message, content.error_message)
      FROM unnest(${files.map((f) => f.id)}::int[], ${files.map((f) => f.size)}::bigint[], ${files.map((f) => f.mtimeNs)}::bigint[],
                  ${files.map((f) => f.hash?.toString('hex') ?? null)}::text[], ${files.map((f) => f.errorCode)}::text[],
                  ${files.map((f) => f.errorMessage)}::text[], ${files.map((f) => f.mtimeLocal)}::timestamp[])
             AS u (id, size, mtime_ns, hash, code, message, mtime_local)
        LEFT JOIN content ON content.hash = decode(u.hash, 'hex')
      WHERE file.id = u.id AND file.read_at IS NULL
      RETURNING file.error_code IS NOT NULL AS failed`;
    const failed = done.filter((file) => file.failed).length;
    await tx`UPDATE dir SET num_read = num_read + ${done.length}, num_failed = num_failed + ${failed} WHERE id = ${batch.dir}`;
    if (done.length > 0) {
      const text = failed === 0 ? `read ${done.length} files` : `read ${done.length} files, ${failed} with an error`;
      await tx`
        INSERT INTO log (job, root_id, dir_id, level, text, files)
        VALUES (${batch.job}, ${batch.root}, ${batch.dir}, ${failed === 0 ? 'info' : 'warn'}, ${text}, ${done.length})`;
    }
  });
}

/** What exiftool said of the content with this hash (hex); null when nothing was read of it. */
export async function getMetadata(sql: Queries, hash: string): Promise<Record<string, unknown> | null> {
  const [row] = await sql<{ tags: Record<string, unknown> }[]>`
    SELECT tags FROM content WHERE hash = decode(${hash}, 'hex')`;
  return row?.tags ?? null;
}
