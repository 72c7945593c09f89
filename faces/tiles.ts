import type { Box } from './box.ts';
import type { Region } from './picture.ts';

/** Tiles next to each other share a quarter, so that a face at an edge is whole in one of them. */
const sharedPart = 0.25;

export interface Tile extends Region {
  /** Its edges inside the picture, where faces are cut. */
  inner: { left: boolean; top: boolean; right: boolean; bottom: boolean };
}

/** Tiles of equal size over a picture, `n` a side. */
export function tilesOf({ width, height }: { width: number; height: number }, n: number): Tile[] {
  const span = n - (n - 1) * sharedPart;
  const [w, h] = [Math.ceil(width / span), Math.ceil(height / span)];
  const tiles: Tile[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const left = Math.round((column * (width - w)) / Math.max(1, n - 1));
      const top = Math.round((row * (height - h)) / Math.max(1, n - 1));
      const inner = { left: column > 0, top: row > 0, right: column < n - 1, bottom: row < n - 1 };
      tiles.push({ left, top, width: w, height: h, inner });
    }
  }
  return tiles;
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
