import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import wabt from 'wabt';
import { compareModule } from './compare-module.ts';
import { createDescriptorComparer, createSketchComparer } from './compare.ts';
import { descriptorLength } from './descriptor.ts';

const block = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n * descriptorLength }, (_, i) => Math.sin(seed + i * 1.7) / 8);
const of = (many: Float32Array, i: number) => many.subarray(i * descriptorLength, (i + 1) * descriptorLength);

/** As a loop says it. */
const square = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

test('squares of distances are those of a plain loop, for blocks of all sizes one after the other', () => {
  const comparer = createDescriptorComparer();
  fc.assert(
    fc.property(fc.nat(300), fc.nat(4), fc.nat(), fc.nat(), fc.nat(9), (n, k, start, count, seed) => {
      const [many, few] = [block(n, seed), block(k, seed + 5)];
      comparer.load(many);
      const from = start % (n + 1);
      const to = Math.min(n, from + (count % (n + 1)));
      const squares = comparer.squares(few, from, to);
      assert.equal(squares.length, to - from);
      for (const [i, found] of squares.entries()) {
        const all = Array.from({ length: k }, (_, f) => square(of(few, f), of(many, from + i)));
        const least = Math.min(...all);
        assert.ok(found === least || Math.abs(found - least) < 1e-5 * Math.max(1, least));
      }
    }),
    { numRuns: 200 },
  );
});

test('squares of sketches are those of a plain loop to the last bit, at the ends of their range too', () => {
  const comparer = createSketchComparer();
  const numbers = (most: number, n: number) =>
    fc.array(fc.oneof(fc.integer({ min: -most, max: most }), fc.constantFrom(-most, most)), {
      minLength: n * descriptorLength,
      maxLength: n * descriptorLength,
    });
  const blocks = fc
    .tuple(fc.nat(5), fc.integer({ min: 1, max: 3 }))
    .chain(([n, k]) => fc.tuple(numbers(127, n), numbers(2032, k)));
  const inParts = (sketch: number[], few: number[]): number =>
    sketch.reduce((sum, value, i) => sum + (value * 16 - few[i]!) ** 2, 0);
  const rows = (all: number[]) =>
    Array.from({ length: all.length / descriptorLength }, (_, i) =>
      all.slice(i * descriptorLength, (i + 1) * descriptorLength),
    );
  fc.assert(
    fc.property(blocks, ([many, few]) => {
      comparer.load(Int8Array.from(many));
      const squares = comparer.squares(Int16Array.from(few), 0, many.length / descriptorLength);
      assert.deepEqual(
        [...squares],
        rows(many).map((sketch) => Math.min(...rows(few).map((each) => inParts(sketch, each)))),
      );
    }),
    { numRuns: 100 },
  );
});

test('the module is what its text says', async () => {
  const assembler = await wabt();
  const text = readFileSync(path.join(import.meta.dirname, 'compare.wat'), 'utf8');
  const { buffer } = assembler.parseWat('compare.wat', text, { simd: true }).toBinary({});
  assert.equal(compareModule, Buffer.from(buffer).toString('base64'), 'node scripts/assemble.mjs writes it anew');
});
