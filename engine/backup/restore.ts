import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { pageAddress, type Config } from '../../config.ts';
import { CodedError } from '../../model/errors.ts';
import { childrenFile, forAWhile } from '../supervisor/for-a-while.ts';
import { endLeftovers } from '../supervisor/leftovers.ts';
import { acquireLock } from '../supervisor/lock.ts';
import { freePort } from '../supervisor/ports.ts';
import { remove } from '../supervisor/postgres-cluster.ts';
import { embeddedPostgres } from '../supervisor/postgres.ts';
import { checkBackup } from './check-backup.ts';
import { assertRoomFor, itCounts, loadBackup } from './load-backup.ts';
import type { Manifest } from './manifest.ts';
import { restoringDir } from './restoring.ts';

/** What a data folder may hold that nobody would miss. */
const ofNoWorth = new Set(['lock', 'logs', 'temp', 'children.json', 'restoring', 'lost+found']);

/**
 * Restores a backup into the configured data folder, which must be empty, and the configured database, or one of its own.
 * All of the backup is checked before anything is written, and a restore that is cut off can simply be run again.
 * Throws backup.*, house.already-running, house.start-failed, house.tool-missing.
 */
export async function restore(config: Config, file: string, say: (line: string) => void): Promise<Manifest> {
  const { dataDir } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = acquireLock(dataDir, pageAddress(config));
  const dir = restoringDir(dataDir);
  try {
    await endLeftovers(childrenFile(dataDir), say);
    // What is there already comes from a restore that was cut off, which can only be told by this.
    const goesOn = existsSync(dir);
    if (!goesOn) assertEmpty(dataDir);
    say('Checking the backup …');
    const { bavail, bsize } = await statfs(dataDir);
    const manifest = await checkBackup(file, bavail * bsize);

    const { databaseUrl: elsewhere } = config;
    if (elsewhere !== undefined && !goesOn) await assertRoomFor(manifest, elsewhere);

    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(dir)) remove(path.join(dir, name));
    mkdirSync(path.join(dir, 'thumbs'), { mode: 0o700 });
    mkdirSync(config.logsDir, { recursive: true });
    say('Loading it …');
    const load = (databaseUrl: string) =>
      loadBackup(file, manifest, { databaseUrl, thumbsDir: path.join(dir, 'thumbs'), goesOn });
    // Should it fail, rows may be in that database: `restoring` keeps everybody from taking them for the whole.
    if (elsewhere !== undefined) await load(elsewhere);
    else await loadHere(dir, dataDir, load);
    // The last step makes it count: `restoring` is there until all else is in its place.
    for (const name of ['thumbs', 'postgres']) {
      const place = path.join(dataDir, name);
      rmSync(place, { recursive: true, force: true });
      if (existsSync(path.join(dir, name))) renameSync(path.join(dir, name), place);
    }
    rmSync(dir, { recursive: true });
    if (elsewhere !== undefined) await itCounts(elsewhere);
    return manifest;
  } finally {
    lock.release();
  }
}

/** Loads it into a database of the data folder's own, of which nothing stays where that fails. */
async function loadHere(dir: string, dataDir: string, load: (databaseUrl: string) => Promise<void>): Promise<void> {
  try {
    const { databaseUrl, plan } = await embeddedPostgres(dir, await freePort());
    await forAWhile(plan, dataDir, () => load(databaseUrl));
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function assertEmpty(dataDir: string): void {
  const found = readdirSync(dataDir).filter((name) => !ofNoWorth.has(name));
  if (found.length === 0) return;
  throw new CodedError(
    'backup.not-empty',
    `${dataDir} is not empty (${found.slice(0, 3).join(', ')}). A backup is restored into an empty data folder only: ` +
      'set PHOTO_ASSISTANT_DATA to another one, or move this one away.',
  );
}
