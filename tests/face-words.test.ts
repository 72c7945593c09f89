import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '../model/errors.ts';
import { openDatabase } from '../sql/database.ts';
import { addPerson, deletePerson, mergePeople, personNamed } from '../sql/people.ts';
import { addFaceAsRefimg, deleteRefimg } from '../sql/refimgs.ts';
import { confirmName, rejectName } from '../sql/said.ts';
import { splitPerson } from '../sql/split-person.ts';
import { quickDatabase } from './support/database.ts';
import { emptyLibrary, openLibrary, twoPeople, type FaceLibrary } from './support/face-library.ts';

const { sql, url, stop } = await quickDatabase();
after(stop);

const usual = { threshold: 0.54, perhaps: 0.06, margin: 0, oncePerPhoto: true };
const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;

/** Marie (1) and Pierre (2), whose looks are 0 and 1, and faces in more pictures: their numbers go on from 3. */
async function library(...pictures: number[][]): Promise<FaceLibrary> {
  const made = await emptyLibrary(sql, pictures.length + 1);
  await twoPeople(made);
  for (const [i, looks] of pictures.entries()) {
    await made.search(
      i + 2,
      looks.map((each, place) => ({ place: 2 * place + 1, looks: each })),
    );
  }
  return made;
}

const said = async (of: FaceLibrary) =>
  (await of.links()).map(({ face, person, state }) => `${face} ${person} ${state}`);

type State = 'none' | 'auto' | 'confirmed' | 'rejected';
const states: State[] = ['none', 'auto', 'confirmed', 'rejected'];

test('two persons made one: confirmed stands, else rejected, else what a scan thinks', async () => {
  const combinations = states.flatMap((from) => states.map((into) => ({ from, into })));
  // A face has one name at most.
  const possible = combinations.filter(
    ({ from, into }) => !['auto', 'confirmed'].includes(from) || !['auto', 'confirmed'].includes(into),
  );
  const made = await library(...possible.map(() => [0.5]));
  for (const [i, pair] of possible.entries()) {
    for (const [person, state] of [
      [1, pair.from],
      [2, pair.into],
    ] as const) {
      if (state !== 'none')
        await sql`INSERT INTO file_person_link (face_id, person_id, state) VALUES (${i + 3}, ${person}, ${state})`;
    }
  }
  await mergePeople(sql, 1, 2);
  const now = await made.links();
  for (const [i, pair] of possible.entries()) {
    const expected = ['confirmed', 'rejected', 'auto'].find((state) => [pair.from, pair.into].includes(state as State));
    const its = now.filter((link) => link.face === i + 3).map(({ person, state }) => ({ person, state }));
    assert.deepEqual(its, expected === undefined ? [] : [{ person: 2, state: expected }], JSON.stringify(pair));
  }
  assert.deepEqual(await made.untrue(), []);
});

test('whoever is not there is told by a code', async () => {
  await library();
  for (const say of [confirmName, rejectName]) await assert.rejects(say(sql, 1, 99), coded('person.unknown'));
  await assert.rejects(confirmName(sql, 99, 1), coded('face.unknown'));
  await assert.rejects(deletePerson(sql, 99), coded('person.unknown'));
  await assert.rejects(mergePeople(sql, 1, 99), coded('person.unknown'));
  await assert.rejects(deleteRefimg(sql, 99), coded('refimg.unknown'));
  await assert.rejects(splitPerson(sql, { from: 1, into: 99 }, { faces: [1], refimgs: [] }), coded('person.unknown'));
});

test('a name is one person, in whatever case', async () => {
  await library();
  assert.equal(await personNamed(sql, 'mARIE'), 1);
  const irene = await personNamed(sql, 'Irène');
  assert.equal(await personNamed(sql, 'IRÈNE'), irene);
});

test('a person who is confirmed on one face of a photo is not taken for another one there', async () => {
  const made = await library([0, 0.7]);
  await made.name(made.files, usual);
  const [marie, other] = [3, 4];
  assert.ok((await said(made)).includes(`${marie} 1 auto`));
  await confirmName(sql, other, 1);
  assert.deepEqual(
    (await said(made)).filter((link) => link.endsWith('auto') && !link.startsWith('1') && !link.startsWith('2')),
    [],
  );
  await confirmName(sql, marie, 1);
  assert.ok((await said(made)).includes(`${other} 1 confirmed`), 'a word is not taken back by another one');

  await sql`INSERT INTO setting (key, value) VALUES ('oncePerPhoto', 'false')`;
  try {
    const mirrors = await library([0, 0.1]);
    await mirrors.name(mirrors.files, { ...usual, oncePerPhoto: false });
    await confirmName(sql, 3, 1);
    assert.ok((await said(mirrors)).includes('4 1 auto'));
  } finally {
    await sql`DELETE FROM setting`;
  }
});

