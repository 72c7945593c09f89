import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accuracyAt, binOf, distanceBins, isEnough, usualThresholds } from './distances.ts';

const counted = (distances: readonly number[]) => {
  const counts = new Array<number>(distanceBins).fill(0);
  for (const each of distances) counts[binOf(each)]! += 1;
  return counts;
};

test('precision and recall are shares of pairs', () => {
  const same = counted([0.3, 0.4, 0.5, 0.7]);
  const different = counted([0.5, 0.8, 0.9]);
  assert.deepEqual(accuracyAt({ same, different }, 0.45), { threshold: 0.45, precision: 1, recall: 0.5 });
  assert.deepEqual(accuracyAt({ same, different }, 0.55), { threshold: 0.55, precision: 0.75, recall: 0.75 });
  assert.deepEqual(accuracyAt({ same, different }, 0.2), { threshold: 0.2, precision: null, recall: 0 });
  assert.deepEqual(accuracyAt({ same: [], different }, 0.6), { threshold: 0.6, precision: 0, recall: null });
  assert.deepEqual([isEnough({ same, different }), isEnough({ same, different: [] })], [true, false]);
});

test('a distance far beyond is counted, in the last bin', () => {
  assert.deepEqual([binOf(0), binOf(0.019), binOf(1.29), binOf(9)], [0, 1, 129, 129]);
});

const distances = fc.array(fc.double({ min: 0, max: 1.6, noNaN: true }), { minLength: 1, maxLength: 60 });

test('they are what counting the pairs themselves gives', () => {
  fc.assert(
    fc.property(distances, distances, fc.constantFrom(...usualThresholds), (same, different, threshold) => {
      // What is counted by hundredths: a distance is as near as its hundredth says.
      const near = (each: number) => binOf(each) < Math.round(threshold * 100);
      const [right, wrong] = [same.filter(near).length, different.filter(near).length];
      const { precision, recall } = accuracyAt({ same: counted(same), different: counted(different) }, threshold);
      assert.equal(recall, right / same.length);
      assert.equal(precision, right + wrong === 0 ? null : right / (right + wrong));
    }),
  );
});

test('with a larger threshold recall never falls', () => {
  fc.assert(
    fc.property(distances, distances, (same, different) => {
      const recalls = usualThresholds.map(
        (each) => accuracyAt({ same: counted(same), different: counted(different) }, each).recall ?? 0,
      );
      assert.deepEqual(
        recalls,
        recalls.toSorted((a, b) => a - b),
      );
    }),
  );
});
