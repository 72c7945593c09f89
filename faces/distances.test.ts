import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binOf, sum } from '../model/distances.ts';
import { descriptorLength, distance } from './descriptor.ts';
import { addDistances, distinctSamples, noDistances, type Sample } from './distances.ts';

function sample(person: number, looks: number, more: Partial<Sample> = {}): Sample {
  const descriptor = new Float32Array(descriptorLength);
  descriptor[0] = looks;
  return { person, hash: `${person} ${looks}`, x: 0.1, y: 0.1, w: 0.2, h: 0.2, descriptor, ...more };
}

function measured(samples: readonly Sample[]) {
  const distances = noDistances(samples);
  for (const i of samples.keys()) addDistances(distances, samples, i);
  return distances;
}

test('a pair is counted once, and for each of its two persons', () => {
  const { everybody, persons } = measured([sample(1, 0), sample(1, 0.305), sample(2, 0.71)]);
  assert.deepEqual([everybody.same[30], sum(everybody.same)], [1, 1]);
  assert.deepEqual([everybody.different[40], everybody.different[70], sum(everybody.different)], [1, 1, 2]);
  assert.deepEqual([sum(persons.get(1)!.same), sum(persons.get(1)!.different)], [1, 2]);
  assert.deepEqual([sum(persons.get(2)!.same), sum(persons.get(2)!.different)], [0, 2]);
});

test('one face is one sample, whether it is a reference image, confirmed, or of a copy of the file', () => {
  const face = sample(1, 0, { hash: 'aa' });
  const reference = sample(1, 0.001, { hash: 'aa', x: 0.11 });
  const otherFace = sample(2, 0.8, { hash: 'aa', x: 0.6 });
  const otherPicture = sample(1, 0.3, { hash: 'bb' });
  assert.deepEqual(distinctSamples([face, reference, otherFace, otherPicture]), [face, otherFace, otherPicture]);
});

test('the counts are those of all pairs', () => {
  const drawn = fc.array(fc.record({ person: fc.integer({ min: 1, max: 4 }), looks: fc.nat(20).map((n) => n / 16) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(drawn, (them) => {
      const samples = them.map(({ person, looks }) => sample(person, looks));
      const { everybody, persons } = measured(samples);
      for (const kind of ['same', 'different'] as const) {
        const pairs = samples.flatMap((a, i) =>
          samples
            .slice(0, i)
            .filter((b) => (a.person === b.person) === (kind === 'same'))
            .map((b) => [a, b] as const),
        );
        for (const [bin, count] of everybody[kind].entries()) {
          assert.equal(count, pairs.filter(([a, b]) => binOf(distance(a.descriptor, b.descriptor)) === bin).length);
        }
        const ofPersons = [...persons.values()].reduce((total, counts) => total + sum(counts[kind]), 0);
        assert.equal(ofPersons, kind === 'same' ? pairs.length : 2 * pairs.length);
      }
    }),
  );
});
