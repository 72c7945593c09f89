import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CodedError } from '../model/errors.ts';
import { knownFaces, namePlaces, type NamedPlace, type Outcome } from '../sql/drawn-faces.ts';
import { addPerson } from '../sql/people.ts';
import { filesWithRegions, picturesWithNames, writtenNames } from '../sql/regions.ts';
import { confirmName, markFace, rejectName } from '../sql/said.ts';
import { quickDatabase } from './support/database.ts';
import { emptyLibrary, twoPeople, type FaceLibrary } from './support/face-library.ts';

const { sql, stop } = await quickDatabase();
after(stop);

const hostile = '<b>Zoë</b> \u202E👩‍👩‍👧';
const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
const region = (name: string | null, type = 'face') => ({ name, type, ...box });

/** Writes regions into a file's content, as reading the file does. */
async function write(file: number, regions: object[], tags: object = {}): Promise<void> {
  await sql`
    UPDATE content SET regions = ${JSON.stringify(regions)}::text::jsonb, tags = ${JSON.stringify(tags)}::text::jsonb, width = 600, height = 800, orientation = 6
    WHERE hash = (SELECT hash FROM file WHERE id = ${file})`;
}

test('names that are written in pictures and beside them are counted by picture, in whatever case', async () => {
  const made = await emptyLibrary(sql, 6);
  await twoPeople(made);
  for (const file of made.files) await write(file, []);
  const dimensions = { 'XMP:RegionInfo': { AppliedToDimensions: { W: 600, H: 800, Unit: 'pixel' } } };
  await write(2, [region('Marie'), region('marie '), region('Rex', 'pet'), region(null), region('  ')], dimensions);
  await write(3, [region('MARIE'), region(hostile)]);
  await write(4, [region(hostile)]);
  await write(5, [region('Gone')]);
  await write(6, [region('Pierre')]);
  await sql`UPDATE file SET gone_after = now(), missing_since = now() WHERE id = 5`;
  // A sidecar tells of its picture.
  await sql`UPDATE file SET type = 'sidecar', part = 'sidecar', main_id = 2 WHERE id = 6`;
  assert.deepEqual(
    (await writtenNames(sql, 10)).map(({ name, pictures, person }) => ({ name: name.toLowerCase(), pictures, person })),
    [
      { name: hostile.toLowerCase(), pictures: 2, person: null },
      { name: 'marie', pictures: 2, person: 1 },
      { name: 'pierre', pictures: 1, person: 2 },
    ].sort((a, b) => b.pictures - a.pictures || (a.name < b.name ? -1 : 1)),
  );
  assert.equal((await writtenNames(sql, 1)).length, 1);

  assert.deepEqual(await picturesWithNames(sql, ['Marie', 'pIERRE'], 0), [2, 3]);
  assert.deepEqual(await picturesWithNames(sql, ['Marie', 'Pierre'], 2), [3]);
  const files = await filesWithRegions(sql, [2]);
  assert.deepEqual(
    files.map(({ id, width, height, orientation, written }) => ({
      ...{ id, width, height, orientation },
      written: written.map(({ regions, appliedTo }) => ({ names: regions.map((each) => each.name), appliedTo })),
    })),
    [
      {
        ...{ id: 2, width: 600, height: 800, orientation: 6 },
        written: [
          { names: ['Pierre'], appliedTo: null },
          { names: ['Marie', 'marie ', 'Rex', null, '  '], appliedTo: { width: 600, height: 800 } },
        ],
      },
    ],
  );
});

