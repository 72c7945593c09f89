import { readConfig } from '../config.ts';
import { restore as restoreBackup } from '../engine/backup/restore.ts';
import { databaseError } from '../sql/database.ts';
import { fromHere } from './from-here.ts';

/** `photo-assistant restore FILE`: loads a backup into an empty data folder. */
export async function restore(file: string): Promise<void> {
  const config = readConfig();
  try {
    const { at, version, tables, thumbs } = await restoreBackup(config, fromHere(file), (line) =>
      console.log(`  ${line}`),
    );
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      `Restored ${rows} rows and ${thumbs.files} thumbnails, of ${at} (version ${version}), into ${config.dataDir}.`,
    );
    if (!thumbs.all) console.log('The other thumbnails are made again from your photos when it runs.');
    console.log('Start it with: npm start');
  } catch (error) {
    throw databaseError(error);
  }
}
