import { clipped, grown, surest, type Box } from './box.ts';
import { describeFaces } from './describe.ts';
import { detectFaces } from './detect.ts';
import type { Face, FacesOfPicture } from './find-faces.ts';
import { sides, type Networks } from './networks.ts';
import { squareOf, type Picture, type Region } from './picture.ts';
import { regionTurned, regionTurnedBack, turned, turnedBack, type Turn } from './turned.ts';

/** How the face of a reference image was found. `assumed`: not at all; the whole picture is taken for one. */
export type FoundBy = 'detector' | 'margin' | 'border' | 'assumed' | 'by hand';

export interface ReferenceFaces extends FacesOfPicture {
  foundBy: FoundBy;
}

const settings = { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'as needed' } as const;

/** Of 2. A face that stands upright reaches 1.7, one that lies or stands on its head 1.35. */
const upright = 1.5;

interface Found {
  turn: Turn;
  picture: Picture;
  boxes: Box[];
  foundBy: FoundBy;
}

/**
 * The faces of a reference image, which may be a tight crop: detectors were made for faces with something around them, so
 * a crop in which nothing is found gets a margin, then a border. And it may lie on its side: faces are described as they
 * are upright, and told where they are in the picture as it is. `box`: where a person says the face is.
 */
export async function findReference(networks: Networks, picture: Picture, box: Region | null): Promise<ReferenceFaces> {
  const found = await wayUp(networks, async (turn): Promise<Found> => {
    const there = await turned(picture, turn);
    if (!box) return { turn, picture: there, ...(await boxesOf(networks, there)) };
    return { turn, picture: there, boxes: [{ ...regionTurned(box, turn, picture), score: 1 }], foundBy: 'by hand' };
  });
  const described = await describeFaces(networks, found.picture, found.boxes);
  const faces: Face[] = described.flatMap((each, i) => {
    const place = found.boxes[i];
    if (!place) return [];
    const landmarks = each.landmarks.map((point) => turnedBack(point, found.turn, picture));
    return [{ ...each, landmarks, box: regionTurnedBack(place, found.turn, picture), cut: false }];
  });
  const { width, height } = picture;
  return { width, height, faces, foundBy: found.foundBy, wantsLarger: false };
}

/** Looks at the picture as it is; where its face does not seem upright, also on its sides and on its head. */
async function wayUp(networks: Networks, look: (turn: Turn) => Promise<Found>): Promise<Found> {
  const asItIs = await look(0);
  if ((await uprightness(networks, asItIs)) >= upright) return asItIs;
  let best = { found: asItIs, score: upright };
  for (const turn of [90, 270, 180] as const) {
    const found = await look(turn);
    const score = found.foundBy === 'assumed' ? 0 : await uprightness(networks, found);
    if (score > best.score) best = { found, score };
  }
  return best.found;
}

/** How sure both detectors are, together, of the surest face, with nothing else to see around it: 0 to 2. */
async function uprightness(networks: Networks, { picture, boxes }: Found): Promise<number> {
  const [surestBox] = boxes.toSorted((a, b) => b.score - a.score);
  if (!surestBox) return 0;
  const show = (share: number, side: number, around: number) =>
    squareOf(picture, grown(surestBox, share), side, { around, place: 'middle' });
  const [small = []] = await networks.findSmall([await show(0.25, sides.small, 255)], 0.1);
  const [large = []] = await networks.findLarge([await show(1, sides.large, 128)], 0.1);
  return [small, large].reduce((sum, found) => sum + Math.max(0, ...found.map(({ score }) => score)), 0);
}

async function boxesOf(networks: Networks, picture: Picture): Promise<{ boxes: Box[]; foundBy: FoundBy }> {
  const { boxes } = await detectFaces(networks, picture, settings);
  if (boxes.length > 0) return { boxes, foundBy: 'detector' };
  const withMargin = await lookAround(picture, 0.25, 255, (square) => networks.findSmall([square], 0.3));
  if (withMargin.length > 0) return { boxes: withMargin, foundBy: 'margin' };
  const withBorder = await lookAround(picture, 1, 128, (square) => networks.findLarge([square], 0.5));
  if (withBorder.length > 0) return { boxes: withBorder, foundBy: 'border' };
  return { boxes: [{ left: 0, top: 0, width: picture.width, height: picture.height, score: 0 }], foundBy: 'assumed' };
}

/** Looks at the picture with a border of one colour around it. */
async function lookAround(
  picture: Picture,
  share: number,
  around: number,
  find: (square: Awaited<ReturnType<typeof squareOf>>) => ReturnType<Networks['findSmall']>,
): Promise<Box[]> {
  const region = grown({ left: 0, top: 0, width: picture.width, height: picture.height }, share);
  const side = around === 255 ? sides.small : sides.large;
  const square = await squareOf(picture, region, side, { around, place: 'middle' });
  const [found = []] = await find(square);
  const boxes = found.map(({ left, top, width, height, score }) =>
    clipped(
      {
        left: region.left + left * region.width,
        top: region.top + top * region.height,
        width: width * region.width,
        height: height * region.height,
        score,
      },
      picture,
    ),
  );
  return surest(boxes.filter((box) => box.width > 0 && box.height > 0));
}
