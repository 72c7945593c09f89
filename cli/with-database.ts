import { mkdirSync } from 'node:fs';
import { pageAddress, readConfig } from '../config.ts';
import { readHouse } from '../engine/house-file.ts';
import { childrenFile, forAWhile } from '../engine/supervisor/for-a-while.ts';
import { endLeftovers } from '../engine/supervisor/leftovers.ts';
import { acquireLock } from '../engine/supervisor/lock.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../engine/supervisor/postgres.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { migrate } from '../sql/migrate.ts';

/**
 * Runs a command's work with the database alone: that of the environment, or of the running house; where none runs, it is
 * started for as long as that takes. Throws house.already-running, house.start-failed, house.tool-missing.
 */
export async function withDatabase(work: (sql: Database) => Promise<void>): Promise<void> {
  const config = readConfig();
  const { dataDir, logsDir } = config;
  const running = config.databaseUrl ?? readHouse(config.houseFile)?.databaseUrl;
  if (running !== undefined) return await connected(running, work);
  mkdirSync(logsDir, { recursive: true, mode: 0o700 });
  const lock = acquireLock(dataDir, pageAddress(config));
  try {
    await endLeftovers(childrenFile(dataDir), () => undefined);
    const { plan, databaseUrl } = await embeddedPostgres(dataDir, await freePort());
    await forAWhile(plan, dataDir, async () => {
      await migrate(databaseUrl);
      await connected(databaseUrl, work);
    });
  } finally {
    lock.release();
  }
}

async function connected(url: string, work: (sql: Database) => Promise<void>): Promise<void> {
  const sql = openDatabase(url, { max: 1, name: 'command line' });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
