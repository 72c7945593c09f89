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
import { check, checkSame, command, drill, known, step } from './support.mjs';

const saved = join(root, 'tests', 'backups');

await drill('upgrade', async ({ place, start }) => {
  const backups = readdirSync(saved).sort();
  step(`1. Libraries of earlier versions are restored and started: ${backups.join(', ')}.`);
  let newest;
  for (const name of backups) {
    const [file, dataDir] = [join(saved, name), join(place, name)];
    const { tables } = await checkBackup(file, Infinity);
    const { code, output } = await command(dataDir, 'restore', file);
    check(`${name}: restored`, code === 0, output);
    const house = await start({ dataDir });
    await house.until('awaiting jobs');
    const now = await known(house.databaseUrl());
    // What was read is read again after some updates; what people said, and which files there are, stays.
    const lost = [
      'root',
      'dir',
      'file',
      'setting',
      'person',
      'refimg',
      'face',
      'file_person_link',
      'move',
      'move_choice',
    ].filter((table) => (tables.find((each) => each.name === table)?.rows ?? 0) > now[table].length);
    check(
      `${name}: it is awaiting jobs, with all that was in it (${now.file.length} files, ${now.person.length} persons, ${now.move.length} moves)`,
      lost.length === 0,
      lost.join(', '),
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
