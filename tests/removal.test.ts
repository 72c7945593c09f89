import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { thumbPath } from '../photos/thumb-path.ts';
import { openDatabase } from '../sql/database.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writeOld, writePicture } from './support/pictures.ts';

/** Imports the path again; its scan has ended, too. */
const rescan = async (house: RunningHouse) => {
  const { status, body } = await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
  assert.equal(status, 202, JSON.stringify(body));
  assert.equal((await house.ended('import/1')).status, 'completed');
};

const asked = (house: RunningHouse, files: number) =>
  eventually(`the question about ${files} files`, 30_000, async () => {
    const job = await house.job('remove/1');
    return job.status === 'needs-approval' && job.asks?.files === files && job;
  });

const answer = async (house: RunningHouse, word: 'approve' | 'reject') => {
  const { status } = await house.send('POST', `/api/jobs/remove%2F1/${word}`);
  assert.equal(status, 202);
  assert.equal((await house.ended('remove/1', 30_000)).status, 'completed');
};

test('files that are gone: found again, asked about, and removed with their thumbnails', async (t) => {
  const photos = temporaryDir(t);
  const at = (place: string) => path.join(photos, place);
  for (let f = 0; f < 3; f++) await writePicture(at(`kept/p${f}.jpg`), `rgb(${f * 80}, 200, 7)`);
  for (let f = 0; f < 30; f++) writeOld(at(`card/n${f}.txt`), `note ${f}`);
  settle(at('kept'), at('card'), photos);
  const house = await startHouse(t, { imports: [photos], faces: false });
  assert.equal((await house.until('awaiting jobs')).coverage.read, 33);
  const numbers = async () =>
    new Map((await house.files('order=name')).map((file) => [path.relative(photos, file.path), file.id]));
  const before = await numbers();

  await t.test('a directory that was renamed keeps what is known of its files', async () => {
    renameSync(at('kept'), at('renamed'));
    await rescan(house);
    const now = await numbers();
    for (const f of [0, 1, 2]) assert.equal(now.get(`renamed/p${f}.jpg`), before.get(`kept/p${f}.jpg`));
    assert.equal(now.size, 33);
  });

  await t.test('a directory that is suddenly empty is asked about, and nothing is removed meanwhile', async () => {
    renameSync(at('card'), `${photos}.card`);
    t.after(() => rmSync(`${photos}.card`, { recursive: true, force: true }));
    mkdirSync(at('card'));
    await rescan(house);
    const job = await asked(house, 30);
    assert.deepEqual(job.asks, { files: 30, of: 33 });
    assert.equal((await numbers()).size, 33);
    const page = await (await fetch(`${house.url}/`)).text();
    assert.match(page, /30 files of 33 are not there any more/);
    assert.equal((await house.jobs('status=needs-approval')).length, 1);
  });

  await t.test('rejected, nothing is done, and it is not asked again about the same', async () => {
    await answer(house, 'reject');
    await rescan(house);
    assert.equal((await house.job('remove/1')).status, 'completed');
    assert.equal((await numbers()).size, 33);
    assert.equal((await house.send('POST', '/api/jobs/remove%2F1/approve')).status, 409);
  });

  await t.test('one more is another question; back again, it is answered by itself', async () => {
    renameSync(at('renamed/p2.jpg'), `${photos}.p2`);
    await rescan(house);
    await asked(house, 31);
    renameSync(`${photos}.p2`, at('renamed/p2.jpg'));
    rmSync(at('card'), { recursive: true });
    renameSync(`${photos}.card`, at('card'));
    await rescan(house);
    assert.equal((await house.ended('remove/1', 30_000)).status, 'completed');
    assert.equal((await numbers()).size, 33);
  });

  await t.test('approved, they leave the pages; after the grace time the database and the disk', async () => {
    const picture = (await house.files('order=name')).find((file) => file.name === 'p0.jpg');
    const tile = thumbPath(path.join(house.dataDir, 'thumbs'), picture?.hash ?? '', 320);
    assert.ok(existsSync(tile));
    rmSync(at('card'), { recursive: true });
    rmSync(at('renamed/p0.jpg'));
    await rescan(house);
    await asked(house, 31);
    await answer(house, 'approve');
    assert.equal((await numbers()).size, 2);
    assert.ok(existsSync(tile));
    const sql = openDatabase(house.house().databaseUrl, { max: 1 });
    try {
      for (const table of ['file', 'dir']) {
        await sql`UPDATE ${sql(table)} SET gone_after = now(), missing_since = now() - interval '31 days' WHERE missing_since IS NOT NULL`;
      }
      const { output } = await house.command('remove-missing');
      assert.match(output, /remove\/1/);
      assert.equal((await house.ended('remove/1', 30_000)).status, 'completed');
      assert.equal((await sql`SELECT FROM file`).length, 2);
      assert.deepEqual(await sql`SELECT FROM dir WHERE missing_since IS NOT NULL`.then((rows) => rows.length), 0);
    } finally {
      await sql.end();
    }
    assert.ok(!existsSync(tile));
  });

  await t.test('a path that is away is asked about nothing, and nothing of it is removed', async () => {
    renameSync(photos, `${photos}.away`);
    await house.send('POST', '/api/jobs', { kind: 'removeMissing', root: 1 });
    assert.equal((await house.ended('remove/1', 30_000)).error?.code, 'root.missing');
    renameSync(`${photos}.away`, photos);
    assert.equal((await numbers()).size, 2);
  });
});
