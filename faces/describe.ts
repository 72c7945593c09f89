import { grown, type Box } from './box.ts';
import { chipOf, mirrored, sharpness, type Point } from './chip.ts';
import { sides, type Networks } from './networks.ts';
import { squareOf, type Picture } from './picture.ts';

/** A face as the recognition sees it. */
export interface Described {
  /** `[68]`, in pixels of the picture. */
  landmarks: Point[];
  /** `[128]`; two of one person are mostly nearer than 0.54 to each other. */
  descriptor: Float32Array;
  /** Mean strength of edges in grey levels; see `sharpness`. */
  sharpness: number;
}

/**
 * Landmarks, then the upright chip, then the descriptor: the mean of the chip's and of its mirror image's, by which
 * faces that look to one side come nearer to each other.
 */
export async function describeFaces(networks: Networks, picture: Picture, boxes: readonly Box[]): Promise<Described[]> {
  const described: Described[] = [];
  // A few at a time: a crowd's chips at once would be a lot of memory.
  for (let i = 0; i < boxes.length; i += 5)
    described.push(...(await describeSome(networks, picture, boxes.slice(i, i + 5))));
  return described;
}

async function describeSome(networks: Networks, picture: Picture, boxes: readonly Box[]): Promise<Described[]> {
  const squares = await Promise.all(boxes.map((box) => squareOf(picture, box, sides.landmarks, { place: 'middle' })));
  const points = await networks.landmarks(squares.map((square) => square.data));
  const landmarks = boxes.map((box, i) => {
    const square = squares[i];
    const side = square ? square.side / square.scale : 0;
    const { left, top } = grown(box, 0);
    return (points[i] ?? []).map(({ x, y }) => ({ x: left + x * side, y: top + y * side }));
  });
  const chips = await Promise.all(landmarks.map((each) => chipOf(picture, each)));
  const descriptors = await networks.describe(chips.flatMap((chip) => [chip, mirrored(chip)]));
  return chips.map((chip, i) => ({
    landmarks: landmarks[i] ?? [],
    descriptor: meanOf(descriptors[2 * i], descriptors[2 * i + 1]),
    sharpness: sharpness(chip),
  }));
}

function meanOf(one: Float32Array | undefined, other: Float32Array | undefined): Float32Array {
  if (!one || !other) throw new Error('The recognition network gave fewer descriptors than chips.');
  return one.map((value, i) => (value + (other[i] ?? 0)) / 2);
}
