import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { NameSettings } from '../faces/match.ts';
import { addPerson, changePerson, deletePerson, mergePeople } from '../sql/people.ts';
import { addFaceAsRefimg, deleteRefimg, switchRefimg } from '../sql/refimgs.ts';
import { confirmName, markFace, rejectName, unsayName, type Mark } from '../sql/said.ts';
import { quickDatabase } from './support/database.ts';
import { emptyLibrary, twoPeople, type DrawnFace, type FaceLibrary } from './support/face-library.ts';

const { sql, stop } = await quickDatabase();
after(stop);

const usual: NameSettings = { threshold: 0.54, perhaps: 0.06, margin: 0, oncePerPhoto: true };
/** What scans and people do to faces. Numbers choose among what there is. */
type Deed =
  | { do: 'search'; file: number; faces: DrawnFace[]; otherBytes: boolean }
  | { do: 'name'; files: number[]; settings: NameSettings }
  | { do: 'confirm' | 'reject' | 'unsay' | 'refer'; face: number; person: number }
  | { do: 'mark'; face: number; mark: Mark | null }
  | { do: 'threshold'; person: number; threshold: number | null }
  | { do: 'delete person'; person: number }
  | { do: 'merge'; person: number; into: number }
  | { do: 'delete refimg' | 'switch refimg'; refimg: number }
  | { do: 'add person' };

const number = fc.nat(9);
const thresholds = fc.constantFrom(0.2, 0.4, 0.54, 0.8);
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant('search' as const),
    file: number,
    faces: fc.uniqueArray(fc.record({ place: fc.nat(4).map((n) => 2 * n + 1), looks: fc.nat(8).map((n) => n / 5) }), {
      maxLength: 4,
      selector: (face) => face.place,
    }),
    otherBytes: fc.nat(3).map((n) => n === 0),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('name' as const),
      files: fc.subarray([1, 2, 3], { minLength: 1 }),
      settings: fc.record({
        threshold: thresholds,
        perhaps: fc.constantFrom(0, 0.1),
        margin: fc.constantFrom(0, 0.1),
        oncePerPhoto: fc.boolean(),
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('confirm' as const, 'reject' as const, 'unsay' as const, 'refer' as const),
      face: number,
      person: number,
    }),
  },
  fc.record({
    do: fc.constant('mark' as const),
    face: number,
    mark: fc.constantFrom('not a face' as const, 'ignored' as const, null),
  }),
  fc.record({ do: fc.constant('threshold' as const), person: number, threshold: fc.option(thresholds) }),
  fc.record({ do: fc.constant('delete person' as const), person: number }),
  fc.record({ do: fc.constant('merge' as const), person: number, into: number }),
  fc.record({ do: fc.constantFrom('delete refimg' as const, 'switch refimg' as const), refimg: number }),
  fc.record({ do: fc.constant('add person' as const) }),
);

async function perform(library: FaceLibrary, deed: Deed): Promise<void> {
  const idsOf = async (table: string) =>
    (await sql.unsafe<{ id: number }[]>(`SELECT id FROM ${table} ORDER BY id`)).map((row) => row.id);
  const pick = (ids: readonly number[], n: number) => ids[n % ids.length];
  const [faces, persons, refimgs] = [await idsOf('face'), await idsOf('person'), await idsOf('refimg')];
  const face = 'face' in deed ? pick(faces, deed.face) : undefined;
  const person = 'person' in deed ? pick(persons, deed.person) : undefined;
  const refimg = 'refimg' in deed ? pick(refimgs, deed.refimg) : undefined;
  switch (deed.do) {
    case 'search':
      return await library.search(pick(library.files, deed.file)!, deed.faces, deed.otherBytes);
    case 'name':
      return void (await library.name(deed.files, deed.settings));
    case 'mark':
      if (face !== undefined) await markFace(sql, face, deed.mark);
      return;
    case 'confirm':
    case 'reject':
    case 'unsay':
    case 'refer': {
      if (face === undefined || person === undefined) return;
      const ways = {
        confirm: () => confirmName(sql, face, person),
        reject: () => rejectName(sql, face, person),
        unsay: () => unsayName(sql, face, person),
        refer: () => addFaceAsRefimg(sql, person, face),
      };
      return void (await ways[deed.do]());
    }
    case 'threshold':
      if (person !== undefined) await changePerson(sql, person, { threshold: deed.threshold });
      return;
    case 'delete person':
      if (person !== undefined) await deletePerson(sql, person);
      return;
    case 'merge': {
      const into = pick(persons, deed.into);
      if (person !== undefined && into !== undefined && into !== person) await mergePeople(sql, person, into);
      return;
    }
    case 'delete refimg':
      if (refimg !== undefined) await deleteRefimg(sql, refimg);
      return;
    case 'switch refimg':
      if (refimg !== undefined) await switchRefimg(sql, refimg, refimg % 2 === 0);
      return;
    case 'add person':
      return void (await addPerson(sql, `Person ${persons.length} ${persons.at(-1) ?? 0}`));
  }
}

