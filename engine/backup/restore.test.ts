import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { readConfig } from '../../config.ts';
import { CodedError, type ErrorCode } from '../../model/errors.ts';
import { openDatabase } from '../../sql/database.ts';
import { quickDatabase } from '../../tests/support/database.ts';
import { temporaryDir } from '../../tests/support/house.ts';
import { backUp } from './back-up.ts';
import { loadBackup } from './load-backup.ts';
import { restore } from './restore.ts';
import { assertNotRestoring } from './restoring.ts';

const hash = 'ab'.repeat(32);
const picture = `ab/ab/${hash}-320.webp`;

let library: Awaited<ReturnType<typeof quickDatabase>>;
before(async () => {
  library = await quickDatabase();
  await library.sql`INSERT INTO root (kind, path) VALUES ('import', '/camera')`;
  await library.sql`INSERT INTO content (hash, thumb) VALUES (${Buffer.from(hash, 'hex')}, true)`;
});
after(() => library.stop());

let databases = 0;
/** A backup, and an empty data folder with an empty database elsewhere. */
async function place(t: TestContext) {
  const dir = temporaryDir(t);
  const [file, thumbsDir, dataDir] = ['backup', 'thumbs', 'data'].map((name) => path.join(dir, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(path.dirname(path.join(thumbsDir, picture)), { recursive: true });
  writeFileSync(path.join(thumbsDir, picture), 'a picture');
  const manifest = await backUp({ sql: library.sql, thumbsDir, version: '1.2.3' }, file, true);
  const url = new URL(library.url);
  url.pathname = `elsewhere_${++databases}`;
  await library.sql.unsafe(`CREATE DATABASE ${url.pathname.slice(1)}`);
  const databaseUrl = url.href;
  const sql = openDatabase(databaseUrl, { max: 1 });
  t.after(() => sql.end());
  const config = readConfig({ PHOTO_ASSISTANT_DATA: dataDir, DATABASE_URL: databaseUrl });
  /** As a restore leaves it that is killed when its rows are there. */
  const cutOff = async () => {
    const into = path.join(dataDir, 'restoring', 'thumbs');
    mkdirSync(into, { recursive: true });
    await loadBackup(file, manifest, { databaseUrl, thumbsDir: into });
  };
  const roots = async () => (await sql<{ path: string }[]>`SELECT path FROM root`).map((row) => row.path);
  return { dataDir, thumbsDir, file, config, cutOff, roots, run: () => restore(config, file, () => undefined) };
}

const coded = (code: ErrorCode) => (error: unknown) => error instanceof CodedError && error.code === code;

test('a restore into a database elsewhere that was cut off can be run again, and no third time', async (t) => {
  const { dataDir, cutOff, roots, run } = await place(t);
  await cutOff();
  assert.throws(() => assertNotRestoring(dataDir), coded('backup.unfinished'));
  await run();
  assert.deepEqual(await roots(), ['/camera']);
  assert.equal(readFileSync(path.join(dataDir, 'thumbs', picture), 'utf8'), 'a picture');
  assertNotRestoring(dataDir);
  await assert.rejects(run(), coded('backup.not-empty'));
  // As if it had been cut off after that: the rows are the library's now.
  mkdirSync(path.join(dataDir, 'restoring'));
  await assert.rejects(run(), coded('backup.not-empty'));
});

test('rows of another backup are left alone, and the restore stays unfinished', async (t) => {
  const { dataDir, thumbsDir, file, cutOff, roots, run } = await place(t);
  await cutOff();
  await backUp({ sql: library.sql, thumbsDir, version: '1.2.4' }, file, true);
  await assert.rejects(run(), coded('backup.not-empty'));
  assert.deepEqual(await roots(), ['/camera']);
  assert.throws(() => assertNotRestoring(dataDir), coded('backup.unfinished'));
});

test('a database that is in use is refused before anything is written', async (t) => {
  const { config, file } = await place(t);
  const used = { ...config, databaseUrl: library.url };
  await assert.rejects(
    restore(used, file, () => undefined),
    coded('backup.not-empty'),
  );
  assertNotRestoring(used.dataDir);
});
