import { migrate as runMigrations } from '../sql/migrate.ts';
import { servers } from './servers.ts';

/** `photo-assistant migrate`: brings the database to this version's tables. */
export async function migrate(): Promise<void> {
  const ran = await runMigrations(servers().databaseUrl);
  console.log(ran.length === 0 ? 'The database is up to date.' : `Ran ${ran.join(', ')}.`);
}
