/** Where a face is, in pixels of the picture, and how sure the detector is of it, from 0 to 1. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
  score: number;
}

type Place = Omit<Box, 'score'>;

const area = ({ width, height }: Place): number => Math.max(0, width) * Math.max(0, height);

function shared(a: Place, b: Place): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, from 0 to 1. */
export function overlap(a: Place, b: Place): number {
  const both = shared(a, b);
  return both === 0 ? 0 : both / (area(a) + area(b) - both);
}

/** How much of the smaller one lies in the other, from 0 to 1. */
export function contained(a: Place, b: Place): number {
  const smaller = Math.min(area(a), area(b));
  return smaller === 0 ? 0 : shared(a, b) / smaller;
}

/** Whether two boxes are of one face. */
export const sameFace = (a: Place, b: Place): boolean => overlap(a, b) > 0.4 || contained(a, b) > 0.65;

/** Of the boxes that are of one face only the surest is kept (non-maximum suppression), the surest first. */
export function surest<B extends Box>(boxes: readonly B[]): B[] {
  const kept: B[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => sameFace(box, other))) kept.push(box);
  }
  return kept;
}

/** Grown on each side by a share of its longer side, into a square. */
export function grown({ left, top, width, height }: Place, share: number): Place {
  const side = Math.max(width, height) * (1 + 2 * share);
  return { left: left + width / 2 - side / 2, top: top + height / 2 - side / 2, width: side, height: side };
}

/** The part of a box that lies in the picture. */
export function clipped<B extends Place>(box: B, { width, height }: { width: number; height: number }): B {
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
  const right = Math.min(width, box.left + box.width);
  const bottom = Math.min(height, box.top + box.height);
  return { ...box, left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
