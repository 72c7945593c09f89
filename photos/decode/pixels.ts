import sharp, { type Sharp } from 'sharp';
import type { Room } from './limits.ts';

/** Longest sides, in pixels: of a preview, and of the larger picture in which small faces are looked for. */
export const previewSide = 1440;
export const largeSide = 4000;
/** What shows through transparent pictures: black and white drawings both stand out from it. */
const ground = '#808080';

/** A picture as rows of bytes, left to right and top to bottom. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  /** 1 or 3: grey or sRGB. 2 or 4: with alpha. */
  channels: 1 | 2 | 3 | 4;
}

/** What a decoder makes of a file. */
export interface Raster {
  /** Of the whole picture, upright. */
  width: number;
  height: number;
  /** Upright, in sRGB, without transparency, as long as was asked for at most. */
  preview: Pixels;
  /** What was wrong with the file although there is a picture. */
  damage: string | null;
  /** Only of a video. */
  clip?: Clip;
}

export interface Clip {
  /** Seconds. */
  duration: number | null;
  /** Of the picture and the sound: `h264`, `aac`. */
  codecs: string[];
}

/** What a decoder is given. It makes a Raster of it, or throws a CodedError with the reason why it can't. */
export interface Source {
  bytes: Buffer;
  /** Media type by content; null where the content is of no known kind. */
  mime: string | null;
  /** In lower case, without the dot; empty where there is none. */
  extension: string;
  /** Longest side of the picture that is wanted, in pixels. */
  side: number;
  /** To be asked before decoding. */
  room: Room;
}

export const within = (side: number) =>
  ({ width: side, height: side, fit: 'inside', withoutEnlargement: true }) as const;

/** Computes a pipeline with a longest side of `side` px at most, in sRGB and without transparency. */
export async function reduce(pipeline: Sharp, side: number): Promise<Pixels> {
  return await computed(pipeline.resize(within(side)).flatten({ background: ground }).toColourspace('srgb'));
}

/** Computes a pipeline into plain pixels. */
export async function computed(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data, width, height, channels };
}

/** Colours of one flat picture may be as far apart as this. */
const noise = 4;

/** Whether a picture, seen from far enough, has only one colour. */
export async function isOneColour(pixels: Pixels): Promise<boolean> {
  const { data, channels } = await computed(fromPixels(pixels).resize(within(64)));
  for (let at = channels; at < data.length; at++) {
    if (Math.abs((data[at] ?? 0) - (data[at % channels] ?? 0)) > noise) return false;
  }
  return true;
}

/** A new pipeline over pixels. */
export const fromPixels = ({ data, width, height, channels }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

/** Turns and mirrors stored pixels into the upright picture that an EXIF orientation from 1 to 8 describes. */
export async function upright(pixels: Pixels, orientation: number): Promise<Pixels> {
  const turn = turns[orientation];
  if (!turn) return pixels;
  const image = fromPixels(pixels);
  // sharp mirrors before it turns, whatever the order of the calls.
  return await computed((turn.mirrored ? image.flop() : image).rotate(turn.degrees));
}

/** EXIF 2.32, tag 0x0112: clockwise degrees, after mirroring left and right. */
const turns: Record<number, { mirrored: boolean; degrees: number }> = {
  2: { mirrored: true, degrees: 0 },
  3: { mirrored: false, degrees: 180 },
  4: { mirrored: true, degrees: 180 },
  5: { mirrored: true, degrees: 270 },
  6: { mirrored: false, degrees: 90 },
  7: { mirrored: true, degrees: 90 },
  8: { mirrored: false, degrees: 270 },
};

/** Width and height of the upright picture. */
export const uprightSize = (width: number, height: number, orientation: number): { width: number; height: number } =>
  orientation >= 5 ? { width: height, height: width } : { width, height };