/** In picture 2 faces 3 to 6, at places 1, 3, 5 and 7. */
async function fourFaces(): Promise<FaceLibrary> {
  const made = await emptyLibrary(sql, 2);
  await twoPeople(made);
  await made.search(
    2,
    [1, 3, 5, 7].map((place) => ({ place, looks: 0.5 })),
  );
  for (const name of ['Irène', hostile, 'Ève']) await addPerson(sql, name);
  await sql`INSERT INTO ai_scan (job, run, version, model, settings) VALUES ('regions/1', '1', '1', 'none', '{}')`;
  return made;
}
const newestScan = async () => (await sql<{ id: number }[]>`SELECT max(id) AS id FROM ai_scan`)[0]!.id;
const seen = {
  ...{ x: 0.9, y: 0.1, w: 0.05, h: 0.05, size: 60, score: 1, sharpness: 5, cut: false },
  ...{ landmarks: Buffer.alloc(68 * 4), descriptor: Buffer.alloc(512), sketch: Buffer.alloc(128) },
};
const named = async (places: (NamedPlace & { face: number | null })[], overrule = false): Promise<Outcome[]> =>
  await namePlaces(sql, { file: 2, scan: await newestScan(), places, overrule }, (faces) =>
    places.map(({ face }) => faces.findIndex(({ id }) => id === face)).map((at) => (at === -1 ? null : at)),
  );
const links = async (made: FaceLibrary) =>
  (await made.links()).map(({ face, person, state }) => `${face} ${person} ${state}`);

test('names at places become confirmed, but not against what a person said', async () => {
  const made = await fourFaces();
  await confirmName(sql, 3, 1);
  await rejectName(sql, 4, 3);
  await markFace(sql, 5, 'ignored');
  const before = await links(made);
  const wanted = [
    { face: 3, person: 2, seen: null },
    { face: 4, person: 3, seen: null },
    { face: 5, person: 4, seen: null },
    { face: 6, person: 1, seen: null },
    { face: null, person: 5, seen: null },
  ];
  const against = 'against a word';
  assert.deepEqual(await named(wanted), [against, against, against, against, 'not there']);
  assert.deepEqual(await links(made), before);

  assert.deepEqual(
    await named([
      { face: 6, person: 4, seen: null },
      { face: null, person: 5, seen },
    ]),
    ['named', 'drawn'],
  );
  const after = await links(made);
  assert.deepEqual(after, [...before, '6 4 confirmed', '7 5 confirmed'].sort());
  assert.deepEqual(await made.untrue(), []);
  // Run again, it finds all as it should be.
  assert.deepEqual(
    await named([
      { face: 6, person: 4, seen: null },
      { face: 7, person: 5, seen: null },
    ]),
    ['known', 'known'],
  );
  assert.deepEqual(await links(made), after);
});

test('what is said now overrules what was said before', async () => {
  const made = await fourFaces();
  await confirmName(sql, 3, 1);
  await markFace(sql, 4, 'not a face');
  assert.deepEqual(
    await named(
      [
        { face: 3, person: 2, seen: null },
        { face: 4, person: 3, seen },
      ],
      true,
    ),
    ['named', 'named'],
  );
  assert.deepEqual(await links(made), ['3 2 confirmed', '4 3 confirmed']);
  assert.deepEqual(await made.untrue(), []);
});

test('a face that was drawn is taken away by no scan', async () => {
  const made = await fourFaces();
  await named([{ face: null, person: 5, seen }]);
  for (const places of [[], [1], [1, 3, 5, 7, 9]]) {
    await made.search(
      2,
      places.map((place) => ({ place, looks: 0.5 })),
    );
    assert.ok((await links(made)).includes('7 5 confirmed'));
    assert.ok((await knownFaces(sql, 2)).some(({ id, confirmed }) => id === 7 && confirmed === 5));
    assert.deepEqual(await made.untrue(), []);
  }
});

test('a file or person that is gone is told by a code, and nothing is written', async () => {
  const made = await fourFaces();
  const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;
  const place = { person: 1, seen };
  await assert.rejects(
    namePlaces(sql, { file: 99, scan: 1, places: [place], overrule: false }, () => [null]),
    coded('file.unknown'),
  );
  await assert.rejects(
    named([
      { face: null, person: 1, seen },
      { face: null, person: 99, seen },
    ]),
    coded('person.unknown'),
  );
  assert.deepEqual(await links(made), []);
});
