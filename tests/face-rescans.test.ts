import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { ResetPreview, searchSettings, faceNetworks } from '../model/face-scans.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { countSearched } from '../sql/face-search.ts';
import { previewReset, resetDir } from '../sql/reset-faces.ts';
import { countRescan, countRescanned, lastScan, scannedPictures } from '../sql/rescans.ts';
import { confirmName, markFace, rejectName } from '../sql/said.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { emptyLibrary, twoPeople, type FaceLibrary } from './support/face-library.ts';
import { startHouse } from './support/house.ts';

const at = (id: string, what = '') => `/api/jobs/${encodeURIComponent(id)}${what}`;
const usual = { threshold: 0.54, perhaps: 0.06, margin: 0, oncePerPhoto: true };

/** Three dirs with two pictures each, and in each picture a face that looks like one of two people, and a stranger. */
async function threeDirs(sql: Database): Promise<FaceLibrary> {
  const library = await emptyLibrary(sql, 6);
  await twoPeople(library);
  await sql`INSERT INTO dir (root_id, path_prefix) SELECT 1, convert_to(n, 'LATIN1') FROM unnest(ARRAY['b', 'c']) n`;
  await sql`UPDATE file SET dir_id = 1 + (id - 1) / 2`;
  for (const file of library.files.slice(1)) {
    await library.search(file, [
      { place: 1, looks: (file % 2) * 1 + 0.1 },
      { place: 5, looks: 9 },
    ]);
  }
  for (const dir of [1, 2, 3]) await countSearched(sql, dir);
  return library;
}

/** Whatever is found out about faces of this dir fails. */
async function poison(sql: Database, dir: number): Promise<void> {
  await sql.unsafe(`
    CREATE OR REPLACE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF (SELECT dir_id FROM face JOIN file ON file.id = face.file_id WHERE face.id = NEW.face_id) = ${dir} THEN
        RAISE EXCEPTION 'poisoned';
      END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER poisoned BEFORE INSERT OR UPDATE ON file_person_link FOR EACH ROW EXECUTE FUNCTION poisoned();`);
}

const namesIn = async (sql: Database, dir: number) =>
  (
    await sql`SELECT FROM file_person_link JOIN face ON face.id = face_id JOIN file ON file.id = face.file_id WHERE dir_id = ${dir}`
  ).length;

