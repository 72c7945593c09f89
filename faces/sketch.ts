import { createSketchComparer } from './compare.ts';
import { descriptorLength } from './descriptor.ts';
import type { ReferenceBlock } from './nearest.ts';

/** Steps of a sketch to 1: a descriptor's numbers are under 0.6 mostly, and a byte with a sign holds 127 steps. */
const steps = 200;
/** Parts of a step to which the descriptors are rounded that sketches are compared with. */
const parts = 16;
/** How far rounding may move the two: half a step and half a part in each of their numbers; and what float32 sums lose. */
const lost = (Math.sqrt(descriptorLength) * (0.5 + 0.5 / parts)) / steps + 0.001;

const clipped = (value: number): number => Math.min(127, Math.max(-127, value * steps));

/**
 * A descriptor in 128 bytes, a quarter of its size: enough to pass over those who are far from a face. What is beyond
 * the bytes' range is clipped, which brings two descriptors nearer to each other, never farther apart.
 */
export function sketchOf(descriptor: Float32Array): Int8Array {
  const sketch = new Int8Array(descriptorLength);
  for (let i = 0; i < descriptorLength; i++) sketch[i] = Math.round(clipped(descriptor[i] ?? 0));
  return sketch;
}

/** The descriptors of reference images as sketches are compared with them: in steps and parts of them. */
export const inSteps = (block: Float32Array): Float32Array =>
  block.map((value) => Math.round(clipped(value) * parts) / parts);

/** The distance in steps up to which a sketch tells of a face that is perhaps within reach. */
export const reachInSteps = (reach: number): number => (reach + lost) * steps;

const comparer = createSketchComparer();

/** Pairs of a face and a person: `faces[i]`, the place of a sketch in its page, may be `persons[i]`. By face. */
export interface Likely {
  faces: Int32Array;
  persons: Int32Array;
}

/**
 * Who each face may be: no person within `reach` is left out, and few others are named.
 * @param sketches `[n, 128]`
 */
export function likelyOf(sketches: Int8Array, { block, persons }: ReferenceBlock, reach: number): Likely {
  const references = Int16Array.from(inSteps(block), (value) => value * parts);
  const farthest = (reachInSteps(reach) * parts) ** 2;
  const n = sketches.length / descriptorLength;
  // Each reference image with all faces: these are many more.
  comparer.load(sketches);
  const near = [...persons].map(([person, { from, to }]) => ({
    person,
    squares: comparer.squares(references.subarray(from * descriptorLength, to * descriptorLength), 0, n).slice(),
  }));
  const likely: { faces: number[]; persons: number[] } = { faces: [], persons: [] };
  for (let i = 0; i < n; i++) {
    for (const { person, squares } of near) {
      if ((squares[i] ?? Infinity) > farthest) continue;
      likely.faces.push(i);
      likely.persons.push(person);
    }
  }
  return { faces: Int32Array.from(likely.faces), persons: Int32Array.from(likely.persons) };
}
