import type { Refimg, RefimgFlaw } from './people.ts';

/** Pixels of the longer side under which a face is too coarse to tell people apart well. */
const largeEnough = 60;
/** Mean strength of edges of a face that is in focus. */
const sharpEnough = 4;
/** From the front it is under 0.2; where one cheek is hardly seen, near to 1. */
const frontEnough = 0.45;

/** What is wrong with a reference image: with such a one fewer faces get the right name. Empty: it is good. */
export function qualityOf({
  size,
  sharpness,
  foundBy,
  landmarks,
}: Pick<Refimg, 'size' | 'sharpness' | 'foundBy'> & { landmarks: Uint8Array | null }): RefimgFlaw[] {
  const flaws: RefimgFlaw[] = [];
  if (size < largeEnough) flaws.push('small');
  if (sharpness < sharpEnough) flaws.push('blurred');
  if (foundBy === 'assumed') flaws.push('no face found');
  else if (landmarks !== null && lopsided(landmarks) > frontEnough) flaws.push('looks aside or half hidden');
  return flaws;
}

/**
 * How differently wide the halves of a face are that its nose divides, 0 to 1. It compares areas, so that neither a tilted
 * head nor the picture's shape matter. @param landmarks 68 times x and y, 16 bit unsigned, little endian
 */
export function lopsided(landmarks: Uint8Array): number {
  const view = new DataView(landmarks.buffer, landmarks.byteOffset, landmarks.byteLength);
  const point = (i: number) => ({ x: view.getUint16(4 * i, true), y: view.getUint16(4 * i + 2, true) });
  const [oneEar, otherEar, chin, nose] = [point(0), point(16), point(8), point(30)];
  const area = (ear: typeof nose) =>
    Math.abs((ear.x - nose.x) * (chin.y - nose.y) - (chin.x - nose.x) * (ear.y - nose.y));
  const [one, other] = [area(oneEar), area(otherEar)];
  return one + other === 0 ? 0 : Math.abs(one - other) / (one + other);
}
