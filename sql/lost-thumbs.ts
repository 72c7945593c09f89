import type { Database, Queries } from './database.ts';
import { countFiles, sharePlaces } from './places.ts';

/** A page of the contents that have thumbnails, after the hash `after`: SHA-256 in hex. */
export async function contentsWithThumbs(sql: Queries, after: string, limit: number): Promise<string[]> {
  const rows = await sql<{ hash: string }[]>`
    SELECT encode(hash, 'hex') AS hash FROM content WHERE thumb AND hash > decode(${after}, 'hex') ORDER BY content.hash LIMIT ${limit}`;
  return rows.map(({ hash }) => hash);
}

/** Thumbnails of these contents, or of all, are gone: until they are made again there are none. */
export async function forgetThumbs(sql: Queries, hashes: readonly string[] | 'all'): Promise<void> {
  await sql`
    UPDATE content SET thumb = false, decode_ms = NULL
    WHERE thumb ${hashes === 'all' ? sql`` : sql`AND hash IN (SELECT decode(h, 'hex') FROM unnest(${hashes}::text[]) AS u (h))`}`;
}

/**
 * Pictures and videos that were read but not decoded, or whose thumbnails were forgotten, are to be read again: the next
 * import does so. Faces and names that are known of them stay. @returns how many files
 */
export async function readAgainWithoutThumbs(sql: Database): Promise<number> {
  return await sql.begin(async (tx) => {
    await sharePlaces(tx);
    const dirs = await tx<{ dir: number; files: number }[]>`
      WITH again AS (
        UPDATE file SET read_at = NULL FROM content
        WHERE content.hash = file.hash AND content.decode_ms IS NULL AND file.type IN ('image', 'video')
          AND file.read_at IS NOT NULL AND file.gone_after IS NULL
        RETURNING dir_id)
      SELECT dir_id AS dir, count(*)::int AS files FROM again GROUP BY dir_id`;
    await countFiles(
      tx,
      dirs.map(({ dir }) => dir),
    );
    return dirs.reduce((sum, { files }) => sum + files, 0);
  });
}
