import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPart } from '../../engine/supervisor/part.ts';
import { freePort } from '../../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../../engine/supervisor/postgres.ts';
import { openDatabase, type Database } from '../../sql/database.ts';
import { migrate } from '../../sql/migrate.ts';

/** The house's own Postgres with this version's tables, without the rest of the house. */
export async function startDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-database-'));
  const { plan, databaseUrl: url } = await embeddedPostgres(dir, await freePort());
  const nothing = () => undefined;
  const logsDir = path.join(dir, 'logs');
  const postgres = createPart(plan, { logsDir, started: nothing, ended: nothing, changed: nothing });
  await postgres.start();
  await migrate(url);
  return {
    url,
    async stop() {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** One connection to a database of its own that waits for no disk: nothing in it is asked for after a loss of power. */
export async function quickDatabase(): Promise<{ sql: Database; url: string; stop: () => Promise<void> }> {
  const database = await startDatabase();
  const { url } = database;
  const sql = openDatabase(url, { max: 1 });
  await sql`SET synchronous_commit = off`;
  return {
    sql,
    url,
    async stop() {
      await sql.end();
      await database.stop();
    },
  };
}
