import { descriptorLength } from './descriptor.ts';
import type { References } from './nearest.ts';

/** Steps of a sketch to 1: a descriptor's numbers are under 0.6 mostly, and a byte with a sign holds 127 steps. */
const steps = 200;
/** How far rounding may move a descriptor: half a step in each of its numbers; and what float32 sums lose. */
const lost = (Math.sqrt(descriptorLength) * 0.5) / steps + 0.001;

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

/** The descriptors of reference images as sketches are compared with them: in steps, not rounded. */
export const inSteps = (block: Float32Array): Float32Array => block.map(clipped);

/** The distance in steps up to which a sketch tells of a face that is perhaps within reach. */
export const reachInSteps = (reach: number): number => (reach + lost) * steps;

/** Pairs of a face and a person: `faces[i]`, the place of a sketch in its page, may be `persons[i]`. By face. */
export interface Likely {
  faces: Int32Array;
  persons: Int32Array;
}

/**
 * Who each face may be: no person within `reach` is left out, and few others are named.
 * @param sketches `[n, 128]`
 */
export function likelyOf(sketches: Int8Array, { block, persons }: References, reach: number): Likely {
  const references = inSteps(block);
  const farthest = reachInSteps(reach) ** 2;
  const likely: { faces: number[]; persons: number[] } = { faces: [], persons: [] };
  for (let at = 0; at < sketches.length; at += descriptorLength) {
    for (const [person, { from, to }] of persons) {
      for (let r = from; r < to; r++) {
        if (!isWithin(sketches, at, references, r * descriptorLength, farthest)) continue;
        likely.faces.push(at / descriptorLength);
        likely.persons.push(person);
        break;
      }
    }
  }
  return { faces: Int32Array.from(likely.faces), persons: Int32Array.from(likely.persons) };
}

/** Strangers are told by a part of the numbers already. */
function isWithin(sketches: Int8Array, at: number, references: Float32Array, r: number, farthest: number): boolean {
  let sum = 0;
  for (let i = 0; i < descriptorLength; i += 32) {
    for (let k = i; k < i + 32; k++) {
      const difference = (sketches[at + k] ?? 0) - (references[r + k] ?? 0);
      sum += difference * difference;
    }
    if (sum > farthest) return false;
  }
  return true;
}
