import type { Box } from './box.ts';
import type { Region } from './picture.ts';

/** Tiles next to each other share a quarter, so that a face at an edge is whole in one of them. */
const sharedPart = 0.25;

export interface Tile extends Region {
  /** Its edges inside the picture, where faces are cut. */
  inner: { left: boolean; top: boolean; right: boolean; bottom: boolean };
}

/**
 * Square tiles of equal size over a picture, `n` along its longer side: squares, for that is what the detector takes, so
 * none of it is wasted. Where they do not come out even on the shorter side they share more.
 */
export function tilesOf({ width, height }: { width: number; height: number }, n: number): Tile[] {
  const side = Math.ceil(Math.max(width, height) / (n - (n - 1) * sharedPart));
  const [lefts, tops] = [startsOf(width, side), startsOf(height, side)];
  return tops.flatMap((top, row) =>
    lefts.map((left, column) => ({
      left,
      top,
      width: Math.min(side, width),
      height: Math.min(side, height),
      inner: { left: column > 0, top: row > 0, right: column < lefts.length - 1, bottom: row < tops.length - 1 },
    })),
  );
}

/** Where tiles of a side begin so that they cover a length. */
function startsOf(length: number, side: number): number[] {
  const count = Math.max(1, Math.ceil((length / side - sharedPart) / (1 - sharedPart)));
  return Array.from({ length: count }, (_, i) => Math.round((i * Math.max(0, length - side)) / Math.max(1, count - 1)));
}

/** A box nearer to an inner edge than this share of its side is taken for cut. */
const atEdge = 0.02;

/** Whether a box found in a tile is cut by an edge of it that has picture behind it. Both are in the picture's pixels. */
export function isCut(box: Box, { left, top, width, height, inner }: Tile): boolean {
  const reach = Math.max(1, atEdge * Math.max(box.width, box.height));
  return (
    (inner.left && box.left < left + reach) ||
    (inner.top && box.top < top + reach) ||
    (inner.right && box.left + box.width > left + width - reach) ||
    (inner.bottom && box.top + box.height > top + height - reach)
  );
}