test('faces go to another person, with the reference images cut from them', async () => {
  const made = await library([0], [0.1], [0.2, 1], [0.1]);
  // Faces 3, 4, 5 and 7 are taken for Marie.
  await made.name(made.files, usual);
  await confirmName(sql, 4, 1);
  await addFaceAsRefimg(sql, 1, 4);
  const irene = await addPerson(sql, 'Irène');
  await addFaceAsRefimg(sql, 1, 7);
  await addFaceAsRefimg(sql, irene, 7);
  await rejectName(sql, 5, irene);
  // 6 is Pierre's, 99 nobody's.
  assert.deepEqual(await splitPerson(sql, { from: 1, into: irene }, { faces: [4, 5, 6, 7, 99], refimgs: [] }), {
    faces: 3,
    refimgs: 2,
  });
  const now = await said(made);
  for (const face of [4, 5, 7])
    assert.deepEqual(
      now.filter((each) => each.startsWith(`${face} `)),
      [`${face} 3 confirmed`],
    );
  assert.ok(now.includes('3 1 auto') && now.includes('6 2 auto'));
  assert.deepEqual(
    [...(await sql`SELECT face_id AS face, person_id AS person FROM refimg ORDER BY face_id`)].map((row) => ({
      ...row,
    })),
    [
      { face: 1, person: 1 },
      { face: 2, person: 2 },
      { face: 4, person: 3 },
      { face: 7, person: 3 },
    ],
  );
  assert.deepEqual(await made.untrue(), []);
});

test('whatever is split off and put back, every face keeps a name, and the word of the last move stands', async () => {
  // Else a face that moves takes the name from another one of its photo that a scan gave it.
  await sql`INSERT INTO setting (key, value) VALUES ('oncePerPhoto', 'false')`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ back: fc.boolean(), faces: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]) }), { maxLength: 6 }),
      async (moves) => {
        const made = await library([0, 1], [0.1, 0.9], [0.2, 0.4]);
        await made.name(made.files, usual);
        const linked = async () =>
          new Set((await made.links()).filter((l) => l.state !== 'rejected').map((l) => l.face));
        const before = await linked();
        for (const { back, faces } of moves) {
          const [from, into] = back ? [2, 1] : [1, 2];
          const its = (await made.links()).filter((l) => l.person === from && faces.includes(l.face));
          await splitPerson(sql, { from, into }, { faces, refimgs: [] });
          for (const { face } of its) assert.ok((await said(made)).includes(`${face} ${into} confirmed`));
          assert.deepEqual(await made.untrue(), []);
        }
        assert.deepEqual(await linked(), before);
      },
    ),
    { numRuns: 15 },
  );
  await sql`DELETE FROM setting`;
});

test('persons are made one, split and deleted while others speak and scans run', async () => {
  const made = await library([0, 1, 0.4], [0.1, 0.9], [0.3, 0.6]);
  const many = openDatabase(url, { max: 8 });
  try {
    const names = ['Irène', 'Frédéric', 'Ève', 'Hélène'];
    const faces = (await made.faces()).map((face) => face.id);
    const of = (i: number) => faces[i % faces.length]!;
    const scanning = openLibrary(many, made.files.length);
    /** Somebody else may have taken the person or the reference image away just now. */
    const perhaps = (work: Promise<unknown>) =>
      work.catch((error: unknown) => {
        if (!(error instanceof CodedError)) throw error;
      });
    const work: ((i: number) => Promise<unknown>)[] = [
      async (i) => await perhaps(scanning.name([...made.files].reverse(), { ...usual, threshold: 0.2 + (i % 7) / 10 })),
      async (i) => await perhaps(confirmName(many, of(i * 5), await personNamed(many, names[i % 4]!))),
      async (i) => await perhaps(rejectName(many, of(i * 3), 1 + (i % 2))),
      async (i) => {
        const [from, into] = [await personNamed(many, names[i % 4]!), await personNamed(many, names[(i + 1) % 4]!)];
        await perhaps(addFaceAsRefimg(many, from, of(i)));
        await perhaps(mergePeople(many, from, into));
      },
      async (i) => {
        const ids = { from: 1 + (i % 2), into: await personNamed(many, names[i % 4]!) };
        await perhaps(splitPerson(many, ids, { faces: [of(i), of(i + 2)], refimgs: [] }));
      },
      async (i) => {
        const person = await personNamed(many, names[(i + 2) % 4]!);
        const added = await addFaceAsRefimg(many, person, of(i + 3)).catch(() => null);
        if (added !== null) await perhaps(deleteRefimg(many, added));
        await perhaps(deletePerson(many, person));
      },
    ];
    await Promise.all(
      work.map(async (each) => {
        for (let i = 0; i < 25; i++) await each(i);
      }),
    );
    assert.deepEqual(await made.untrue(), []);
  } finally {
    await many.end();
  }
});
