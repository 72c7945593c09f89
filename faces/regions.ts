import { contained, overlap } from './box.ts';

/** A rectangle in shares of a picture's sides. */
export interface Share {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface WrittenRegions {
  /** As they are written in a file. */
  regions: readonly Share[];
  /** How the stored pixels are turned upright: EXIF orientation, 1 to 8. */
  orientation: number;
  /** The picture's size that the program noted with the regions, if any. */
  appliedTo: { width: number; height: number } | null;
}

/**
 * Where regions lie in the upright picture, and which of its faces each one is of. Most programs measure in the pixels as
 * they are stored, some in the picture as it is shown: the size they note tells where the picture stands on its side, and
 * what is told less clearly than the faces tell gives way to them.
 * @returns for each region its place, and the index of its face or null
 */
export function placeRegions(
  { regions, orientation, appliedTo }: WrittenRegions,
  faces: readonly Share[],
  size: { width: number; height: number },
): { place: Share; face: number | null }[] {
  const shown = matched(regions, faces);
  if (orientation === 1) return shown;
  const stored = matched(
    regions.map((region) => uprightPlace(region, orientation)),
    faces,
  );
  const asShown =
    appliedTo !== null && orientation >= 5 && appliedTo.width > appliedTo.height === size.width > size.height;
  const [likely, other] = asShown ? [shown, stored] : [stored, shown];
  const [its, others] = [hits(likely), hits(other)];
  return others > its && others * 2 >= regions.length ? other : likely;
}

const hits = (placed: readonly { face: number | null }[]): number => placed.filter(({ face }) => face !== null).length;

/** Where a place in stored pixels comes to lie in the upright picture. */
export function uprightPlace({ x, y, w, h }: Share, orientation: number): Share {
  const [right, below] = [1 - x - w, 1 - y - h];
  switch (orientation) {
    case 2:
      return { x: right, y, w, h };
    case 3:
      return { x: right, y: below, w, h };
    case 4:
      return { x, y: below, w, h };
    case 5:
      return { x: y, y: x, w: h, h: w };
    case 6:
      return { x: below, y: x, w: h, h: w };
    case 7:
      return { x: below, y: right, w: h, h: w };
    case 8:
      return { x: y, y: right, w: h, h: w };
    default:
      return { x, y, w, h };
  }
}

/** Programs draw a face with hair and neck, or the eyes and mouth only. */
const leastOverlap = 0.2;
const leastContained = 0.65;
/** A small face in the background is not the one a large region is drawn around. */
const mostLarger = 6;

function matched(places: readonly Share[], faces: readonly Share[]): { place: Share; face: number | null }[] {
  const pairs = places.flatMap((place, region) =>
    faces.flatMap((face, i) => {
      const [a, b] = [boxOf(place), boxOf(face)];
      const larger = (place.w * place.h) / (face.w * face.h);
      const alike = larger < mostLarger && larger > 1 / mostLarger;
      const share = overlap(a, b);
      return share >= leastOverlap || (alike && contained(a, b) >= leastContained) ? [{ region, i, share }] : [];
    }),
  );
  const placed = places.map((place): { place: Share; face: number | null } => ({ place, face: null }));
  const taken = new Set<number>();
  for (const { region, i } of pairs.toSorted((a, b) => b.share - a.share)) {
    const its = placed[region];
    if (!its || its.face !== null || taken.has(i)) continue;
    its.face = i;
    taken.add(i);
  }
  return placed;
}

const boxOf = ({ x, y, w, h }: Share) => ({ left: x, top: y, width: w, height: h });
