import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nameFaces, type FaceToName, type Likeness, type Name, type NameSettings, type Said } from './match.ts';

/** A photo with its faces, how near they come to persons, and what people said. */
interface Photo {
  faces: FaceToName[];
  likenesses: Likeness[];
  said: Said[];
}

const ids = { faces: [1, 2, 3, 4, 5], persons: [1, 2, 3, 4] };
const someFaces = fc.subarray(ids.faces).chain((chosen) =>
  fc.tuple(
    ...chosen.map((id) =>
      fc.record({
        id: fc.constant(id),
        size: fc.constantFrom(20, 39, 40, 300),
        cut: fc.boolean(),
        marked: fc.nat(4).map((n) => n === 0),
      }),
    ),
  ),
);
const pairs = ids.faces.flatMap((face) => ids.persons.map((person) => ({ face, person })));
/** Hundredths, so that there are equal ones. */
const distances = fc.integer({ min: 30, max: 75 }).map((n) => n / 100);
const someLikenesses = fc
  .shuffledSubarray(pairs)
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(({ face, person }) =>
        distances.map((distance) => ({ face, person, refimg: 10 * person, distance })),
      ),
    ),
  );
/** A face has one confirmed name at most. */
const someSaid = fc.tuple(fc.subarray(pairs), fc.subarray(pairs)).map(([confirmed, rejected]): Said[] => {
  const names = [...new Map(confirmed.map((pair) => [pair.face, pair])).values()];
  const others = rejected.filter((pair) => !names.includes(pair));
  return [
    ...names.map((pair) => ({ ...pair, state: 'confirmed' as const })),
    ...others.map((pair) => ({ ...pair, state: 'rejected' as const })),
  ];
});
const photos: fc.Arbitrary<Photo> = fc.record({
  faces: someFaces,
  likenesses: someLikenesses,
  said: fc.oneof(fc.constant<Said[]>([]), someSaid),
});
const settings: fc.Arbitrary<NameSettings> = fc.record({
  threshold: distances,
  perhaps: fc.constantFrom(0, 0.05, 0.1),
  margin: fc.constantFrom(0, 0.05),
  oncePerPhoto: fc.boolean(),
});
/** Thresholds of some persons' own. */
const thresholds = fc
  .subarray(ids.persons)
  .chain((persons) => fc.tuple(...persons.map((person) => distances.map((own) => [person, own] as const))))
  .map((own) => new Map(own));

const name = ({ faces, likenesses, said }: Photo, given: NameSettings, own: ReadonlyMap<number, number>) =>
  nameFaces(faces, likenesses, said, given, own);
const key = ({ face, person }: { face: number; person: number }) => `${face} is ${person}`;
const holds = (law: (photo: Photo, given: NameSettings, own: Map<number, number>, names: Name[]) => void) =>
  fc.assert(
    fc.property(photos, settings, thresholds, (photo, given, own) => law(photo, given, own, name(photo, given, own))),
    { numRuns: 500 },
  );

test('what people said stands: rejected pairs never come back, confirmed and marked faces get no other name', () => {
  holds(({ faces, said }, _given, _own, names) => {
    const rejected = said.filter((each) => each.state === 'rejected').map(key);
    const confirmed = new Set(said.filter((each) => each.state === 'confirmed').map((each) => each.face));
    const marked = new Set(faces.filter((face) => face.marked).map((face) => face.id));
    for (const each of names) {
      assert.ok(!rejected.includes(key(each)));
      assert.ok(!confirmed.has(each.face));
      assert.ok(!marked.has(each.face));
    }
  });
});

test('a face has one name at most, and nobody is in a photo twice, counting the confirmed ones', () => {
  holds(({ faces, said }, { oncePerPhoto }, _own, names) => {
    const named = names.map((each) => each.face);
    assert.equal(new Set(named).size, named.length);
    assert.ok(named.every((id) => faces.some((face) => face.id === id)));
    if (!oncePerPhoto) return;
    const persons = names.map((each) => each.person);
    assert.equal(new Set(persons).size, persons.length);
    const confirmed = said.filter((each) => each.state === 'confirmed').map((each) => each.person);
    assert.ok(!persons.some((person) => confirmed.includes(person)));
  });
});

