import { openDatabase } from '../../sql/database.ts';
import { assertNotNewer } from '../../sql/schema-version.ts';
import { version } from '../../config.ts';
import { backUpDatabase } from './back-up.ts';
import { checkBackup } from './check-backup.ts';
import { loadDatabase } from './load-backup.ts';

/** Dumps a database to a file, without pictures, which stay where they are. @returns how many rows. Throws database.newer. */
export async function dumpDatabase(databaseUrl: string, file: string): Promise<number> {
  const sql = openDatabase(databaseUrl, { max: 2, name: 'upgrade' });
  try {
    await assertNotNewer(sql);
    const { tables } = await backUpDatabase(sql, version, file);
    return tables.reduce((sum, { rows }) => sum + rows, 0);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Loads what `dumpDatabase` has written into an empty database, with the same tables. */
export async function loadDump(databaseUrl: string, file: string): Promise<void> {
  await loadDatabase(file, await checkBackup(file, Infinity), databaseUrl, () => Promise.resolve());
}
