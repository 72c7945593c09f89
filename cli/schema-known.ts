import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseDown, openDatabase } from '../sql/database.ts';
import { assertNotNewer } from '../sql/schema-version.ts';

/** Waits for the database. Throws database.newer where a newer version has used it. */
export async function assertSchemaKnown(databaseUrl: string): Promise<void> {
  const sql = openDatabase(databaseUrl, { max: 1, name: 'schema version' });
  try {
    for (;;) {
      try {
        return await assertNotNewer(sql);
      } catch (error) {
        if (!isDatabaseDown(error)) throw error;
        await sleep(1_000);
      }
    }
  } finally {
    await sql.end({ timeout: 2 });
  }
}
