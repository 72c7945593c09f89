import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { wholeWorld } from '../model/map.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { mapOf } from '../sql/map.ts';
import { DuplicatesReply, MapReply } from '../web/api/schema.ts';
import { startHouse, type RunningHouse } from './support/house.ts';
import { readWhole } from './support/read-whole.ts';

const hostile = '</title><script>alert(1)</script>"\'&|%';
const box = (text: string) => `box=${encodeURIComponent(text)}`;

test('the map and the duplicates of a real library', async (t) => {
  const house = await startHouse(t);
  await house.until('configuration needed');
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  t.after(() => sql.end());
  await writeLibrary(sql);

  await t.test('each content is counted once, and only where it is shown', async () => {
    const { clusters, places } = await mapAt(house, '');
    assert.deepEqual(clusters.map(({ count }) => count).sort(), [1, 1, 1, 3]);
    const paris = clusters.find(({ count }) => count === 3);
    assert.ok(paris && Math.abs(paris.latitude - 48.851) < 1e-6 && Math.abs(paris.longitude - 2.351) < 1e-6);
    assert.equal(paris.box, '2.34999,48.84999,2.35201,48.85201');
    assert.deepEqual([places[0]?.place, places[0]?.count], ['FR|Île-de-France|Paris', 3]);
    assert.deepEqual(
      new Set(places.slice(1).map(({ place, count }) => `${count} ${place}`)),
      new Set([`1 XX||${hostile}`, '1 FJ|Northern|Taveuni', '1 FJ|Northern|Taveuni Estates']),
    );
  });

  await t.test('a box of a cluster, and a place, lead to the pictures counted', async () => {
    const { clusters, places } = await mapAt(house, '');
    const paris = clusters.find(({ count }) => count === 3);
    const ids = (await house.files(box(paris?.box ?? ''))).map(({ hash }) => hash);
    assert.equal(new Set(ids).size, 3);
    for (const { place, count } of places) {
      const files = await house.files(`place=${encodeURIComponent(place)}`);
      assert.equal(new Set(files.map(({ hash }) => hash)).size, count, place);
    }
  });

  await t.test('the date line is no border', async () => {
    const { clusters } = await mapAt(house, `?${box('179,-18,-179,-16')}`);
    assert.deepEqual(clusters.map(({ longitude }) => longitude.toFixed(3)).sort(), ['-179.900', '179.900']);
    const { clusters: one } = await mapAt(house, `?${box('179,-18,180,-16')}`);
    assert.deepEqual(
      one.map(({ longitude }) => longitude.toFixed(1)),
      ['179.9'],
    );
    const { clusters: none } = await mapAt(house, `?${box('-179,-18,179,-16')}`);
    assert.deepEqual(none, []);
    const page = await (await fetch(`${house.url}/map?${box('179,-18,-179,-16')}`)).text();
    assert.match(page, /2 photos taken here/);
  });

  await t.test('names of places are text', async () => {
    const page = await (await fetch(`${house.url}/map`)).text();
    assert.doesNotMatch(page, /<script>alert/);
    assert.match(page, /<bdi class="name">&lt;\/title>&lt;script>/);
    assert.match(page, /<title>3 photos near Paris, France</);
  });

  await t.test(
    'duplicates: what wastes most comes first, page by page; the lost and the changed are left out',
    async () => {
      const all = await duplicatesAt(house, '');
      assert.deepEqual(
        all.groups.map(({ size, count, files }) => [size, count, files.map(({ name }) => name)]),
        [
          [500, 3, ['paris0-a.jpg', 'paris0-b.jpg', 'paris0-c.jpg']],
          [800, 2, ['paris1-a.jpg', 'paris1-b.jpg']],
        ],
      );
      assert.deepEqual(all.total, { groups: 2, bytes: 1800 });
      assert.equal(all.next, null);
      const first = await duplicatesAt(house, '?limit=1');
      const second = await duplicatesAt(house, `?limit=1&cursor=${first.next}`);
      const third = await duplicatesAt(house, `?limit=1&cursor=${second.next}`);
      assert.deepEqual(
        [first, second, third].map(({ groups }) => groups[0]?.hash),
        [...all.groups.map(({ hash }) => hash), undefined],
      );
      assert.equal((await fetch(`${house.url}/api/duplicates?cursor=nonsense`)).status, 400);
      const page = await (await fetch(`${house.url}/duplicates`)).text();
      assert.match(page, /2 groups, 1.8 kB more than needed/);
      assert.match(
        page,
        new RegExp(`<a href="/photos/${all.groups[0]?.files[1]?.id}"><bdi class="name">/shown/d/paris0-b.jpg`),
      );
    },
  );

  await t.test('what was asked before is asked anew when files went', async () => {
    await sql`UPDATE file SET gone_after = now(), missing_since = now() WHERE fname = 'paris1-b.jpg'`;
    await sql`UPDATE dir SET last_scan = now()`;
    assert.deepEqual((await duplicatesAt(house, '')).total, { groups: 1, bytes: 1000 });
  });

  await t.test(
    'no row of a content is read for the world: they are wide, and the index holds what a map needs',
    async () => {
      await widen(sql);
      const { cells } = await mapOf(sql, wholeWorld, { width: 6, height: 6 });
      assert.equal(
        cells.reduce((sum, { count }) => sum + count, 0),
        20_000 + 6,
      );
      const whole = await readWhole(house.house().databaseUrl, (q) => mapOf(q, wholeWorld, { width: 6, height: 6 }));
      assert.ok(!whole.includes('content'), String(whole));
    },
  );
});

