import path from 'node:path';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { contained, grown } from '../faces/box.ts';
import { openPicture, type Picture } from '../faces/picture.ts';
import { webpSettings } from '../photos/decode/decode.ts';
import { knownPictures, type KnownFace, type KnownPicture } from '../tests/support/faces-truth.ts';
import type { Place } from './faces-contenders.ts';

/** A picture with the faces that are in it. */
export interface TruePicture extends KnownPicture {
  /** Faces that count neither when they are found nor when they are not. In shares of the picture's sides. */
  beside: Place[];
  /** There are more faces than a person has listed: what else is found is no error. */
  more: boolean;
}

/** Writes the preview of a picture as the product does. */
export async function writePreview(from: string | Sharp, to: string): Promise<void> {
  const whole = typeof from === 'string' ? sharp(from, { autoOrient: true }) : from;
  const { quality, effort } = webpSettings;
  await whole.resize(1440, 1440, { fit: 'inside', withoutEnlargement: true }).webp({ quality, effort }).toFile(to);
}

/** Previews of the known pictures as they are, then in a mirror, then dim: three times as many to tell contenders by. */
export async function truePreviews(dir: string): Promise<TruePicture[]> {
  const inMirror = (face: KnownFace) => ({ ...face, box: { ...face.box, left: 1 - face.box.left - face.box.width } });
  const ways = [
    { name: 'as it is', change: (from: Sharp) => from, face: (face: KnownFace) => face },
    { name: 'in a mirror', change: (from: Sharp) => from.flop(), face: inMirror },
    { name: 'dim', change: (from: Sharp) => from.linear(0.45, 4), face: (face: KnownFace) => face },
  ];
  const pictures: TruePicture[] = [];
  for (const { name, change, face } of ways) {
    for (const known of knownPictures()) {
      const file = path.join(dir, `${known.id} ${name}.webp`);
      await writePreview(change(sharp(known.path, { autoOrient: true })), file);
      pictures.push({
        id: `${known.id} ${name}`,
        path: file,
        faces: known.faces.map(face),
        beside: [],
        // Behind the two in the second picture sit people whom its list leaves out.
        more: known.id === 'bbt2',
      });
    }
  }
  return pictures;
}

const size = { width: 4000, height: 3000 };
/** Of faces in a crowd: the smallest and the largest, in pixels. */
const heights = [38, 260] as const;

/**
 * A crowd of 12 MP: clear faces of the known pictures with what is around them, in rows, each row of one height.
 * @param seed equal seeds make equal crowds
 */
export async function crowd(file: string, seed: number): Promise<TruePicture> {
  const random = randomFrom(seed);
  const sources = await facesToShow();
  const faces: KnownFace[] = [];
  const beside: Place[] = [];
  const pieces: OverlayOptions[] = [];
  for (let top = 20; ;) {
    const height = heights[0] * (heights[1] / heights[0]) ** random();
    // Enlarged faces would be blurred ones.
    const sharpOnes = sources.filter(({ face }) => face.height >= height * 0.9);
    const side = Math.ceil(1.9 * height);
    if (top + side > size.height) break;
    for (let left = 20; left + side <= size.width; left += Math.ceil(1.6 * side)) {
      const source = sharpOnes[Math.floor(random() * sharpOnes.length)];
      if (!source) throw new Error(`no face is ${height} px high`);
      const { picture, face, others } = source;
      const scale = height / face.height;
      const piece = pieceOf(picture, face);
      const shown = (place: Place): Place => ({
        left: (left + (place.left - piece.left) * scale) / size.width,
        top: (top + (place.top - piece.top) * scale) / size.height,
        width: (place.width * scale) / size.width,
        height: (place.height * scale) / size.height,
      });
      const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
      const input = await sharp(picture.data, { raw })
        .extract(piece)
        .resize(Math.round(piece.width * scale), Math.round(piece.height * scale), { fit: 'fill' })
        .png({ compressionLevel: 0 })
        .toBuffer();
      pieces.push({ input, left, top });
      faces.push({ box: shown(face), name: null, hard: false });
      beside.push(...others.filter((other) => contained(other, piece) > 0).map(shown));
    }
    top += Math.ceil(1.2 * side);
  }
  const noise = { type: 'gaussian', mean: 110, sigma: 60 } as const;
  const ground = await sharp({ create: { width: 500, height: 375, channels: 3, background: 'grey', noise } })
    .png()
    .toBuffer();
  const { width, height } = size;
  const blurred = sharp(await sharp(ground).resize(width, height).blur(4).png({ compressionLevel: 0 }).toBuffer());
  await blurred.composite(pieces).jpeg({ quality: 92 }).toFile(file);
  return { id: `crowd ${seed}`, path: file, faces, beside, more: false };
}

/** The clear faces in pixels of their pictures, with the other faces there. */
async function facesToShow(): Promise<{ picture: Picture; face: Place; others: Place[] }[]> {
  const all = await Promise.all(
    knownPictures().map(async (known) => {
      const picture = await openPicture(known.path);
      const places = known.faces.map(({ box, hard }) => ({
        hard,
        left: box.left * picture.width,
        top: box.top * picture.height,
        width: box.width * picture.width,
        height: box.height * picture.height,
      }));
      return places
        .filter(({ hard }) => !hard)
        .map((face) => ({ picture, face, others: places.filter((each) => each !== face) }));
    }),
  );
  return all.flat();
}

/** A face with two fifths of it on each side, as far as its picture reaches, in whole pixels. */
function pieceOf(picture: Picture, face: Place): Place {
  const around = grown(face, 0.4);
  const left = Math.max(0, Math.floor(around.left));
  const top = Math.max(0, Math.floor(around.top));
  const width = Math.min(picture.width, Math.floor(around.left + around.width)) - left;
  return { left, top, width, height: Math.min(picture.height, Math.floor(around.top + around.height)) - top };
}

/** Numbers from 0 to under 1, always the same ones (a linear congruential generator). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
