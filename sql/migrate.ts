import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { openDatabase } from './database.ts';
import { assertNotNewer, migrationsDir } from './schema-version.ts';

/**
 * Brings the database to this version's tables; with `count`, by so many migrations only. Forward only, each file in its
 * own transaction, under an advisory lock, so it may be called by several programs at once. Returns the names of the
 * migrations that were run. Throws database.newer.
 */
export async function migrate(databaseUrl: string, count = Infinity): Promise<string[]> {
  const sql = openDatabase(databaseUrl, { max: 1, name: 'migrations' });
  try {
    await assertNotNewer(sql);
  } finally {
    await sql.end();
  }
  if (count === 0) return [];
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'migrations' });
  // A server that ends meanwhile is told by the query that is under way; without one it is no matter.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const ran = await runner({
      dbClient: client,
      dir: migrationsDir,
      migrationsTable: 'migration',
      direction: 'up',
      count,
      singleTransaction: false,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    return ran.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}
