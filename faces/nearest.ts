import { descriptorLength } from './descriptor.ts';

/** Reference images of the persons that are looked for: descriptors in one block `[n, 128]`, in the order of `refs`. */
export interface References {
  block: Float32Array;
  refs: readonly { refimg: number; person: number }[];
}

export interface Near {
  person: number;
  refimg: number;
  distance: number;
  /** To the nearest reference image of the person but this one; null where that is farther than the reach. */
  without: number | null;
}

/** For one face the nearest reference image of each person that is not farther than `reach`. */
export function nearestOf(face: Float32Array, { block, refs }: References, reach: number): Near[] {
  const best = new Map<number, Near>();
  const farthest = reach * reach;
  for (const [r, { refimg, person }] of refs.entries()) {
    const at = r * descriptorLength;
    let sum = 0;
    for (let i = 0; i < descriptorLength && sum <= farthest; i += 16) {
      for (let k = i; k < i + 16; k++) {
        const difference = (face[k] ?? 0) - (block[at + k] ?? 0);
        sum += difference * difference;
      }
    }
    if (sum > farthest) continue;
    const distance = Math.sqrt(sum);
    const before = best.get(person);
    if (!before) best.set(person, { person, refimg, distance, without: null });
    else if (distance < before.distance) best.set(person, { person, refimg, distance, without: before.distance });
    else if (distance < (before.without ?? Infinity)) before.without = distance;
  }
  return [...best.values()];
}
