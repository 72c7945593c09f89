import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import {
  comesFrom,
  copyIn,
  countRows,
  forgetSource,
  isEmptyDatabase,
  noteSource,
  setSequence,
  tablesToDump,
  type RowsIn,
} from '../../sql/backup.ts';
import { openDatabase, type Database, type Queries } from '../../sql/database.ts';
import { forgetThumbs, readAgainWithoutThumbs } from '../../sql/lost-thumbs.ts';
import { migrate } from '../../sql/migrate.ts';
import { ranMigrations } from '../../sql/schema-version.ts';
import { entryKind, sumOf, type Manifest } from './manifest.ts';
import { readArchive } from './read-archive.ts';

/**
 * Loads a backup that was checked into an empty database, brings it to this version's tables, and puts its pictures below
 * `thumbsDir`. Where thumbnails are not in it, the files are to be read again for these. `goesOn`: after a run that was cut off,
 * which may have loaded its rows. Throws backup.not-empty; backup.invalid where rows do not fit together.
 */
export async function loadBackup(
  file: string,
  manifest: Manifest,
  { databaseUrl, thumbsDir, goesOn = false }: { databaseUrl: string; thumbsDir: string; goesOn?: boolean },
): Promise<void> {
  const takePicture: TakePicture = (name, content) => writePicture(path.join(thumbsDir, name), content);
  const isLoaded = goesOn && (await withDatabase(databaseUrl, (sql) => comesFrom(sql, sumOf(manifest))));
  if (isLoaded) await loadPictures(file, takePicture);
  else await loadDatabase(file, manifest, databaseUrl, takePicture);
  await migrate(databaseUrl);
  await withDatabase(databaseUrl, async (sql) => {
    // Who was cut off may not have come to it.
    if (isLoaded) await countRows(sql);
    if (manifest.thumbs.all) return;
    await forgetThumbs(sql, 'all');
    await readAgainWithoutThumbs(sql);
  });
}

/** Throws backup.not-empty for a database that a backup can not be loaded into. Nothing is changed in it. */
export async function assertRoomFor(manifest: Manifest, databaseUrl: string): Promise<void> {
  await withDatabase(databaseUrl, (sql) => emptyTables(sql, manifest));
}

/** Says that what was restored counts: from here on the rows are nobody's but the library's. */
export const itCounts = (databaseUrl: string): Promise<void> => withDatabase(databaseUrl, forgetSource);

type TakePicture = (name: string, content: Buffer) => Promise<void>;

/**
 * Loads the rows of a backup that was checked into an empty database, in the tables that they were in. They come all or not
 * at all. Throws backup.not-empty; backup.invalid where rows do not fit together.
 */
export async function loadDatabase(
  file: string,
  manifest: Manifest,
  databaseUrl: string,
  takePicture: TakePicture,
): Promise<void> {
  await withDatabase(databaseUrl, async (sql) => {
    const ran = await emptyTables(sql, manifest);
    await migrate(databaseUrl, manifest.migrations.length - ran.length);
    await sql.begin(async (tx) => {
      await loadAll(tx, file, manifest, takePicture);
      for (const sequence of manifest.sequences) await setSequence(tx, sequence);
      await noteSource(tx, sumOf(manifest));
    });
    await countRows(sql);
  });
}

async function withDatabase<T>(databaseUrl: string, work: (sql: Database) => Promise<T>): Promise<T> {
  const sql = openDatabase(databaseUrl, { max: 1, name: 'restore' });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** The migrations that an empty database has already; all are the backup's own. Throws backup.not-empty. */
async function emptyTables(sql: Database, manifest: Manifest): Promise<string[]> {
  const ran = await ranMigrations(sql);
  const isPart = ran.every((name, i) => name === manifest.migrations[i]);
  if (isPart && (await isEmptyDatabase(sql))) return ran;
  throw new CodedError('backup.not-empty', 'The database is not empty. A backup is restored into an empty one only.');
}

async function loadPictures(file: string, takePicture: TakePicture): Promise<void> {
  for await (const { name, content } of readArchive(file, Infinity)) {
    const kind = entryKind(name);
    if (kind !== null && kind !== 'manifest' && 'thumb' in kind) await takePicture(kind.thumb, content);
  }
}

async function loadAll(tx: Queries, file: string, manifest: Manifest, takePicture: TakePicture): Promise<void> {
  const there = new Map((await tablesToDump(tx)).map(({ name, columns }) => [name, columns]));
  const dumped = new Map(manifest.tables.map((table) => [table.name, table]));
  for (const { name, columns } of manifest.tables) {
    if (!Value.Equal(there.get(name), columns)) {
      throw new CodedError('backup.invalid', `${file} holds another table ${name}.`);
    }
  }
  let name: string | null = null;
  let rows: RowsIn | null = null;
  try {
    for await (const entry of readArchive(file, Infinity)) {
      const kind = entryKind(entry.name);
      if (kind === null || kind === 'manifest') continue;
      if ('thumb' in kind) {
        await takePicture(kind.thumb, entry.content);
        continue;
      }
      const table = dumped.get(kind.table);
      if (!table) throw new CodedError('backup.invalid', `${file} has changed while it was read.`);
      if (name !== kind.table) {
        await rows?.end();
        name = kind.table;
        rows = null;
        rows = await copyIn(tx, table);
      }
      await rows?.write(entry.content);
    }
    await rows?.end();
  } catch (error) {
    rows?.cancel();
    if (!refusedByServer(error)) throw error;
    const why = (error as Error).message;
    throw new CodedError('backup.invalid', `The rows of table ${name} in ${file} do not fit: ${why}.`, {
      cause: error,
    });
  }
}

/** It is new: nothing is ever written over. */
async function writePicture(file: string, content: Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

/** Classes of SQLSTATE: values that are none, rows that break the rules of the tables, and what follows from these. */
const refusedByServer = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[235]/.test(error.code);
