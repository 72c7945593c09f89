import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Job } from '../model/job.ts';
import { openDatabase } from '../sql/database.ts';
import { eventually, startHouse } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';

const mount = (dir: string) => spawnSync('mount', ['-t', 'tmpfs', 'photos', dir]).status === 0;
const mountAgain = (from: string, to: string) => execFileSync('mount', ['--bind', from, to]);
const unmount = (dir: string) => execFileSync('umount', [dir]);

test('a path that is unmounted, emptied or renamed loses nothing, whatever is asked of it', async (t) => {
  const base = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-test-'));
  const photos = path.join(base, 'photos');
  const otherDisk = path.join(base, 'another disk');
  for (const dir of [photos, otherDisk]) mkdirSync(dir);
  // Both at once, for a number of a disk is given again when it is free.
  const mounted = mount(photos) && mount(otherDisk);
  t.after(() => {
    spawnSync('umount', [photos]);
    spawnSync('umount', [otherDisk]);
    rmSync(base, { recursive: true });
  });
  if (!mounted) return t.skip('this needs the right to mount a file system');
  for (let f = 0; f < 40; f++) writeOld(path.join(photos, 'trip', `n${f}.txt`), `note ${f}`);
  settle(path.join(photos, 'trip'), photos);
  const house = await startHouse(t, { imports: [photos], faces: false });
  await house.until('awaiting jobs');
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  t.after(() => sql.end());
  const known = async () =>
    await sql`
      SELECT file.id, convert_from(fname, 'UTF8') AS name, file.gone_after, file.missing_since, dir.missing_since AS dir
      FROM file JOIN dir ON dir.id = dir_id ORDER BY file.id`;
  const before = await known();
  assert.equal(before.length, 40);

  const everythingIsAsked = async (code: string) => {
    for (const kind of ['scanPath', 'importPath', 'removeMissing'] as const) {
      const { body } = await house.send('POST', '/api/jobs', { kind, root: 1 });
      const job = await house.ended((body as { id: string }).id, 60_000);
      assert.equal(job.status, 'failed', kind);
      // An import is not run because its scan failed, which has told why.
      if (kind !== 'importPath') assert.equal(job.error?.code, code);
    }
    assert.deepEqual(await known(), before);
    assert.equal((await house.files('order=name')).length, 40, 'they are shown as before');
  };

  await t.test('renamed', async () => {
    unmount(photos);
    renameSync(photos, `${photos}.renamed`);
    await everythingIsAsked('root.missing');
    renameSync(`${photos}.renamed`, photos);
  });

  await t.test('unmounted', async () => {
    assert.deepEqual(readdirSync(photos), []);
    await everythingIsAsked('root.empty');
  });

  await t.test('another disk in its place, empty or not', async () => {
    mountAgain(otherDisk, photos);
    await everythingIsAsked('root.empty');
    writeOld(path.join(photos, 'something else.jpg'), 'of another disk');
    await everythingIsAsked('root.other-device');
    unmount(photos);
  });

  await t.test('gone, with its mount point', async () => {
    rmdirSync(photos);
    await everythingIsAsked('root.missing');
  });
});

test('a path that goes away while it is read leaves no file behind that is taken for read', async (t) => {
  const base = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-test-'));
  t.after(() => rmSync(base, { recursive: true }));
  const photos = path.join(base, 'photos');
  const dirs = Array.from({ length: 20 }, (_, d) => path.join(photos, `trip ${d}`));
  const inEach = 30;
  for (const dir of dirs) for (let f = 0; f < inEach; f++) writeOld(path.join(dir, `n${f}.txt`), `note ${dir} ${f}`);
  settle(...dirs, photos);
  const house = await startHouse(t, { imports: [photos], faces: false });
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  t.after(() => sql.end());
  const counted = async () => {
    const [counts] = await sql<{ read: number; failed: number }[]>`
      SELECT count(read_at)::int AS read, count(error_code)::int AS failed FROM file`;
    return counts ?? { read: 0, failed: 0 };
  };
  await eventually('some files to be read', 240_000, async () => (await counted()).read > 0);
  const { workers } = (await house.get('/api/status')) as { workers: { name: string; pid: number }[] };
  const io = workers.find(({ name }) => name === 'io')?.pid ?? 0;
  process.kill(io, 'SIGSTOP');
  renameSync(photos, `${photos} away`);
  process.kill(io, 'SIGCONT');
  await house.ended('import/1', 240_000);
  const { read, failed } = await counted();
  const { jobs } = (await house.get('/api/jobs?kind=dirChain&status=failed')) as { jobs: Job[] };
  assert.deepEqual([...new Set(jobs.map(({ error }) => error?.code))], ['root.missing']);
  assert.equal(failed, 0, 'no file is taken for gone');
  assert.ok(read < dirs.length * inEach, 'it was in the middle');

  renameSync(`${photos} away`, photos);
  await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
  assert.equal((await house.ended('import/1', 240_000)).status, 'completed');
  assert.deepEqual(await counted(), { read: dirs.length * inEach, failed: 0 });
});
