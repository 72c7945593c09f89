import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../sql/database.ts';
import { confirmName, markFace, rejectName, unsayName } from '../sql/said.ts';
import { quickDatabase } from './support/database.ts';
import { emptyLibrary, openLibrary, twoPeople } from './support/face-library.ts';

const { sql, url, stop } = await quickDatabase();
after(stop);

test('two people who name the last two faces of a picture at the same time leave none unidentified', async () => {
  const library = await emptyLibrary(sql, 1);
  await twoPeople(library);
  const [one, other] = [openDatabase(url, { max: 1 }), openDatabase(url, { max: 1 })];
  try {
    const [written, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = one.begin(async (tx) => {
      await tx`INSERT INTO file_person_link (face_id, person_id, state) VALUES (1, 1, 'confirmed')`;
      written.resolve();
      await mayEnd.promise;
    });
    await written.promise;
    const second = { done: false };
    const confirmed = confirmName(other, 2, 2).then(() => (second.done = true));
    const waits = async () => (await sql`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`).length > 0;
    while (!second.done && !(await waits())) await sleep(5);
    mayEnd.resolve();
    await Promise.all([first, confirmed]);
    assert.deepEqual(await library.untrue(), []);
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
});

test('people speak while scans run: neither fails, and each file says truly what it has', async () => {
  const library = await emptyLibrary(sql, 3);
  await twoPeople(library);
  for (const file of [2, 3]) {
    await library.search(
      file,
      [1, 3, 5].map((place) => ({ place, looks: place / 5 })),
    );
  }
  const many = openDatabase(url, { max: 6 });
  try {
    const scanning = openLibrary(many, 3);
    const faces = (await library.faces()).map((face) => face.id);
    const scans = Array.from({ length: 60 }, (_, i) => async () => {
      await scanning.name([3, 1, 2], { threshold: 0.2 + (i % 7) / 10, perhaps: 0.06, margin: 0, oncePerPhoto: true });
    });
    const words = Array.from({ length: 240 }, (_, i) => async () => {
      const face = faces[(i * 5) % faces.length]!;
      const person = 1 + (i % 2);
      if (i % 7 === 6) await markFace(many, face, i % 14 === 6 ? 'ignored' : null);
      else if (i % 3 === 0) await confirmName(many, face, person);
      else if (i % 3 === 1) await rejectName(many, face, person);
      else await unsayName(many, face, person);
    });
    const inTurn = async (all: (() => Promise<void>)[]) => {
      for (const each of all) await each();
    };
    const third = words.length / 3;
    const parts = [0, 1, 2].map((i) => inTurn(words.slice(i * third, (i + 1) * third)));
    await Promise.all([inTurn(scans.slice(0, 30)), inTurn(scans.slice(30)), ...parts]);
    assert.deepEqual(await library.untrue(), []);
  } finally {
    await many.end();
  }
});

test('faces of a picture that is moved while they are looked for count where it is then', async () => {
  const library = await emptyLibrary(sql, 2);
  const [moved] = await sql<{ id: number }[]>`
    INSERT INTO dir (root_id, path_prefix, num_files, num_read) VALUES (1, 'elsewhere', 1, 1) RETURNING id`;
  await sql`UPDATE file SET dir_id = ${moved?.id ?? 0} WHERE id = 2`;
  await library.search(1, [{ place: 1, looks: 0.1 }]);
  await library.search(2, [{ place: 1, looks: 0.2 }]);
  const dirs =
    await sql`SELECT num_pictures AS pictures, num_searched AS searched FROM dir WHERE num_files > 0 ORDER BY id`;
  assert.deepEqual(
    dirs.slice(-1).map((dir) => ({ ...dir })),
    [{ pictures: 1, searched: 1 }],
  );
});
