import { clipped, grown, surest, type Box } from './box.ts';
import { describeFaces } from './describe.ts';
import { detectFaces } from './detect.ts';
import type { Face, FacesOfPicture } from './find-faces.ts';
import { sides, type Networks } from './networks.ts';
import { squareOf, type Picture, type Region } from './picture.ts';

/** How the face of a reference image was found. `assumed`: not at all; the whole picture is taken for one. */
export type FoundBy = 'detector' | 'margin' | 'border' | 'assumed';

export interface ReferenceFaces extends FacesOfPicture {
  foundBy: FoundBy;
}

const settings = { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'as needed' } as const;

/**
 * The faces of a reference image, which may be a tight crop: detectors were made for faces with something around them, so
 * a crop in which nothing is found gets a margin, then a border. `box`: where a person says the face is.
 */
export async function findReference(networks: Networks, picture: Picture, box: Region | null): Promise<ReferenceFaces> {
  const { width, height } = picture;
  const { boxes, foundBy } = box
    ? { boxes: [{ ...box, score: 1 }], foundBy: 'assumed' as const }
    : await boxesOf(networks, picture);
  const described = await describeFaces(networks, picture, boxes);
  const faces: Face[] = described.flatMap((each, i) => {
    const found = boxes[i];
    return found ? [{ ...each, box: found, cut: false }] : [];
  });
  return { width, height, faces, foundBy, wantsLarger: false };
}

async function boxesOf(networks: Networks, picture: Picture): Promise<{ boxes: Box[]; foundBy: FoundBy }> {
  const { boxes } = await detectFaces(networks, picture, settings);
  if (boxes.length > 0) return { boxes, foundBy: 'detector' };
  const withMargin = await lookAround(picture, 0.25, 255, (square) => networks.findSmall(square, 0.3));
  if (withMargin.length > 0) return { boxes: withMargin, foundBy: 'margin' };
  const withBorder = await lookAround(picture, 1, 128, async (square) => {
    const [found = []] = await networks.findLarge([square], 0.5);
    return found;
  });
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
  const boxes = (await find(square)).map(({ left, top, width, height, score }) =>
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
