import { overlap } from './box.ts';
import { distance } from './descriptor.ts';

/** A face's place in shares of the picture's sides, and what it looks like. */
export interface PlacedFace {
  x: number;
  y: number;
  w: number;
  h: number;
  descriptor: Float32Array;
}

export interface EarlierFace extends PlacedFace {
  id: number;
  /** A person drew it, or said something of it. */
  kept: boolean;
  /** It was found in other bytes than those that are looked at now. */
  ofOtherBytes: boolean;
}

/** Boxes that share this much of their area are of one face; detectors draw them differently. */
const leastOverlap = 0.3;
/** In other bytes there may be somebody else at the same place. */
const sameLooks = 0.6;

/**
 * Which of the faces found now are those of an earlier scan: they keep their number, and with it their names. Of the
 * others, those that a person said something of are kept as they are, as long as it is still the same picture.
 * @returns for each found face the number of the earlier one, or null; and the earlier ones that go
 */
export function carryOver(
  earlier: readonly EarlierFace[],
  found: readonly PlacedFace[],
): { same: (number | null)[]; gone: number[] } {
  const pairs = earlier.flatMap((old) =>
    found.map((now, i) => ({ old, i, share: overlap(boxOf(old), boxOf(now)), now })),
  );
  const same: (number | null)[] = found.map(() => null);
  const met = new Set<number>();
  for (const { old, i, share, now } of pairs.toSorted((a, b) => b.share - a.share)) {
    if (share < leastOverlap || same[i] !== null || met.has(old.id)) continue;
    if (old.ofOtherBytes && distance(old.descriptor, now.descriptor) > sameLooks) continue;
    same[i] = old.id;
    met.add(old.id);
  }
  const gone = earlier.filter((old) => !met.has(old.id) && (!old.kept || old.ofOtherBytes)).map((old) => old.id);
  return { same, gone };
}

const boxOf = ({ x, y, w, h }: PlacedFace) => ({ left: x, top: y, width: w, height: h });
