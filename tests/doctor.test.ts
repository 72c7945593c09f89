import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { checkClockIsKept } from '../cli/doctor/clock.ts';
import { Report } from '../cli/doctor/finding.ts';
import { schedulerOf } from '../cli/doctor/io-scheduler.ts';
import { findProgram } from '../engine/priority.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { openDatabase } from '../sql/database.ts';
import { program, startHouse, temporaryDir } from './support/house.ts';
import { mountNew } from './support/mounts.ts';
import { writePicture } from './support/pictures.ts';

/** As a user runs it. */
async function doctor(env: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> {
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(await freePort()), ...env };
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, 'doctor', ...args], { env: own }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

async function report(env: Record<string, string>) {
  const { code, output } = await doctor(env, '--json');
  const told = Value.Parse(Report, JSON.parse(output));
  const found = (check: string) => told.findings.filter((finding) => finding.check === check);
  const levels = (check: string) => found(check).map(({ level }) => level);
  assert.equal(code, told.findings.some(({ level }) => level === 'bad') ? 1 : 0);
  for (const { check, level, todo } of told.findings) assert.equal(todo === null, level === 'good', check);
  return { ...told, found, levels };
}

/** What it says of the room there is: as much as the machine has. */
function roomOf(dir: string): 'good' | 'warning' | 'bad' {
  const { bavail, bsize } = statfsSync(dir);
  const gigabytes = (bavail * bsize) / 1024 ** 3;
  return gigabytes < 0.2 ? 'bad' : gigabytes < 5 ? 'warning' : 'good';
}