test('scans of faces are run again, and faces forgotten', async (t) => {
  const house = await startHouse(t);
  const sql = openDatabase(house.house().databaseUrl, { max: 2 });
  t.after(() => sql.end());

  await t.test('a dir that fails ends the chain of a person; run again, it goes on there', async () => {
    await threeDirs(sql);
    await poison(sql, 2);
    await house.send('POST', '/api/jobs', { kind: 'identifyPerson', all: true });
    const failed = await house.ended('identify/all', 120_000);
    assert.equal(failed.status, 'failed');
    assert.deepEqual(failed.failedIn, { dir: 2, path: '/nowhere/b', notRun: 1 });
    assert.ok((await namesIn(sql, 1)) > 0);
    assert.deepEqual([await namesIn(sql, 2), await namesIn(sql, 3)], [0, 0]);
    assert.match(JSON.stringify(await house.get(at('identify/all', '/log'))), /1 directories after it/);

    // The dir that is done would fail now.
    await poison(sql, 1);
    await house.send('POST', at('identify/all', '/again'));
    const again = await house.ended('identify/all', 120_000);
    assert.deepEqual([again.status, again.failedIn], ['completed', null]);
    assert.notEqual(again.runId, failed.runId);
    assert.ok((await namesIn(sql, 2)) > 0 && (await namesIn(sql, 3)) > 0);
    await sql`DROP TRIGGER poisoned ON file_person_link`;
  });

  await t.test('what is asked of a running chain is done after it', async () => {
    const library = await threeDirs(sql);
    await library.name([1, 2, 3, 4, 5, 6], usual);
    // Only who looks at all of them finds that these are wrong.
    const wrong = await sql`UPDATE file_person_link SET distance = 0.001 WHERE state = 'auto' RETURNING 1`;
    assert.ok(wrong.length > 0);
    // The first one looks only at files with an unidentified face and in one dir; the second is asked at once.
    await Promise.all([
      house.send('POST', '/api/jobs', { kind: 'identifyPerson', dir: 1 }),
      house.send('POST', '/api/jobs', { kind: 'identifyPerson', all: true }),
    ]);
    assert.equal((await house.ended('identify/all')).status, 'completed');
    assert.equal((await sql`SELECT FROM file_person_link WHERE abs(distance - 0.001) < 0.0001`).length, 0);
  });

  await t.test('so it is with faces of a path: all are looked for again after the new ones', async () => {
    await threeDirs(sql);
    const engine = house.house().parts.find(({ name }) => name === 'engine')?.pid ?? 0;
    process.kill(engine, 'SIGSTOP');
    for (const more of [{}, { again: true }])
      assert.equal((await house.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, ...more })).status, 202);
    process.kill(engine, 'SIGCONT');
    assert.equal((await house.ended('faces/1')).status, 'completed');
    assert.equal((await house.jobs('kind=dirChain')).length, 3);
  });

  await t.test(
    'forgetting names or faces keeps what people said, shows it before, and does the same twice',
    async () => {
      const library = await threeDirs(sql);
      await library.name(library.files, usual);
      const faces = await library.faces();
      const of = (file: number, nth: number) => faces.filter((face) => face.file === file)[nth]?.id ?? 0;
      await confirmName(sql, of(2, 0), 1);
      await rejectName(sql, of(3, 0), 2);
      await markFace(sql, of(4, 1), 'ignored');
      const said = async () =>
        await sql`SELECT face_id, person_id, state, at FROM file_person_link WHERE state <> 'auto' ORDER BY 1, 2`;
      const before = await said();
      const preview = Value.Parse(ResetPreview, await house.get('/api/faces/reset'));
      const links = await library.links();
      const auto = links.filter((link) => link.state === 'auto').length;
      assert.ok(auto > 0);
      const { total } = preview;
      assert.deepEqual(
        [total.faces, total.facesKept, total.auto, total.confirmed, total.rejected, total.marked, preview.numDirs],
        [faces.length, 3, auto, 1, 1, 1, 3],
      );

      const only = Value.Parse(ResetPreview, await house.get('/api/faces/reset?dir=2'));
      await house.send('POST', '/api/faces/reset', { forget: 'names', dir: 2 });
      assert.equal((await house.ended('reset-faces/2')).status, 'completed');
      const left = await library.links();
      assert.equal(left.filter((link) => link.state === 'auto').length, auto - only.total.auto);
      assert.deepEqual(await said(), before);
      assert.equal((await library.faces()).length, faces.length);
      assert.deepEqual(await library.untrue(), []);

      await house.send('POST', '/api/faces/reset', { forget: 'faces' });
      assert.equal((await house.ended('reset-faces/all')).status, 'completed');
      assert.deepEqual(await said(), before);
      assert.deepEqual(
        (await library.faces()).map((face) => face.id),
        [of(2, 0), of(3, 0), of(4, 1)],
      );
      assert.deepEqual(await library.untrue(), []);
      const searched = await sql`SELECT FROM dir WHERE num_searched > 0`;
      assert.equal(searched.length, 0, 'all pictures are to be looked at again');
      const now = (await previewReset(sql, undefined, 10)).total;
      assert.deepEqual([now.faces, now.facesKept, now.auto], [3, 3, 0]);
      const twice = await resetDir(sql, 1, 'faces', () => undefined);
      assert.deepEqual(twice, { names: 0, faces: 0, pictures: 0 });
    },
  );

  await t.test(
    'a picture that was replaced still knows that its faces are of other bytes when faces are forgotten',
    async () => {
      const library = await threeDirs(sql);
      await confirmName(sql, (await library.faces()).find((face) => face.file === 2)?.id ?? 0, 1);
      await sql`WITH other AS (INSERT INTO content (hash, thumb) VALUES ('replaced', true) RETURNING hash)
            UPDATE file SET hash = other.hash FROM other WHERE id = 2`;
      await resetDir(sql, 1, 'faces', () => undefined);
      const [file] =
        await sql`SELECT faces_hash IS NULL AS forgotten, faces_hash <> hash AS other FROM file WHERE id = 2`;
      assert.deepEqual({ ...file }, { forgotten: false, other: true });
    },
  );

  await t.test(
    'pictures scanned otherwise than today are counted, and can be looked at alone; progress counts from the start',
    async () => {
      await threeDirs(sql);
      const settings = searchSettings(await readStoredSettings(sql));
      const today = { settings, networks: faceNetworks };
      await sql`UPDATE ai_scan SET settings = ${JSON.stringify(settings)}::text::jsonb, model = ${`${faceNetworks}, wasm`}`;
      const old = { ...settings, detector: 'tiny' };
      await sql`
    UPDATE ai_scan SET settings = ${JSON.stringify(old)}::text::jsonb
    WHERE id IN (SELECT faces_scan_id FROM file WHERE id IN (3, 4, 5))`;
      const counts = async () => (await scannedPictures(sql, today, {})).map((each) => [each.today, each.pictures]);
      assert.deepEqual(await counts(), [
        [true, 3],
        [false, 3],
      ]);
      assert.deepEqual(
        (await scannedPictures(sql, today, { dir: 3 })).map((each) => [each.today, each.pictures]),
        [
          [true, 1],
          [false, 1],
        ],
      );
      const first = await lastScan(sql);
      assert.equal(await countRescan(sql, { root: 1 }, { before: first, unlike: today }), 3);
      assert.equal(await countRescan(sql, { root: 1 }, { before: first }), 6);

      await house.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, outdated: true });
      const job = await house.ended('faces/1');
      assert.equal(job.status, 'completed');
      assert.deepEqual([job.progress.done, job.progress.total], [3, 3]);
      const looked = await sql`SELECT id FROM file WHERE faces_scan_id > ${first} ORDER BY id`;
      assert.deepEqual(
        looked.map((row) => Number(row.id)),
        [3, 4, 5],
      );
      assert.deepEqual(await counts(), [[true, 6]]);
      // Without previews nothing was found, which takes nothing away.
      assert.equal((await sql`SELECT FROM face`).length, 12);

      const second = await lastScan(sql);
      await house.send('POST', '/api/jobs', { kind: 'dirChain', dir: 2, from: 'faces', again: true });
      const chain = await house.ended('dir/2');
      assert.deepEqual([chain.status, chain.progress.done, chain.progress.total], ['completed', 2, 2]);
      assert.deepEqual(
        await countRescanned(sql, [
          { root: 1, before: second },
          { dir: 3, before: second },
        ]),
        [2, 0],
      );
    },
  );
});
