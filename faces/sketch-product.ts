import type * as Tf from '@tensorflow/tfjs';
import { descriptorLength } from './descriptor.ts';
import type { ReferenceBlock } from './nearest.ts';
import { inSteps, reachInSteps, type Likely } from './sketch.ts';

/** Most reference images of a person that are looked at as one; of persons with fewer, some stand twice. */
const mostTogether = 20;
/** Faces of one product, so that its results stay within the processor's caches. */
const atOnce = 1024;
/** A descriptor and what stands for its length. */
const columns = descriptorLength + 1;

/**
 * The same as `likelyOf`, as products of matrices: many times as fast where there are many reference images.
 * `|a - b|² = |a|² + |b|² - 2ab`, so the nearest of a person's is the one with the largest `ab - |b|²/2`: a product of
 * the face with a 1 behind it and the other one with `-|b|²/2`. The first reference images of all are one matrix, the
 * second ones another: the larger of two products is found much faster than the largest within one.
 */
export async function likelyByProduct(
  tf: typeof Tf,
  sketches: Int8Array,
  references: ReferenceBlock,
  reach: number,
): Promise<Likely> {
  const groups = groupsOf(references);
  const persons = Int32Array.from(groups, ({ person }) => person);
  const farthest = reachInSteps(reach) ** 2;
  const likely: { faces: number[]; persons: number[] } = { faces: [], persons: [] };
  const matrices = matricesOf(tf, references.block, groups);
  try {
    const length = sketches.length / descriptorLength;
    for (let from = 0; from < length; from += atOnce) {
      const n = Math.min(atOnce, length - from);
      const { page, least } = pageOf(
        sketches.subarray(from * descriptorLength, (from + n) * descriptorLength),
        farthest,
      );
      const best = tf.tidy(() => {
        const faces = tf.tensor2d(page, [n, columns]);
        return matrices.map((matrix) => faces.matMul<Tf.Tensor2D>(matrix)).reduce((a, b) => tf.maximum(a, b));
      });
      const values = await best.data();
      best.dispose();
      // A value a face and a group: what is done for each of them counts.
      for (let i = 0, k = 0; i < n; i++) {
        const enough = least[i] ?? 0;
        for (let g = 0, last = -1; g < persons.length; g++) {
          const value = values[k++];
          if (value === undefined || value < enough || persons[g] === last) continue;
          last = persons[g] ?? 0;
          likely.faces.push(from + i);
          likely.persons.push(last);
        }
      }
    }
  } finally {
    tf.dispose(matrices);
  }
  return { faces: Int32Array.from(likely.faces), persons: Int32Array.from(likely.persons) };
}

interface Group {
  person: number;
  /** Places in the block. */
  members: number[];
}

/** All groups have as many members; a person with many reference images has several. */
function groupsOf({ persons }: ReferenceBlock): Group[] {
  const together = Math.min(mostTogether, Math.max(...[...persons.values()].map(({ from, to }) => to - from)));
  return [...persons].flatMap(([person, { from, to }]) =>
    Array.from({ length: Math.ceil((to - from) / together) }, (_, g) => ({
      person,
      members: Array.from({ length: together }, (_, k) => Math.min(to - 1, from + g * together + k)),
    })),
  );
}

/** The k-th has the k-th member of each group, `[129, groups]`. */
function matricesOf(tf: typeof Tf, block: Float32Array, groups: readonly Group[]): Tf.Tensor2D[] {
  const references = inSteps(block);
  return (groups[0]?.members ?? []).map((_, k) => {
    const matrix = new Float32Array(columns * groups.length);
    for (const [g, { members }] of groups.entries()) {
      const at = (members[k] ?? 0) * descriptorLength;
      let squared = 0;
      for (let i = 0; i < descriptorLength; i++) {
        const value = references[at + i] ?? 0;
        matrix[i * groups.length + g] = value;
        squared += value * value;
      }
      matrix[descriptorLength * groups.length + g] = -squared / 2;
    }
    return tf.tensor2d(matrix, [columns, groups.length]);
  });
}

/** Faces as they are multiplied, and how large the product has to be at least. */
function pageOf(sketches: Int8Array, farthest: number): { page: Float32Array; least: Float32Array } {
  const n = sketches.length / descriptorLength;
  const [page, least] = [new Float32Array(n * columns), new Float32Array(n)];
  for (let i = 0; i < n; i++) {
    const sketch = sketches.subarray(i * descriptorLength, (i + 1) * descriptorLength);
    page.set(sketch, i * columns);
    page[i * columns + descriptorLength] = 1;
    let squared = 0;
    for (const value of sketch) squared += value * value;
    least[i] = (squared - farthest) / 2;
  }
  return { page, least };
}