const mapAt = async (house: RunningHouse, query: string) => Value.Parse(MapReply, await house.get(`/api/map${query}`));
const duplicatesAt = async (house: RunningHouse, query: string) =>
  Value.Parse(DuplicatesReply, await house.get(`/api/duplicates${query}`));

/** Six pictures with a position that are shown, and every kind that is not. */
async function writeLibrary(sql: Database): Promise<void> {
  await sql.unsafe(`
    INSERT INTO root (kind, path, removed_at) VALUES ('import', '/shown', NULL), ('import', '/removed', now());
    INSERT INTO dir (root_id, path_prefix, last_scan) VALUES (1, 'd', now()), (2, 'd', now())`);
  const content = async (name: string, latitude: number, longitude: number, place: string[]) => {
    const [country = null, region = null, town = null] = place;
    await sql`
      INSERT INTO content (hash, thumb, latitude, longitude, country, region, town)
      VALUES (sha256(convert_to(${name}, 'LATIN1')), false, ${latitude}, ${longitude}, ${country}, ${region}, ${town})`;
  };
  const file = async (
    name: string,
    of: string,
    more: { size?: number; dir?: number; type?: string; missing?: boolean } = {},
  ) => {
    const { size = 100, dir = 1, type = 'image', missing = false } = more;
    const [row] = await sql<{ id: number }[]>`
      INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, hash, taken_at, read_at, gone_after, missing_since)
      VALUES (${dir}, convert_to(${name}, 'LATIN1'), ${size}, 1, '1', ${type}, sha256(convert_to(${of}, 'LATIN1')), '2020-01-01', now(),
              ${missing ? sql`now(), now()` : sql`NULL, NULL`}) RETURNING id`;
    return row?.id ?? 0;
  };
  const paris = ['FR', 'Île-de-France', 'Paris'];
  for (const i of [0, 1, 2]) await content(`paris${i}`, 48.85 + i / 1000, 2.35 + i / 1000, paris);
  await content('east', -17, 179.9, ['FJ', 'Northern', 'Taveuni']);
  await content('west', -17, -179.9, ['FJ', 'Northern', 'Taveuni Estates']);
  await content('hostile', 10, 10, ['XX', '', hostile]);
  for (const name of ['a', 'b', 'c']) await file(`paris0-${name}.jpg`, 'paris0', { size: 500 });
  for (const name of ['a', 'b']) await file(`paris1-${name}.jpg`, 'paris1', { size: 800 });
  for (const name of ['paris2', 'east', 'west', 'hostile']) await file(`${name}.jpg`, name);

  for (const name of ['orphan', 'missing', 'removed', 'sidecar', 'part', 'empty', 'changed'])
    await content(name, 48.85, 2.35, paris);
  for (const name of ['a', 'b']) {
    await file(`missing-${name}.jpg`, 'missing', { missing: true });
    await file(`removed-${name}.jpg`, 'removed', { dir: 2 });
    await file(`empty-${name}.txt`, 'empty', { size: 0, type: 'other' });
  }
  await file('sidecar.xmp', 'sidecar', { type: 'sidecar' });
  await sql`INSERT INTO content (hash, thumb) VALUES (sha256('no position'), false)`;
  const main = await file('main.jpg', 'no position');
  const part = await file('main.nef', 'part');
  await sql`UPDATE file SET main_id = ${main}, part = 'raw' WHERE id = ${part}`;
  await file('changed-a.txt', 'changed', { size: 700, type: 'other' });
  await file('changed-b.txt', 'changed', { size: 701, type: 'other' });
}

/** Twenty thousand more pictures, with rows as wide as those of real ones. */
async function widen(sql: Database): Promise<void> {
  await sql.unsafe(`
    INSERT INTO content (hash, thumb, latitude, longitude, tags)
      SELECT sha256(convert_to('wide' || i, 'LATIN1')), true, i % 170 - 85, i % 359 - 179,
             (SELECT jsonb_object_agg('Tag' || k, md5(i || '/' || k)) FROM generate_series(1, 18) k)
      FROM generate_series(1, 20000) i;
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, hash, taken_at, read_at)
      SELECT 1, convert_to('wide' || i, 'LATIN1'), 1, 1, '1', 'image', sha256(convert_to('wide' || i, 'LATIN1')), now(), now()
      FROM generate_series(1, 20000) i`);
  await sql`VACUUM ANALYZE content`;
  await sql`VACUUM ANALYZE file`;
}
