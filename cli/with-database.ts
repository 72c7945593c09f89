import { openDatabase, type Database } from '../sql/database.ts';
import { servers } from './servers.ts';

/** Runs a command's work with the database alone, and closes it. */
export async function withDatabase(work: (sql: Database) => Promise<void>): Promise<void> {
  const sql = openDatabase(servers().databaseUrl, { max: 1, name: 'command line' });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
