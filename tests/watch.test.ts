import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import Value from 'typebox/value';
import { DirsReply, RootsReply } from '../web/api/schema.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';

const patience = 60_000;

const roots = async (house: RunningHouse) => Value.Parse(RootsReply, await house.get('/api/roots')).roots;
const imports = (house: RunningHouse) => house.jobs('kind=importPath&limit=200');

const save = async (house: RunningHouse, settings: object): Promise<void> => {
  assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
};

/** Waits until so many dirs of the first path are watched, and nothing runs. */
const atRest = (house: RunningHouse, dirs: number) =>
  eventually(`${dirs} dirs to be watched, and rest`, patience, async () => {
    const [root] = await roots(house);
    return root?.watchedDirs === dirs && (await house.status()).jobs.running === 0;
  });

/** Waits until a file is read, with nobody having asked for it. @returns its hash */
const read = (house: RunningHouse, file: string) =>
  eventually(`${file} to be read`, patience, async () => {
    const found = (await house.files('order=name')).find((each) => each.path === file);
    return found?.readAt != null && (found.hash ?? false);
  });

const page = async (house: RunningHouse) => await (await fetch(`${house.url}/status`)).text();

test('what comes into an import path is imported by itself', async (t) => {
  const base = temporaryDir(t);
  const photos = path.join(base, 'photos');
  const known = path.join(photos, 'known');
  await writePicture(path.join(known, 'first.jpg'), 'red');
  settle(known);
  settle(photos);
  const house = await startHouse(t, { imports: [photos], watch: true });
  await save(house, { lookForFaces: false, settleSeconds: 1 });
  await house.until('awaiting jobs');
  await atRest(house, 2);

  await t.test('a file in a dir that is known', async () => {
    await writePicture(path.join(known, 'second.jpg'), 'blue');
    await read(house, path.join(known, 'second.jpg'));
    // The first one may have met the import that follows the first scan.
    await atRest(house, 2);
    await writePicture(path.join(known, 'third.jpg'), 'teal');
    await read(house, path.join(known, 'third.jpg'));
  });

  await t.test('a file in a new dir, and one that comes there later', async () => {
    const fresh = path.join(photos, 'fresh', 'inner');
    await writePicture(path.join(fresh, 'one.jpg'), 'green');
    await read(house, path.join(fresh, 'one.jpg'));
    await atRest(house, 4);
    await writePicture(path.join(fresh, 'two.jpg'), 'lime');
    await read(house, path.join(fresh, 'two.jpg'));
  });

  await t.test('a dir of old files that is moved in', async () => {
    const outside = path.join(base, 'outside');
    for (const name of ['a', 'b'])
      await writePicture(path.join(outside, 'deep', `${name}.jpg`), `rgb(${name === 'a' ? 1 : 99}, 3, 3)`);
    settle(path.join(outside, 'deep'), outside);
    renameSync(outside, path.join(photos, 'moved'));
    for (const name of ['a', 'b']) await read(house, path.join(photos, 'moved', 'deep', `${name}.jpg`));
    await atRest(house, 6);
  });

  await t.test('a file that is written in place, which its dir’s time does not show', async () => {
    const file = path.join(photos, 'moved', 'deep', 'a.jpg');
    const before = await read(house, file);
    appendFileSync(file, 'more');
    utimesSync(file, new Date('2024-07-01T00:00:00Z'), new Date('2024-07-01T00:00:00Z'));
    await eventually('its new hash', patience, async () => (await read(house, file)) !== before);
    await atRest(house, 6);
  });

  await t.test('many writes in a row are few imports, and ignored names none', async () => {
    const before = (await imports(house)).length;
    for (let i = 0; i < 40; i++) {
      writeFileSync(path.join(known, `note ${i}.txt`), `${i}`);
      writeFileSync(path.join(known, 'Thumbs.db'), `${i}`);
      await sleep(50);
    }
    await read(house, path.join(known, 'note 39.txt'));
    await atRest(house, 6);
    const jobs = (await imports(house)).length - before;
    assert.ok(jobs > 0 && jobs < 10, `${jobs} imports of 40 writes`);
  });

  await t.test('the page says how many dirs are watched', async () => {
    assert.match(await page(house), /Watched: 6 directories/);
  });

  await t.test(
    'a path that goes away is told, and watched again when it is back, with what came meanwhile',
    async () => {
      renameSync(photos, `${photos}-away`);
      await eventually('the trouble', patience, async () => {
        const [root] = await roots(house);
        return root?.watchedDirs === null && root.watchTrouble?.includes('does not exist');
      });
      assert.match(await page(house), /Not watched\. .*does not exist.*every 24 hours instead/);
      // Longer than it takes to look at what is due several times.
      await sleep(6_000);
      assert.equal((await house.status()).jobs.failed, 0, 'a disk that is taken out fails no job');
      await writePicture(path.join(`${photos}-away`, 'known', 'meanwhile.jpg'), 'pink');
      renameSync(`${photos}-away`, photos);
      await read(house, path.join(known, 'meanwhile.jpg'));
      await atRest(house, 6);
    },
  );

  await t.test('in the quiet hours it is noticed, and imported when they are over', async () => {
    const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);
    await save(house, { quietFrom: hour(-1), quietTo: hour(2) });
    assert.match(await page(house), /Quiet hours until/);
    const before = (await imports(house)).length;
    await writePicture(path.join(known, 'at night.jpg'), 'navy');
    await eventually('the change to be noticed', patience, async () => {
      const { dirs } = Value.Parse(DirsReply, await house.get('/api/dirs'));
      return dirs.find((dir) => dir.path === known)?.mtime === null;
    });
    // Longer than it takes to look at what is due several times.
    await sleep(8_000);
    assert.equal((await imports(house)).length, before);
    await save(house, { quietFrom: '', quietTo: '' });
    await read(house, path.join(known, 'at night.jpg'));
    assert.doesNotMatch(await page(house), /Quiet hours until/);
  });

  await t.test('a new path is watched, and switched off none is', async () => {
    const other = path.join(base, 'other');
    mkdirSync(other);
    await save(house, { importPaths: [photos, other] });
    await eventually('two watched paths', patience, async () =>
      (await roots(house)).every((root) => root.watchedDirs !== null),
    );
    await save(house, { watchImports: false });
    await eventually('no watched path', patience, async () =>
      (await roots(house)).every((root) => root.watchedDirs === null),
    );
    assert.match(await page(house), /Not watched: that is switched off/);
  });
});
