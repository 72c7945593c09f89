import { readConfig, version } from '../config.ts';
import { backUp } from '../engine/backup/back-up.ts';
import { openDatabase } from '../sql/database.ts';
import { assertNotNewer } from '../sql/schema-version.ts';
import { fromHere } from './from-here.ts';
import { databaseUrl } from './servers.ts';

/** `photo-assistant backup FILE`: writes all that is known to a file. */
export async function backup(file: string, { thumbs = false }: { thumbs?: boolean }): Promise<void> {
  const { thumbsDir } = readConfig();
  const sql = openDatabase(databaseUrl(), { max: 2, name: 'backup' });
  try {
    await assertNotNewer(sql);
    const { tables, thumbs: pictures } = await backUp({ sql, thumbsDir, version }, fromHere(file), thumbs);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      `Backed up ${rows} rows of ${tables.length} tables and ${pictures.files} thumbnails to ${fromHere(file)}.`,
    );
    console.log('It holds what people named, where they were, and who may log in: keep it where only you can read it.');
    if (!thumbs) console.log('Without --thumbs, thumbnails are made again from your photos after a restore.');
  } finally {
    await sql.end({ timeout: 5 });
  }
}