test('each name is within reach, and tells the threshold, the reference image and the next best person', () => {
  holds(({ faces, likenesses, said }, given, own, names) => {
    for (const each of names) {
      const its = likenesses.find((likeness) => key(likeness) === key(each));
      assert.deepEqual([each.distance, each.refimg], [its?.distance, its?.refimg]);
      assert.equal(each.threshold, own.get(each.person) ?? given.threshold);
      assert.ok(each.distance <= each.threshold + given.perhaps);

      const rejected = said.filter(({ state }) => state === 'rejected').map(key);
      const others = likenesses.filter(
        (other) => other.face === each.face && other.person !== each.person && !rejected.includes(key(other)),
      );
      assert.equal(each.runnerUp?.distance ?? Infinity, Math.min(Infinity, ...others.map((other) => other.distance)));

      const { size, cut } = faces.find((face) => face.id === each.face)!;
      const clear = each.runnerUp === null || each.runnerUp.distance - each.distance >= given.margin;
      assert.equal(each.perhaps, !(each.distance <= each.threshold && clear && !cut && size >= 40));
    }
  });
});

// From this it follows what another threshold does: a name only goes where somebody nearer came in its way.
test('no one is left out but for a nearer pair that is in the way, or for a word of a person', () => {
  holds(({ faces, likenesses, said }, given, own, names) => {
    for (const { face, person, distance } of likenesses) {
      const known = faces.find(({ id }) => id === face);
      const nearer = (other: Name) => other.distance <= distance;
      const left =
        !known ||
        known.marked ||
        distance > (own.get(person) ?? given.threshold) + given.perhaps ||
        said.some((each) => each.face === face && (each.state === 'confirmed' || each.person === person)) ||
        (given.oncePerPhoto && said.some((each) => each.person === person && each.state === 'confirmed')) ||
        names.some((other) => other.face === face && nearer(other)) ||
        (given.oncePerPhoto && names.some((other) => other.person === person && nearer(other)));
      assert.ok(left, `${face} could be ${person}`);
    }
  });
});

test('names do not depend on the order in which faces, likenesses and words come', () => {
  const shuffled = photos.chain((photo) =>
    fc.record({
      photo: fc.constant(photo),
      other: fc.record({
        faces: fc.shuffledSubarray(photo.faces, { minLength: photo.faces.length }),
        likenesses: fc.shuffledSubarray(photo.likenesses, { minLength: photo.likenesses.length }),
        said: fc.shuffledSubarray(photo.said, { minLength: photo.said.length }),
      }),
    }),
  );
  fc.assert(
    fc.property(shuffled, settings, thresholds, ({ photo, other }, given, own) => {
      assert.deepEqual(name(other, given, own), name(photo, given, own));
    }),
  );
});

test('a higher threshold for all keeps every name that stood, and those that were sure stay sure', () => {
  fc.assert(
    fc.property(photos, settings, fc.integer({ min: 0, max: 20 }), (photo, given, more) => {
      const before = name(photo, given, new Map());
      const after = name(photo, { ...given, threshold: given.threshold + more / 100 }, new Map());
      for (const each of before) {
        const still = after.find((other) => key(other) === key(each));
        assert.ok(still, `${key(each)} went`);
        if (!each.perhaps) assert.equal(still.perhaps, false);
      }
    }),
  );
});

test('what is known of a person who is nowhere near changes no name', () => {
  fc.assert(
    fc.property(photos, settings, thresholds, (photo, given, own) => {
      const far = photo.faces.map(({ id }) => ({ face: id, person: 99, refimg: 990, distance: 1.2 }));
      const pairsOf = (names: readonly Name[]) => names.map(({ runnerUp: _, ...each }) => each);
      const more = { ...photo, likenesses: [...photo.likenesses, ...far] };
      assert.deepEqual(pairsOf(name(more, given, own)), pairsOf(name(photo, given, own)));
    }),
  );
});

test('the nearest pair of all comes first, so that the best person gets each face', () => {
  const faces = [1, 2].map((id) => ({ id, size: 100, cut: false, marked: false }));
  const likenesses = [
    { face: 1, person: 1, refimg: 11, distance: 0.4 },
    { face: 1, person: 2, refimg: 21, distance: 0.45 },
    { face: 2, person: 1, refimg: 11, distance: 0.3 },
  ];
  const given = { threshold: 0.54, perhaps: 0.06, margin: 0, oncePerPhoto: true };
  const summary = (names: readonly Name[]) => names.map((each) => [key(each), each.runnerUp?.person, each.perhaps]);
  assert.deepEqual(summary(nameFaces(faces, likenesses, [], given, new Map())), [
    ['2 is 1', undefined, false],
    // The first person comes nearer to this face, but is in the photo already: a person is asked.
    ['1 is 2', 1, true],
  ]);
  const collage = { ...given, oncePerPhoto: false };
  assert.deepEqual(summary(nameFaces(faces, likenesses, [], collage, new Map())), [
    ['2 is 1', undefined, false],
    ['1 is 1', 2, false],
  ]);
});
