import { descriptorLength } from './descriptor.ts';

/** Two groups, and the mean of the squared distances between the faces of both. */
export interface Pair {
  a: number;
  b: number;
  apart: number;
}

/** The nearest pair first; the numbers decide between pairs that are equally near. */
export const byNearness = (one: Pair, other: Pair): number =>
  one.apart - other.apart || one.a - other.a || one.b - other.b;

export type GrowingGroups = ReturnType<typeof createGroups>;

/**
 * Groups that grow, at first one for each face; each is known by the index of one of its faces, its root. How far two are
 * apart on average follows from their means and spreads alone, so no two faces have to be compared for it.
 * @param limit how far apart two groups may be to become one, squared
 */
export function createGroups(
  faces: readonly { file: number; descriptor: Float32Array }[],
  limit: number,
  oncePerPhoto: boolean,
) {
  const means = new Float32Array(faces.length * descriptorLength);
  for (const [i, { descriptor }] of faces.entries()) means.set(descriptor, i * descriptorLength);
  /** Mean of the squared distances of a group's faces to their mean. */
  const spreads = new Float64Array(faces.length);
  const counts = new Int32Array(faces.length).fill(1);
  const parents = Int32Array.from(faces, (_, i) => i);
  const files: (Set<number> | undefined)[] = oncePerPhoto ? faces.map(({ file }) => new Set([file])) : [];

  function rootOf(face: number): number {
    let root = face;
    for (let up = parents[root] ?? root; up !== root; up = parents[root] ?? root) root = up;
    parents[face] = root;
    return root;
  }

  const spreadOf = (group: number): number => spreads[group] ?? 0;

  /** How far a face, or the mean of a group of such a spread, is from a group; Infinity where that is more than the limit. */
  function apartFrom(descriptors: Float32Array, at: number, spread: number, group: number): number {
    const both = spread + spreadOf(group);
    return squaredDistance(descriptors, at, means, group * descriptorLength, limit - both) + both;
  }
  const apart = (a: number, b: number): number => apartFrom(means, a * descriptorLength, spreadOf(a), b);

  function shareFile(a: number, b: number): boolean {
    const [few, many] = [files[a], files[b]].toSorted((one, other) => (one?.size ?? 0) - (other?.size ?? 0));
    return few?.values().some((file) => many?.has(file)) ?? false;
  }

  function join(one: number, other: number): void {
    const [m, n] = [counts[one] ?? 1, counts[other] ?? 1];
    const share = n / (m + n);
    let between = 0;
    for (let i = 0; i < descriptorLength; i++) {
      const mean = means[one * descriptorLength + i] ?? 0;
      const difference = (means[other * descriptorLength + i] ?? 0) - mean;
      between += difference * difference;
      means[one * descriptorLength + i] = mean + share * difference;
    }
    spreads[one] = (1 - share) * spreadOf(one) + share * spreadOf(other) + share * (1 - share) * between;
    counts[one] = m + n;
    parents[other] = one;
    for (const file of files[other] ?? []) files[one]?.add(file);
  }

  return {
    apart,

    /** The same for a single face that is in no group. */
    apartFromFace: (face: Float32Array, group: number): number => apartFrom(face, 0, 0, group),

    near: (distance: number): boolean => distance <= limit,

    /** The roots of all groups, in order. */
    all: (): number[] => Array.from(parents).flatMap((up, i) => (up === i ? [i] : [])),

    rootOf,

    /** Makes one group of two, pair after pair, the nearest first. @returns the groups that grew, in order */
    merge(pairs: readonly Pair[]): number[] {
      const grown = new Set<number>();
      for (const { a, b } of pairs.toSorted(byNearness)) {
        const [one, other] = [Math.min(rootOf(a), rootOf(b)), Math.max(rootOf(a), rootOf(b))];
        if (one === other || apart(one, other) > limit || shareFile(one, other)) continue;
        join(one, other);
        grown.add(one).delete(other);
      }
      return [...grown].toSorted((i, j) => i - j);
    },

    /** Notes a file for a group; false where the group has a face of it already. */
    takeFile(group: number, file: number): boolean {
      const its = files[group];
      if (its?.has(file)) return false;
      its?.add(file);
      return true;
    },
  };
}

/** The squared distance of two descriptors that lie in larger blocks; Infinity as soon as it is more than `most`. */
export function squaredDistance(a: Float32Array, from: number, b: Float32Array, to: number, most: number): number {
  let sum = 0;
  for (let i = 0; i < descriptorLength; i += 16) {
    for (let k = i; k < i + 16; k++) {
      const difference = (a[from + k] ?? 0) - (b[to + k] ?? 0);
      sum += difference * difference;
    }
    if (sum > most) return Infinity;
  }
  return sum;
}