test('doctor, of a house that runs, is stopped, and is in a bad way', async (t) => {
  const photos = temporaryDir(t);
  const gone = path.join(temporaryDir(t), 'gone');
  await writePicture(path.join(photos, 'p.jpg'), 'red');
  const dataDir = temporaryDir(t, 'photo-assistant-data-');
  const env = { PHOTO_ASSISTANT_DATA: dataDir };
  const house = await startHouse(t, { imports: [photos, gone], dataDir });
  await house.until('awaiting jobs');

  await t.test('running', async () => {
    const { running, findings, found, levels } = await report(env);
    assert.equal(running, true);
    const scheduler = schedulerOf(statSync(dataDir, { bigint: true }).dev);
    assert.deepEqual([...new Set(findings.map(({ check }) => check))].toSorted(), [
      ...['clock', 'data-folder', 'data-room', 'exiftool', 'ffmpeg', 'idle-priority'],
      ...(scheduler ? ['io-scheduler'] : []),
      ...['node', 'path', 'port', 'postgres', 'postgres-program', 'schema', 'secret', 'temporal', 'temporal-program'],
      ...['tensorflow', 'time-zone', 'version'],
    ]);
    for (const check of [
      ...['node', 'exiftool', 'postgres', 'postgres-program', 'temporal', 'temporal-program', 'schema', 'port'],
      ...['data-folder', 'version'],
    ]) {
      assert.deepEqual(levels(check), ['good'], `${check}: ${JSON.stringify(found(check))}`);
    }
    assert.match(found('version')[0]?.text ?? '', /^Photo Assistant \d+\.\d+\.\d+\+[0-9a-f]{8}$/);
    assert.deepEqual(levels('secret'), ['good', 'good']);
    assert.deepEqual(levels('path').toSorted(), ['bad', 'good']);
    assert.ok(found('path').some(({ text, level }) => level === 'bad' && text.includes(gone)));
    assert.match(found('postgres')[0]?.text ?? '', /Postgres \d+/);
    assert.match(found('temporal')[0]?.text ?? '', /Temporal \d+/);
    // What depends on the machine is told as it is.
    assert.deepEqual(found('clock'), [checkClockIsKept()], 'the database of its own goes by the same clock');
    const ffmpeg = await import('node-av').then(
      () => true,
      () => false,
    );
    assert.deepEqual(levels('ffmpeg'), [ffmpeg ? 'good' : 'warning']);
    assert.deepEqual(levels('data-room'), [roomOf(dataDir)]);
    if (scheduler) assert.deepEqual(levels('io-scheduler'), [scheduler.idle ? 'good' : 'warning']);
    assert.deepEqual(levels('idle-priority'), [findProgram('ionice') ? 'good' : 'warning']);
  });

  await t.test('with a worker elsewhere that was built of other sources', async () => {
    const sql = openDatabase(house.house().databaseUrl, { max: 1 });
    const here = (await report(env)).version;
    const ofOther = async (version: string) => {
      await sql`DELETE FROM worker WHERE host = 'elsewhere'`;
      await sql`
        INSERT INTO worker (name, host, pid, queues, version, io_class, niceness, memory, started_at)
        VALUES ('ai', 'elsewhere', 1, '{ai}', ${version}, 'idle', 19, 1, now())`;
      return (await report(env)).levels('version');
    };
    assert.deepEqual(await ofOther(here), ['good']);
    assert.deepEqual(await ofOther(`${here.split('+')[0]}+00000000`), ['good', 'bad']);
    await sql`DELETE FROM worker WHERE host = 'elsewhere'`;
    await sql.end();
  });

  await t.test('in another environment', async () => {
    const tools = path.join(temporaryDir(t), 'tools');
    mkdirSync(tools);
    const { found, levels } = await report({
      ...env,
      PATH: tools,
      TZ: 'Asia/Kolkata',
      PHOTO_ASSISTANT_TENSORFLOW: 'wasm',
      DATABASE_URL: house.house().databaseUrl,
      TEMPORAL_ADDRESS: house.house().temporalAddress,
    });
    assert.deepEqual(levels('idle-priority'), ['warning']);
    assert.match(found('idle-priority')[0]?.text ?? '', /no ionice/);
    assert.match(found('time-zone')[0]?.text ?? '', /Asia\/(Kolkata|Calcutta)/);
    assert.deepEqual(levels('tensorflow'), ['good']);
    assert.match(found('tensorflow')[0]?.text ?? '', /WebAssembly, as PHOTO_ASSISTANT_TENSORFLOW says/);
    assert.match(found('clock')[0]?.text ?? '', /^The clocks of this machine and of the database/);
    assert.deepEqual(found('clock').slice(1), [checkClockIsKept()]);
    assert.deepEqual([levels('postgres-program'), levels('temporal-program')], [[], []], 'others run them');
    assert.match(found('temporal')[0]?.text ?? '', /at TEMPORAL_ADDRESS answers/);
  });

  await t.test('where paths lie elsewhere', async () => {
    const { found, levels } = await report({ ...env, PHOTO_ASSISTANT_PATH_MAP: `${gone}=${photos}` });
    assert.deepEqual(levels('path'), ['good', 'good']);
    assert.ok(found('path').some(({ text }) => text.startsWith(`Import path ${gone} (${photos} on this machine)`)));
  });

  await t.test('on a disk that is small, and then can not be written', async (t) => {
    const disk = mountNew(t, 'tmpfs', 1);
    if (typeof disk === 'string') return t.skip(disk);
    const settings = { importPaths: [photos, gone], storagePaths: [disk.dir], acceptMissingPaths: true };
    assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
    const small = await report(env);
    assert.deepEqual([small.levels('path-room'), small.levels('path-writable')], [['bad'], []]);
    assert.ok(small.found('path').some(({ text }) => text.includes(`tmpfs, mounted at ${disk.dir}`)));
    execFileSync('mount', ['-o', 'remount,ro', disk.dir]);
    const still = await report(env);
    assert.deepEqual([still.levels('path-room'), still.levels('path-writable')], [[], ['warning']]);
    await house.send('PUT', '/api/settings', { ...settings, storagePaths: [] });
  });

  await t.test('stopped', async () => {
    await house.stop();
    mkdirSync(gone);
    const { running, levels } = await report(env);
    assert.equal(running, false);
    assert.deepEqual(levels('path'), ['good', 'good']);
    for (const check of ['postgres', 'schema', 'port']) assert.deepEqual(levels(check), ['good'], check);
    assert.deepEqual(levels('temporal'), [], 'it does not run, and need not');
  });

  await t.test('open to others, with another database than there is', async () => {
    chmodSync(dataDir, 0o755);
    chmodSync(path.join(dataDir, 'postgres', 'password'), 0o644);
    const { found, levels } = await report({ ...env, DATABASE_URL: 'postgres://a:secret@127.0.0.1:9/b' });
    assert.deepEqual(levels('data-folder'), ['bad']);
    assert.equal(found('data-folder')[0]?.todo, `chmod 700 ${dataDir}`);
    assert.deepEqual(levels('secret'), ['bad']);
    assert.deepEqual(levels('postgres'), ['bad']);
    assert.ok(!JSON.stringify(found('postgres')).includes('secret'));
    chmodSync(dataDir, 0o700);
    chmodSync(path.join(dataDir, 'postgres', 'password'), 0o600);
  });

  await t.test('with a database of a Postgres to come', async () => {
    writeFileSync(path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '99\n');
    assert.deepEqual((await report(env)).levels('postgres-program'), ['bad']);
  });

  await t.test('on a data folder that is not there', async () => {
    const { code, output } = await doctor({ PHOTO_ASSISTANT_DATA: path.join(gone, 'data') });
    assert.equal(code, 0, output);
    assert.match(output, /^good\s+node/m);
    assert.match(output, /\d+ good, \d+ to look at, 0 bad/);
    assert.ok(!existsSync(path.join(gone, 'data')), 'nothing is made by looking');
  });
});
