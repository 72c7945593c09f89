import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { copyIn, countRows, isEmptyDatabase, setSequence, tablesToDump, type RowsIn } from '../../sql/backup.ts';
import { openDatabase, type Queries } from '../../sql/database.ts';
import { forgetThumbs, readAgainWithoutThumbs } from '../../sql/lost-thumbs.ts';
import { migrate } from '../../sql/migrate.ts';
import { ranMigrations } from '../../sql/schema-version.ts';
import { entryKind, type Manifest } from './manifest.ts';
import { readArchive } from './read-archive.ts';

/**
 * Loads a backup that was checked into an empty database, brings it to this version's tables, and puts its pictures below
 * `thumbsDir`. Where thumbnails are not in it, the files are to be read again for these.
 * Throws backup.not-empty; backup.invalid where rows do not fit together.
 */
export async function loadBackup(
  file: string,
  manifest: Manifest,
  { databaseUrl, thumbsDir }: { databaseUrl: string; thumbsDir: string },
): Promise<void> {
  await loadDatabase(file, manifest, databaseUrl, (name, content) => writePicture(path.join(thumbsDir, name), content));
  await migrate(databaseUrl);
  if (manifest.thumbs.all) return;
  const sql = openDatabase(databaseUrl, { max: 1, name: 'restore' });
  try {
    await forgetThumbs(sql, 'all');
    await readAgainWithoutThumbs(sql);
  } finally {
    await sql.end();
  }
}

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
  const sql = openDatabase(databaseUrl, { max: 1, name: 'restore' });
  try {
    const ran = await ranMigrations(sql);
    const isPart = ran.every((name, i) => name === manifest.migrations[i]);
    if (!isPart || !(await isEmptyDatabase(sql))) {
      throw new CodedError(
        'backup.not-empty',
        'The database is not empty. A backup is restored into an empty one only.',
      );
    }
    await migrate(databaseUrl, manifest.migrations.length - ran.length);
    await sql.begin(async (tx) => {
      await loadAll(tx, file, manifest, takePicture);
      for (const sequence of manifest.sequences) await setSequence(tx, sequence);
    });
    await countRows(sql);
  } finally {
    await sql.end();
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
