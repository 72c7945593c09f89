import { createDescriptorComparer, type DescriptorComparer } from './compare.ts';
import { descriptorLength } from './descriptor.ts';

export interface Refimg {
  refimg: number;
  person: number;
  descriptor: Float32Array;
}

/** Reference images of the persons that are looked for: descriptors in one block `[n, 128]`, in the order of `refs`. */
export interface ReferenceBlock {
  block: Float32Array;
  refs: readonly { refimg: number; person: number }[];
  /** Whose are those from `from` to before `to`. */
  persons: ReadonlyMap<number, { from: number; to: number }>;
}

export interface References extends ReferenceBlock {
  /** Holds the block. */
  comparer: DescriptorComparer;
}

/** Person by person. */
export function referencesOf(refimgs: readonly Refimg[]): References {
  const sorted = refimgs.toSorted((a, b) => a.person - b.person || a.refimg - b.refimg);
  const block = new Float32Array(sorted.length * descriptorLength);
  const persons = new Map<number, { from: number; to: number }>();
  for (const [i, { person, descriptor }] of sorted.entries()) {
    block.set(descriptor, i * descriptorLength);
    const its = persons.get(person);
    if (its) its.to = i + 1;
    else persons.set(person, { from: i, to: i + 1 });
  }
  const refs = sorted.map(({ refimg, person }) => ({ refimg, person }));
  const comparer = createDescriptorComparer();
  comparer.load(block);
  return { block, refs, persons, comparer };
}

export interface Near {
  person: number;
  refimg: number;
  distance: number;
  /** To the nearest reference image of the person but this one; null where that is farther than the reach. */
  without: number | null;
}

/**
 * For one face the nearest reference image of each person that is not farther than `reach`.
 * @param only of these persons; of all when absent
 */
export function nearestOf(
  face: Float32Array,
  { comparer, refs, persons }: References,
  reach: number,
  only: Iterable<number> = persons.keys(),
): Near[] {
  const near: Near[] = [];
  const farthest = reach * reach;
  for (const person of only) {
    const { from, to } = persons.get(person) ?? { from: 0, to: 0 };
    let best: Near | null = null;
    for (const [i, squared] of comparer.squares(face, from, to).entries()) {
      if (squared > farthest) continue;
      const distance = Math.fround(Math.sqrt(squared));
      const { refimg = 0 } = refs[from + i] ?? {};
      if (best === null) best = { person, refimg, distance, without: null };
      else if (distance < best.distance) best = { person, refimg, distance, without: best.distance };
      else if (distance < (best.without ?? Infinity)) best.without = distance;
    }
    if (best) near.push(best);
  }
  return near;
}
