import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadBackend } from './backend.ts';
import { descriptorLength, distance } from './descriptor.ts';
import { referencesOf } from './nearest.ts';
import { likelyByProduct } from './sketch-product.ts';
import { likelyOf, sketchOf, type Likely } from './sketch.ts';

/** Descriptors around a few middles, some of them with numbers beyond what a sketch holds. */
const descriptor = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0.02, 0.05, 0.08, 0.3))
  .map(([middle, seed, spread]) => {
    let state = seed;
    const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
    return Float32Array.from(
      { length: descriptorLength },
      (_, i) => Math.sin((middle + 1) * (i + 1)) / 8 + spread * random(),
    );
  });
const faces = fc.array(descriptor, { maxLength: 12 });
const refimgs = fc
  .array(fc.record({ person: fc.integer({ min: 1, max: 4 }), descriptor }), { minLength: 1, maxLength: 20 })
  .map((all) => all.map((each, refimg) => ({ ...each, refimg })));

const sketchesOf = (descriptors: readonly Float32Array[]): Int8Array =>
  Int8Array.from(descriptors.flatMap((each) => [...sketchOf(each)]));
const pairs = ({ faces, persons }: Likely): string[] => [...faces].map((face, i) => `${face} ${persons[i]}`);

test('nobody within reach is passed over, and few beyond it are named', () => {
  fc.assert(
    fc.property(faces, refimgs, fc.double({ min: 0, max: 1.2, noNaN: true }), (drawn, given, reach) => {
      const likely = new Set(pairs(likelyOf(sketchesOf(drawn), referencesOf(given), reach)));
      for (const [i, face] of drawn.entries()) {
        for (const { person, descriptor: other } of given) {
          if (distance(face, other) <= reach) assert.ok(likely.has(`${i} ${person}`), 'one within reach is missing');
        }
        for (const person of new Set(given.map((each) => each.person))) {
          const nearest = Math.min(
            ...given.filter((each) => each.person === person).map((each) => distance(face, each.descriptor)),
          );
          const isClipped = [face, ...given.map((each) => each.descriptor)].some((each) =>
            each.some((value) => Math.abs(value) > 0.6),
          );
          if (!isClipped && nearest > reach + 0.07) assert.ok(!likely.has(`${i} ${person}`), 'one far off is there');
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('products of matrices name the same, face by face', async () => {
  const { tf } = await loadBackend('wasm');
  const before = tf.memory().numTensors;
  await fc.assert(
    fc.asyncProperty(faces, refimgs, fc.constantFrom(0.3, 0.54, 0.66), async (drawn, given, reach) => {
      const [sketches, references] = [sketchesOf(drawn), referencesOf(given)];
      assert.deepEqual(
        pairs(await likelyByProduct(tf, sketches, references, reach)),
        pairs(likelyOf(sketches, references, reach)),
      );
    }),
    { numRuns: 100 },
  );
  assert.equal(tf.memory().numTensors, before, 'no tensor is left');
});
