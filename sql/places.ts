import type { Queries } from './database.ts';

/** Names the lock below; any number that nothing else uses. */
const lock = 4_800_005;

/**
 * Files are stored where they were seen by many transactions at once, but none of them while rows change place: these touch
 * rows of many dirs, and would wait for each other in a ring.
 */
export const sharePlaces = async (tx: Queries): Promise<void> =>
  void (await tx`SELECT pg_advisory_xact_lock_shared(${lock})`);

/** Waits until no other transaction stores files or changes their places, and keeps others waiting until it ends. */
export const holdPlaces = async (tx: Queries): Promise<void> => void (await tx`SELECT pg_advisory_xact_lock(${lock})`);

/**
 * Counts the files of some dirs anew. Those that are gone count as read, for there is nothing to be read of them, until it
 * is decided that they are missing.
 */
export async function countFiles(tx: Queries, dirs: readonly number[]): Promise<void> {
  if (dirs.length === 0) return;
  await tx`
    UPDATE dir SET num_files = c.files, num_read = c.read, num_failed = c.failed
    FROM unnest(${dirs}::int[]) AS u (id), LATERAL (
      SELECT count(*) AS files, count(*) FILTER (WHERE read_at IS NOT NULL OR gone_after IS NOT NULL) AS read,
             count(error_code) FILTER (WHERE read_at IS NOT NULL) AS failed
      FROM file WHERE file.dir_id = u.id AND missing_since IS NULL) AS c
    WHERE dir.id = u.id`;
}

/** Files came to some dirs or went from them: these are counted anew, and are to be described again. */
export async function filesChanged(tx: Queries, changed: readonly number[]): Promise<void> {
  const dirs = [...new Set(changed)].toSorted((a, b) => a - b);
  await countFiles(tx, dirs);
  await tx`UPDATE dir SET described = false WHERE id = ANY (${dirs})`;
}
