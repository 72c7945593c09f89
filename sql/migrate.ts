import { runner } from 'node-pg-migrate';
import path from 'node:path';

/**
 * Brings the database to this version's tables. Forward only, each file in its own transaction, under an advisory lock,
 * so it may be called by several programs at once. Returns the names of the migrations that were run.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const ran = await runner({
    databaseUrl,
    dir: path.join(import.meta.dirname, 'migrations'),
    migrationsTable: 'migration',
    direction: 'up',
    singleTransaction: false,
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
  return ran.map((migration) => migration.name);
}
