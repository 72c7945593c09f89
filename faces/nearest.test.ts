import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { descriptorLength, distance } from './descriptor.ts';
import { nearestOf, referencesOf, type Near } from './nearest.ts';

/** Descriptors that differ in some of their numbers: some near, some far, some the same. */
const descriptors = fc
  .array(fc.tuple(fc.nat(descriptorLength - 1), fc.integer({ min: -4, max: 4 })), { maxLength: 12 })
  .map((changes) => {
    const descriptor = new Float32Array(descriptorLength).fill(0);
    for (const [at, by] of changes) descriptor[at] = by / 8;
    return descriptor;
  });
const drawnReferences = fc.array(fc.record({ person: fc.integer({ min: 1, max: 4 }), descriptor: descriptors }), {
  maxLength: 20,
});

const references = (given: readonly { person: number; descriptor: Float32Array }[]) =>
  referencesOf(given.map((each, i) => ({ ...each, refimg: 100 + i })));

test('for each person the nearest reference image and the second, as comparing all with all finds them', () => {
  fc.assert(
    fc.property(descriptors, drawnReferences, fc.double({ min: 0, max: 2, noNaN: true }), (face, given, reach) => {
      const far = given.map(({ descriptor }) => distance(face, descriptor));
      // Whether one that is exactly so far counts is a matter of rounding.
      fc.pre(far.every((each) => Math.abs(each - reach) > 1e-9));
      const all = far
        .map((each, i) => ({ person: given[i]!.person, refimg: 100 + i, distance: each }))
        .filter((near) => near.distance <= reach)
        .sort((a, b) => a.distance - b.distance || a.refimg - b.refimg);
      const expected = [...Map.groupBy(all, (near) => near.person).values()].map(([first, second]) => ({
        ...first!,
        without: second?.distance ?? null,
      }));
      const byPerson = (near: Near[]) => near.toSorted((a, b) => a.person - b.person);
      assert.deepEqual(byPerson(nearestOf(face, references(given), reach)), byPerson(expected));
    }),
    { numRuns: 500 },
  );
});

test('a face that is a reference image itself is at distance 0 from it', () => {
  const face = new Float32Array(descriptorLength).fill(0.25);
  const given = [
    { person: 1, descriptor: face.map((value) => value + 0.01) },
    { person: 1, descriptor: face },
  ];
  const [near] = nearestOf(face, references(given), 0.5);
  assert.deepEqual([near?.person, near?.refimg, near?.distance], [1, 101, 0]);
  assert.deepEqual(nearestOf(face, references([]), 0.5), []);
});
