import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../sql/database.ts';
import { startHouse } from './support/house.ts';
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
