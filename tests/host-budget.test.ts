import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Type from 'typebox';
import Value from 'typebox/value';
import { listJobWaits, storeJobWaits } from '../sql/job-waits.ts';
import { quickDatabase } from './support/database.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';

const patience = 60_000;
const Waits = Type.Object({ waits: Type.Array(Type.Object({ job: Type.String(), why: Type.String() })) });
const Line = Type.Object({ activity: Type.String(), job: Type.String(), attempt: Type.Integer() });

/** The time of day so many hours from now, in the house's zone. */
const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);

const waitsOf = async (house: RunningHouse) =>
  Value.Parse(Waits, Value.Clean(Waits, await house.get('/api/status'))).waits;

test('bulk work waits for the hours of the disks and says so; what a person waits for runs on', async (t) => {
  const photos = temporaryDir(t);
  await writePicture(path.join(photos, 'a', 'first.jpg'), 'red');
  settle(path.join(photos, 'a'), photos);
  const house = await startHouse(t);
  await house.until('configuration needed', patience);
  const save = async (settings: object) => {
    assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
  };
  const diskFrom = hour(2);
  const why = `waits for the hours of the disks to begin at ${diskFrom}`;
  const waiting = (id: string) =>
    eventually(`${id} to wait`, patience, async () => (await house.job(id)).waitsBecause === why);

  await t.test('a first import reads nothing before, and every page of it tells why', async () => {
    await save({ diskFrom, diskTo: hour(3), importPaths: [photos], lookForFaces: false });
    await waiting('scan/1');
    assert.deepEqual(await waitsOf(house), [{ job: 'scan/1', why }]);
    assert.equal((await house.job('find')).waitsBecause, why);
    for (const page of ['/jobs/job/scan%2F1', '/jobs', '/status'])
      assert.match(await (await fetch(house.url + page)).text(), /aits for the hours of the disks to begin at /, page);
    // Longer than a worker that says nothing is taken for alive.
    await sleep(24_000);
    assert.equal((await house.job('scan/1')).status, 'running');
    assert.deepEqual(await house.files(), []);
    const { roots } = (await house.get('/api/roots')) as { roots: { watchedDirs: number | null }[] };
    assert.deepEqual(
      roots.map(({ watchedDirs }) => watchedDirs),
      [null],
      'nor is a dir looked at to be watched',
    );
  });

  await t.test('a saved setting acts at once, and nothing was begun anew meanwhile', async () => {
    await save({ diskFrom: '', diskTo: '', watchImports: false });
    await house.until('awaiting jobs', patience);
    assert.equal((await house.files()).length, 1);
    assert.deepEqual(await waitsOf(house), []);
    const log = readFileSync(path.join(house.dataDir, 'logs', 'io.log'), 'utf8');
    const lines = log.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
    const scans = lines.filter((line) => Value.Check(Line, line) && line.activity === 'scanRoot');
    assert.deepEqual(
      scans.map((line) => Value.Parse(Line, Value.Clean(Line, line))),
      [{ activity: 'scanRoot', job: 'scan/1', attempt: 1 }],
    );
  });

  await t.test('a scan of what has not changed opens no file, and no dir but the root', async () => {
    const below = readdirSync(photos, { recursive: true, encoding: 'utf8' }).map((name) => path.join(photos, name));
    // The system notes a read where the one before is older than the last change.
    const old = new Date('2024-05-01T00:00:00Z');
    for (const entry of below) utimesSync(entry, old, statSync(entry).mtime);
    const probe = temporaryDir(t);
    utimesSync(probe, old, new Date('2024-05-04T12:00:00Z'));
    readdirSync(probe);
    if (statSync(probe).atimeMs === old.getTime()) return t.diagnostic('this file system notes no reads');
    await house.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 });
    const { result, status } = await house.ended('scan/1', patience);
    assert.deepEqual([status, result?.changedDirs, result?.dirs], ['completed', 0, 2]);
    for (const entry of below) assert.equal(statSync(entry).atimeMs, old.getTime(), entry);
  });

  await t.test('a dir that a person asks for is read in between, a path is not', async () => {
    await save({ diskFrom, diskTo: hour(3) });
    const { roots } = Value.Parse(
      Type.Object({ roots: Type.Array(Type.Object({ id: Type.Integer() })) }),
      await house.get('/api/roots'),
    );
    assert.equal(roots.length, 1);
    await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
    await waiting('import/1');
    await writePicture(path.join(photos, 'a', 'second.jpg'), 'blue');
    settle(path.join(photos, 'a'));
    const [file] = await house.files();
    await house.send('POST', '/api/jobs', { kind: 'dirChain', dir: file?.dir });
    assert.equal((await house.ended(`dir/${file?.dir}`, patience)).status, 'completed');
    assert.equal((await house.files()).length, 2);
    assert.equal((await house.job('import/1')).waitsBecause, why);
  });

  await t.test('what waits can be canceled', async () => {
    await house.send('POST', '/api/jobs/import%2F1/cancel');
    assert.equal((await house.ended('import/1', patience)).status, 'canceled');
    await eventually('no job to wait', patience, async () => (await waitsOf(house)).length === 0);
  });
});

test('of two workers of one kind on a machine, each says what waits in it', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  const worker = { host: 'h', worker: 'ai' };
  const waiting = async () => (await listJobWaits(sql)).map(({ job, why }) => `${job}: ${why}`).toSorted();
  await storeJobWaits(sql, worker, new Map([['faces/1', 'on battery']]), []);
  await storeJobWaits(sql, worker, new Map([['faces/2', 'on battery']]), []);
  assert.deepEqual(await waiting(), ['faces/1: on battery', 'faces/2: on battery']);
  await storeJobWaits(sql, worker, new Map([['faces/2', 'quiet hours']]), []);
  await storeJobWaits(sql, worker, new Map(), ['faces/1']);
  assert.deepEqual(await waiting(), ['faces/2: quiet hours']);
});
