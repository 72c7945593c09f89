import { clipped, grown, overlap, sameFace, surest, type Box } from './box.ts';
import { sides, type Found, type Networks } from './networks.ts';
import { squareOf, type Picture, type Region, type Square } from './picture.ts';
import { isCut, tilesOf, type Tile } from './tiles.ts';

export interface DetectSettings {
  /** `combined`: the whole recipe. `ssd`: the large detector alone. `tiny`: the small one alone, over the whole picture. */
  detector: 'combined' | 'ssd' | 'tiny';
  /** Boxes less sure than this are no faces; 0 to 1. */
  minScore: number;
  /** Faces shorter than this, in pixels of the picture, are left out. */
  minSize: number;
  /** When to look at parts of a picture as well: where there are small faces, always, or never. */
  tiles: 'as needed' | 'always' | 'never';
}

/** Where there may be small faces boxes as unsure as this tell of them. */
const hintScore = 0.1;
/** Sides of boxes in the square of 512 px: below these the detector is out of its depth. */
const small = 56;
const tiny = 28;
const coarse = 32;

/** One big face, which the large detector misses now and then. */
const bigFace = { margin: 0.25, least: 0.5 };
/** Side of the square in which the small detector, where it is alone, looks at the whole picture. */
const aloneSide = 512;
/** Boxes that a second detector has to confirm, and those that need no word of it. */
const doubtful = { below: 0.7, side: 40, margin: 0.6, least: 0.3, exempt: { score: 0.85, side: 32 } };

/** Of a crowd with a larger version only that it is one is told: the search is done there. */
export type Detected = { boxes: Box[]; wantsLarger: false } | { boxes: []; wantsLarger: true };

/**
 * Finds the faces of a picture: a large detector over the whole of it, over tiles of it where faces are small, a small
 * one for a big face, and for what is doubtful. Recipe and numbers were found by measuring (docs/faces.md).
 * @param hasLarger there is a larger version of the picture, in which the faces of a crowd are to be looked for instead
 */
export async function detectFaces(
  networks: Networks,
  picture: Picture,
  settings: DetectSettings,
  hasLarger = false,
): Promise<Detected> {
  if (settings.detector === 'tiny') {
    return { boxes: await findSmallAlone(networks, picture, settings), wantsLarger: false };
  }
  if (hasLarger && settings.tiles === 'always') return { boxes: [], wantsLarger: true };
  const whole: Region = { left: 0, top: 0, width: picture.width, height: picture.height };
  const square = await squareOf(picture, whole, sides.large);
  const [first = []] = await networks.findLarge([square], Math.min(hintScore, settings.minScore));
  const hints = surest(first.map((found) => inPicture(found, square, whole, picture)));
  const longest = Math.max(picture.width, picture.height);
  const inSquare = (box: Box) => Math.max(box.width, box.height) * square.scale;
  const crowd = hints.filter((box) => inSquare(box) < tiny).length > 2;
  if (hasLarger && settings.tiles === 'as needed' && crowd) return { boxes: [], wantsLarger: true };

  const n = tilesASide(longest, hints.map(inSquare), crowd, settings.tiles);
  let boxes = hints.filter((box) => box.score >= settings.minScore);
  if (n.length > 0) boxes = boxes.filter((box) => inSquare(box) >= coarse);
  for (const each of n) boxes.push(...(await inTiles(networks, picture, tilesOf(picture, each), settings.minScore)));
  boxes = surest(boxes);

  const alone = settings.detector === 'ssd';
  for (const box of alone ? [] : await findBigFace(networks, picture)) {
    if (!boxes.some((other) => sameFace(box, other))) boxes.push(box);
  }
  boxes = boxes.filter((box) => Math.max(box.width, box.height) >= settings.minSize);
  const unconfirmed = alone ? new Set() : await notConfirmed(networks, picture, boxes.filter(isDoubtful));
  return { boxes: boxes.filter((box) => !unconfirmed.has(box)), wantsLarger: false };
}

function tilesASide(
  longest: number,
  boxSides: readonly number[],
  crowd: boolean,
  tiles: DetectSettings['tiles'],
): number[] {
  if (tiles === 'never') return [];
  if (tiles === 'always') return longest > 2600 ? [2, 4] : [3];
  if (longest <= 900 || !boxSides.some((side) => side < small)) return [];
  if (crowd && longest > 2600) return [4];
  return crowd && longest > 1800 ? [3] : [2];
}

async function inTiles(networks: Networks, picture: Picture, tiles: readonly Tile[], least: number): Promise<Box[]> {
  const boxes: Box[] = [];
  // Two at a time, as the network takes them: a square of each tile at once would be a lot of memory.
  for (let i = 0; i < tiles.length; i += 2) {
    const pair = tiles.slice(i, i + 2);
    const squares = await Promise.all(pair.map((tile) => squareOf(picture, tile, sides.large)));
    const found = await networks.findLarge(squares, least);
    for (const [k, tile] of pair.entries()) {
      const square = squares[k];
      if (!square) continue;
      const inTile = surest((found[k] ?? []).map((each) => inPicture(each, square, tile, picture)));
      boxes.push(...inTile.filter((box) => !isCut(box, tile)));
    }
  }
  return boxes;
}

async function findSmallAlone(networks: Networks, picture: Picture, settings: DetectSettings): Promise<Box[]> {
  const whole: Region = { left: 0, top: 0, width: picture.width, height: picture.height };
  const square = await squareOf(picture, whole, aloneSide);
  const [found = []] = await networks.findSmall([square], settings.minScore);
  const boxes = surest(found.map((each) => inPicture(each, square, whole, picture)));
  return boxes.filter((box) => Math.max(box.width, box.height) >= settings.minSize);
}

async function findBigFace(networks: Networks, picture: Picture): Promise<Box[]> {
  const { width, height } = picture;
  const region = grown({ left: 0, top: 0, width, height }, bigFace.margin);
  const square = await squareOf(picture, region, sides.small, { around: 255, place: 'middle' });
  const [found = []] = await networks.findSmall([square], bigFace.least);
  return surest(found.map((each) => inPicture(each, square, region, picture)));
}

function isDoubtful({ width, height, score }: Box): boolean {
  const side = Math.max(width, height);
  if (score >= doubtful.exempt.score && side >= doubtful.exempt.side) return false;
  return score < doubtful.below || side < doubtful.side;
}

/** Those of the boxes in which the small detector sees no face. */
async function notConfirmed(networks: Networks, picture: Picture, boxes: readonly Box[]): Promise<Set<Box>> {
  const regions = boxes.map((box) => grown(box, doubtful.margin));
  const squares: Square[] = [];
  for (const region of regions) squares.push(await squareOf(picture, region, sides.small, { place: 'middle' }));
  const found = await networks.findSmall(squares, doubtful.least);
  const isConfirmed = (box: Box, i: number): boolean => {
    const [square, region] = [squares[i], regions[i]];
    if (!square || !region) return false;
    // What is seen beside it is another face.
    return (found[i] ?? []).some((each) => overlap(inPicture(each, square, region, picture), box) > 0.35);
  };
  return new Set(boxes.filter((box, i) => !isConfirmed(box, i)));
}

/** From shares of a square that shows a region to pixels of the picture. */
function inPicture(found: Found, square: Square, region: Region, picture: Picture): Box {
  const toPicture = square.side / square.scale;
  return clipped(
    {
      left: region.left + found.left * toPicture - square.left / square.scale,
      top: region.top + found.top * toPicture - square.top / square.scale,
      width: found.width * toPicture,
      height: found.height * toPicture,
      score: found.score,
    },
    picture,
  );
}
