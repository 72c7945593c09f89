import { isTooMany, type GoneFiles } from '../model/missing.ts';
import type { StoredSettings } from '../model/settings.ts';
import type { Database, Queries } from './database.ts';
import { findAgain } from './found-again.ts';
import { filesChanged, holdPlaces } from './places.ts';

type Limits = Pick<StoredSettings, 'missingShare' | 'missingFiles'>;

export interface Settled {
  /** Files that are somewhere else now. */
  foundAgain: number;
  /** Files that were marked missing. */
  missing: number;
  /** Too many at once: nothing was marked, a person is asked. */
  held: GoneFiles | null;
  /** What is held, or that nothing is any more, is news to whoever asks the person. */
  isNews: boolean;
}

/**
 * Decides what becomes of the files and dirs of a root that a scan noted as gone: found again elsewhere, marked missing, or,
 * where they are too many at once, held as they are until a person has said whether that is right. Safe to repeat.
 */
export async function settleGone(sql: Database, root: number, limits: Limits): Promise<Settled> {
  const foundAgain = await findAgain(sql, { root });
  return await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const before = await question(tx, root);
    const gone = await goneFiles(tx, root);
    if (isTooMany(gone, limits)) {
      await tx`UPDATE root SET held_files = ${gone.files} WHERE id = ${root}`;
      return { foundAgain, missing: 0, held: gone, isNews: gone.files !== before.rejected };
    }
    await markMissing(tx, root);
    return { foundAgain, missing: gone.files, held: null, isNews: before.held !== null };
  });
}

/** What a person is to be asked about; null where nothing is held, or where the person has said no to that number. */
export async function heldFiles(sql: Queries, root: number): Promise<GoneFiles | null> {
  const { held, rejected } = await question(sql, root);
  if (held === null || held === rejected) return null;
  return { files: held, of: (await goneFiles(sql, root)).of };
}

/**
 * A person says that what is held is gone indeed: it is marked missing. Not so where it has become more than the person was
 * told: that is another question.
 */
export async function approveMissing(sql: Database, root: number, told: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const { files } = await goneFiles(tx, root);
    if (files > told) await tx`UPDATE root SET held_files = ${files} WHERE id = ${root}`;
    else await markMissing(tx, root);
  });
}

/** A person says that so many can't be gone: they stay as they are, and are asked about when their number is another one. */
export async function rejectMissing(sql: Queries, root: number, told: number): Promise<void> {
  await sql`UPDATE root SET rejected_files = ${told} WHERE id = ${root}`;
}

/** So many are held, and to so many a person has said no. */
async function question(sql: Queries, root: number): Promise<{ held: number | null; rejected: number | null }> {
  const [row] = await sql<{ held: number | null; rejected: number | null }[]>`
    SELECT held_files AS held, rejected_files AS rejected FROM root WHERE id = ${root}`;
  return row ?? { held: null, rejected: null };
}

async function goneFiles(sql: Queries, root: number): Promise<GoneFiles> {
  const [row] = await sql<GoneFiles[]>`
    SELECT (SELECT count(*)::int FROM file JOIN dir ON dir.id = dir_id
            WHERE root_id = ${root} AND file.gone_after IS NOT NULL AND file.missing_since IS NULL) AS files,
           (SELECT coalesce(sum(num_files), 0)::int FROM dir WHERE root_id = ${root} AND missing_since IS NULL) AS of`;
  return row ?? { files: 0, of: 0 };
}

/** From now on the pages do not show what is gone, and its grace time runs. */
async function markMissing(tx: Queries, root: number): Promise<void> {
  const files = await tx<{ dir: number }[]>`
    UPDATE file SET missing_since = now() FROM dir
    WHERE dir.id = dir_id AND root_id = ${root} AND file.gone_after IS NOT NULL AND file.missing_since IS NULL RETURNING dir_id AS dir`;
  await filesChanged(
    tx,
    files.map(({ dir }) => dir),
  );
  await tx`UPDATE dir SET missing_since = now() WHERE root_id = ${root} AND gone_after IS NOT NULL AND missing_since IS NULL`;
  await tx`UPDATE root SET held_files = NULL, rejected_files = NULL WHERE id = ${root} AND held_files IS NOT NULL`;
}
