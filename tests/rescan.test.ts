import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, utimesSync, appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';

const rescan = async (house: RunningHouse, options: object = {}) => {
  const { status, body } = await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1, ...options });
  assert.equal(status, 202, JSON.stringify(body));
  const before = await house.job('import/1');
  return { import: await house.ended('import/1'), scan: await house.ended('scan/1'), before };
};

test('a rescan follows what changed on disk, and nothing else', async (t) => {
  const photos = temporaryDir(t);
  const [kept, changed, doomed] = ['kept', 'changed', 'doomed'].map((name) => path.join(photos, name)) as [
    string,
    string,
    string,
  ];
  for (const [i, dir] of [kept, changed, doomed].entries()) {
    for (let f = 0; f < 3; f++) await writePicture(path.join(dir, `f${f}.jpg`), `rgb(${i * 80}, ${f * 80}, 7)`);
    settle(dir);
  }
  settle(photos);
  const house = await startHouse(t, { imports: [photos], faces: false });
  assert.equal((await house.until('awaiting jobs')).coverage.read, 9);

  await t.test('unchanged dirs are not read again', async () => {
    const { scan } = await rescan(house);
    assert.deepEqual(scan.result, { dirs: 4, changedDirs: 0, failedDirs: 0, num_files: 9 });
  });

  await t.test('new files, changed files and new dirs are read; gone ones leave the pages', async () => {
    await writePicture(path.join(changed, 'new.jpg'), 'rgb(1,1,250)');
    await writePicture(path.join(changed, 'f0.jpg'), 'rgb(250,250,1)', new Date('2024-06-01T00:00:00Z'));
    rmSync(path.join(changed, 'f1.jpg'));
    await writePicture(path.join(photos, 'fresh', 'inner', 'g.jpg'), 'rgb(4,250,4)');
    rmSync(doomed, { recursive: true });
    const { scan } = await rescan(house);
    assert.equal(scan.status, 'completed');
    // kept 3, changed 3 (one new, one gone), fresh/inner 1
    assert.equal(scan.result?.num_files, 7);
    assert.equal(scan.result.failedDirs, 0);
    const files = await house.files('order=name');
    assert.deepEqual(files.map((file) => path.basename(file.path)).toSorted(), [
      'f0.jpg',
      'f0.jpg',
      'f1.jpg',
      'f2.jpg',
      'f2.jpg',
      'g.jpg',
      'new.jpg',
    ]);
    assert.ok(files.every((file) => file.readAt !== null && file.error === null));
  });

  await t.test('a change that leaves the dir as it was is found by a deep scan only', async () => {
    settle(kept, changed, path.join(photos, 'fresh'), path.join(photos, 'fresh', 'inner'), photos);
    await rescan(house);
    const file = path.join(kept, 'f2.jpg');
    const before = (await house.files('order=name')).find((each) => each.path === file)?.hash;
    appendFileSync(file, 'more');
    utimesSync(file, new Date('2024-07-01T00:00:00Z'), new Date('2024-07-01T00:00:00Z'));
    settle(kept);
    await rescan(house);
    assert.equal((await house.files('order=name')).find((each) => each.path === file)?.hash, before);
    await rescan(house, { deep: true });
    assert.notEqual((await house.files('order=name')).find((each) => each.path === file)?.hash, before);
  });

  await t.test('a file that is still being written is waited for', async () => {
    const file = path.join(photos, 'growing', 'slow.bin');
    mkdirSync(path.dirname(file));
    writeFileSync(file, 'a');
    const writer = setInterval(() => appendFileSync(file, 'a'), 200);
    const { body } = await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
    assert.deepEqual(body, { id: 'import/1' });
    await eventually('the growing file to be found', 30_000, async () => (await house.status()).coverage.files === 8);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal((await house.status()).coverage.read, 7, 'it is not read while it grows');
    const inPlace = path.join(kept, 'f0.jpg');
    const hashOf = async () => (await house.files('order=name')).find(({ path }) => path === inPlace)?.hash;
    const before = await hashOf();
    appendFileSync(inPlace, 'more');
    utimesSync(inPlace, new Date('2024-08-01T00:00:00Z'), new Date('2024-08-01T00:00:00Z'));
    await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1, deep: true });
    clearInterval(writer);
    await house.ended('import/1');
    assert.notEqual(await hashOf(), before, 'a deeper look asked for meanwhile is taken after it');
    const found = (await house.files('order=name')).find((each) => each.name === 'slow.bin');
    assert.equal(found?.error, null);
    assert.ok(found.size > 10);
  });

  await t.test('one dir alone can be read again', async () => {
    await writePicture(path.join(kept, 'alone.jpg'), 'rgb(77,0,77)');
    const { dirs } = (await house.get('/api/dirs')) as { dirs: { id: number; path: string }[] };
    const id = dirs.find((dir) => dir.path === kept)?.id;
    const { body } = await house.send('POST', '/api/jobs', { kind: 'dirChain', dir: id });
    assert.deepEqual(body, { id: `dir/${id}` });
    const job = await house.ended(`dir/${id}`);
    assert.deepEqual(
      job.steps.map((step) => [step.name, step.status]),
      [
        ['scan', 'done'],
        ['thumbs', 'done'],
        ['faces', 'done'],
        ['identify', 'done'],
      ],
    );
    assert.ok((await house.files('order=name')).some((file) => file.name === 'alone.jpg' && file.readAt));
  });
});

test('a path that is offline fails with the reason, and nothing is taken for deleted', async (t) => {
  const base = temporaryDir(t);
  const photos = path.join(base, 'disk');
  for (let f = 0; f < 3; f++) await writePicture(path.join(photos, 'a', `f${f}.jpg`), `rgb(3, ${f * 80}, 7)`);
  const house = await startHouse(t, { imports: [photos], faces: false });
  assert.equal((await house.until('awaiting jobs')).coverage.read, 3);
  const fails = async (code: string) => {
    const { scan, import: job } = await rescan(house);
    assert.equal(scan.error?.code, code);
    assert.equal(job.autoFailedBy, 'scan/1');
    assert.equal((await house.files('order=name')).length, 3, 'nothing is taken for deleted');
  };

  await t.test('missing', async () => {
    renameSync(photos, `${photos}.away`);
    await fails('root.missing');
  });
  await t.test('empty, as an unmounted mount point is', async () => {
    mkdirSync(photos);
    await fails('root.empty');
    writeFileSync(path.join(photos, '.DS_Store'), 'x');
    await fails('root.empty');
    rmSync(photos, { recursive: true });
  });
  await t.test('another disk in its place', { skip: process.getuid?.() !== 0 && 'mounting needs root' }, async (t) => {
    mkdirSync(photos);
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', photos]);
    } catch (error) {
      t.skip(`mounting is not allowed here: ${String(error)}`);
      rmSync(photos, { recursive: true });
      return;
    }
    t.after(() => {
      execFileSync('umount', [photos]);
      rmSync(photos, { recursive: true });
    });
    writeFileSync(path.join(photos, 'other.jpg'), 'x');
    await fails('root.other-device');
  });
  await t.test('back again, all is as before', async () => {
    renameSync(`${photos}.away`, photos);
    const { scan, import: job } = await rescan(house);
    assert.deepEqual([scan.status, job.status, scan.result?.num_files], ['completed', 'completed', 3]);
  });
});
