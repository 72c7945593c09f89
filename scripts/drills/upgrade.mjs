/**
 * Libraries of all earlier versions are restored and started by this one, then one whose database an earlier Postgres has
 * made, and one of a version to come.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { forAWhile } from '../../dist/engine/supervisor/for-a-while.js';
import { fetchPostgres } from '../../dist/engine/supervisor/old-postgres.js';
import { freePort } from '../../dist/engine/supervisor/ports.js';
import { serverOn } from '../../dist/engine/supervisor/postgres.js';
import { makeCluster, ownMajor, readPassword } from '../../dist/engine/supervisor/postgres-cluster.js';
import { findPostgresUser } from '../../dist/engine/supervisor/postgres-user.js';
import { checkBackup } from '../../dist/engine/backup/check-backup.js';
import { loadDatabase } from '../../dist/engine/backup/load-backup.js';
import { root } from '../sources.mjs';
import { rowsNow, savedRows } from './saved-rows.mjs';
import { check, checkSame, command, drill, known, step } from './support.mjs';

const saved = join(root, 'tests', 'backups');
const lasting = [
  ...['root', 'dir', 'file', 'content', 'face', 'person', 'refimg', 'file_person_link'],
  ...['setting', 'account', 'move_plan', 'move_choice', 'move'],
];
/** Columns of one run, and what follows from others. */
const passing = {
  root: ['scanned_from', 'watched_dirs', 'watch_trouble'],
  dir: ['last_scan', 'num_read', 'num_failed', 'described'],
};
/** Of files that were saved before this migration all that was read is forgotten: it was too little. */
const readAnewSince = '0002-camera-truth';
const readOfFile = ['hash', 'read_at', 'error_step', 'error_code', 'error_message'];

await drill('upgrade', async ({ place, start }) => {
  const backups = readdirSync(saved).sort();
  step(`1. Libraries of earlier versions are restored and started: ${backups.join(', ')}.`);
  let newest;
  for (const name of backups) {
    const [file, dataDir] = [join(saved, name), join(place, name)];
    const manifest = await checkBackup(file, Infinity);
    const { code, output } = await command(dataDir, 'restore', file);
    check(`${name}: restored`, code === 0, output);
    const house = await start({ dataDir });
    await house.until('awaiting jobs');
    const changed = await changedSince(file, manifest, house.databaseUrl());
    const { file: files, person: people, move: moves } = await known(house.databaseUrl());
    check(
      `${name}: it is awaiting jobs, with all that was in it (${files.length} files, ${people.length} persons, ${moves.length} moves)`,
      changed.length === 0,
      changed.join(', '),
    );
    await house.stop();
    newest = file;
  }

  step(`2. Its database is of Postgres ${ownMajor - 1}, this version brings ${ownMajor}.`);
  const dataDir = join(place, 'older-postgres');
  const before = await makeOlder(dataDir, newest);
  const house = await start({ dataDir });
  await house.until('awaiting jobs');
  const kept = join(dataDir, 'postgres', `cluster-of-postgres-${ownMajor - 1}-kept`);
  check('it was told on the console', house.output().includes(kept), house.output());
  check('the old database is kept beside it', existsSync(kept));
  check('and in the log', readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8').includes(kept));
  const now = await known(house.databaseUrl());
  for (const table of ['person', 'face', 'file_person_link', 'move', 'move_choice', 'setting'])
    checkSame(
      `${table} is what it was`,
      onlyWhatWas(now[table], before[table]),
      before[table].map((row) => JSON.parse(row)),
    );
  const running = house.databaseUrl();

  step('3. A newer version has used the database: this one refuses it.');
  const sql = postgres(running, { max: 1 });
  await sql`INSERT INTO migration (name, run_on) VALUES ('9999-from-the-future', now())`;
  await sql.end();
  for (const args of [['migrate'], ['worker', '--queues', 'io'], ['web']]) {
    const { code, output } = await command(dataDir, ...args);
    check(`${args[0]} says so and ends`, code === 1 && output.includes('database.newer'), output);
  }
  await house.stop();
  const { code, output } = await command(dataDir, 'start');
  check(
    'start says so and ends',
    code === 1 && output.includes('database.newer') && output.includes('Update Photo Assistant'),
    output,
  );
});

/**
 * Compares what people said, what was found in files, and which files there are with what is there now, column by column.
 * @returns the tables that are not what they were
 */
async function changedSince(file, { tables, migrations }, databaseUrl) {
  const isReadAnew = !migrations.includes(readAnewSince);
  const kept = tables.filter(({ name }) => lasting.includes(name) && !(isReadAnew && name === 'content'));
  const saved = await savedRows(file, kept);
  const sql = postgres(databaseUrl, { max: 1 });
  const changed = [];
  for (const { name, columns } of kept) {
    const leftOut = [...(passing[name] ?? []), ...(isReadAnew && name === 'file' ? readOfFile : [])];
    const compared = columns.filter((column) => !leftOut.includes(column));
    const asTexts = (rows) => rows.map((row) => compared.map((column) => row[column]).join('\t')).sort();
    const now = asTexts(await rowsNow(sql, name, compared));
    if (now.join('\n') !== asTexts(saved.get(name)).join('\n')) changed.push(name);
  }
  await sql.end();
  return changed;
}

/** Rows without what this version has added to them. */
function onlyWhatWas(rows, before) {
  const columns = Object.keys(JSON.parse(before[0] ?? '{}'));
  return rows.map((row) => JSON.parse(row)).map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])));
}

/** A data folder whose database an earlier Postgres has made, with what a backup holds. @returns what is in it */
async function makeOlder(dataDir, file) {
  const dir = join(dataDir, 'postgres');
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const [cluster, runAs] = [join(dir, 'cluster'), await findPostgresUser(dir)];
  const password = readPassword(dir, runAs);
  const programs = await fetchPostgres(ownMajor - 1, dir);
  await makeCluster(programs, dir, cluster, runAs);
  const { plan, databaseUrl } = serverOn({ programs, cluster, runAs, password, port: await freePort() });
  return await forAWhile(plan, dataDir, async () => {
    await loadDatabase(file, await checkBackup(file, Infinity), databaseUrl, async () => {});
    return await known(databaseUrl);
  });
}