test('whatever scans and people do, a file says truly whether a face in it has no name, and what people said stands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 4, maxLength: 20 }), async (all) => {
      const library = await emptyLibrary(sql, 3);
      await twoPeople(library);
      for (const deed of all) {
        const before = (await library.links()).filter((link) => link.state !== 'auto');
        await perform(library, deed);
        assert.deepEqual(await library.untrue(), [], JSON.stringify(deed));
        // Scans have no say in it; only in other bytes there are other faces.
        if (deed.do === 'name' || (deed.do === 'search' && !deed.otherBytes)) {
          const said = (await library.links()).filter((link) => link.state !== 'auto');
          assert.deepEqual(said, before, JSON.stringify(deed));
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('1,000 rescans with changed thresholds leave what people said untouched', async () => {
  const library = await emptyLibrary(sql, 5);
  await twoPeople(library);
  for (const name of ['Irène', 'Frédéric']) await addPerson(sql, name);
  for (const file of library.files.slice(1)) {
    await library.search(
      file,
      [1, 3, 5, 7].map((place) => ({ place, looks: ((file * 7 + place * 3) % 20) / 16 })),
    );
  }
  const faces = await library.faces();
  await addFaceAsRefimg(sql, 3, faces[9]!.id);
  await addFaceAsRefimg(sql, 4, faces[14]!.id);
  await changePerson(sql, 4, { threshold: 0.3 });
  await library.name(library.files, usual);
  for (const [i, face] of faces.entries()) {
    if (i % 4 === 0) await confirmName(sql, face.id, 1 + (i % 3));
    if (i % 5 === 1) await rejectName(sql, face.id, 1 + (i % 4));
    if (i % 11 === 5) await markFace(sql, face.id, 'ignored');
  }
  const saidNow = async () => (await library.links()).filter((link) => link.state !== 'auto');
  const said = await saidNow();
  assert.ok(said.some((link) => link.state === 'confirmed') && said.some((link) => link.state === 'rejected'));
  await library.name(library.files, usual);
  const pairs = async () =>
    (await library.links()).map(({ face, person, state, perhaps }) => ({ face, person, state, perhaps }));
  const first = await pairs();

  const numbers = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    const { names } = await library.name(library.files, {
      threshold: 0.1 + ((i * 37) % 100) / 125,
      perhaps: (i % 3) / 20,
      margin: (i % 4) / 20,
      oncePerPhoto: i % 5 > 0,
    });
    numbers.add(names);
    if (i % 100 === 0) assert.deepEqual(await library.untrue(), []);
  }
  assert.ok(numbers.size > 5, 'the thresholds made a difference');
  assert.deepEqual(await saidNow(), said, 'not a row of it was written again');

  await library.name(library.files, usual);
  assert.deepEqual(await pairs(), first, 'the same settings give the same names, whatever was in between');
  const { changed } = await library.name(library.files, usual);
  assert.equal(changed.size, 0, 'a scan that changes nothing writes nothing');
});
