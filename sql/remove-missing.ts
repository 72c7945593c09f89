import type { Database, Queries } from './database.ts';
import { holdPlaces } from './places.ts';

/**
 * Deletes some of a root's files that are missing for longer than the grace time, with what is known of them. Contents that no
 * other file has, present or remembered, go as well; `removeThumbs` is given those of them (SHA-256 in hex) whose pictures
 * nothing else needs, before the transaction ends: killed in between, it is all done again. @returns how many files
 */
export async function removeMissingFiles(
  sql: Database,
  { root, days, limit }: { root: number; days: number; limit: number },
  removeThumbs: (hashes: readonly string[]) => Promise<void>,
): Promise<number> {
  return await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const removed = await tx<{ hash: Buffer | null }[]>`
      DELETE FROM file WHERE id IN (
        SELECT file.id FROM file JOIN dir ON dir.id = dir_id
        WHERE root_id = ${root} AND file.gone_after IS NOT NULL AND ${isOver(tx, 'file', days)} ORDER BY file.id LIMIT ${limit})
      RETURNING hash`;
    const hashes = [...new Set(removed.flatMap(({ hash }) => hash?.toString('hex') ?? []))];
    const unused = await tx<{ hash: string; shown: boolean }[]>`
      DELETE FROM content WHERE hash IN (SELECT decode(h, 'hex') FROM unnest(${hashes}::text[]) AS u (h))
        AND NOT EXISTS (SELECT FROM file WHERE file.hash = content.hash)
      RETURNING encode(hash, 'hex') AS hash, EXISTS (SELECT FROM refimg WHERE refimg.hash = content.hash) AS shown`;
    // Reference images are cut out of the preview, also when the photo is gone.
    await removeThumbs(unused.filter(({ shown }) => !shown).map(({ hash }) => hash));
    return removed.length;
  });
}

/** Deletes the dirs of a root that are missing as long and hold nothing any more. @returns how many */
export async function removeMissingDirs(sql: Queries, { root, days }: { root: number; days: number }): Promise<number> {
  for (let all = 0; ;) {
    const { count } = await sql`
      DELETE FROM dir WHERE root_id = ${root} AND ${isOver(sql, 'dir', days)}
        AND NOT EXISTS (SELECT FROM file WHERE file.dir_id = dir.id) AND NOT EXISTS (SELECT FROM dir d WHERE d.parent_id = dir.id)`;
    all += count;
    // What was above these holds nothing now.
    if (count === 0) return all;
  }
}

const isOver = (sql: Queries, table: 'file' | 'dir', days: number) =>
  sql`${sql(table)}.missing_since < now() - ${days} * interval '1 day'`;
