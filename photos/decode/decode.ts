import { fileTypeFromBuffer } from 'file-type';
import { rgbaToThumbHash } from 'thumbhash';
import { CodedError, type ErrorReport } from '../../model/errors.ts';
import { extension, isRaw } from '../kind.ts';
import { decodeAv } from './av.ts';
import { decodeEmbedded } from './embedded.ts';
import { isHighDynamicRange } from './colour-box.ts';
import type { Room } from './limits.ts';
import { decodeMagick, magickKnows } from './magick.ts';
import { decodeNative, unknownFormat } from './native.ts';
import { isOldJpeg } from './old-jpeg.ts';
import { hasTooManyScans } from './scans.ts';
import {
  computed,
  fromPixels,
  isOneColour,
  largeSide,
  previewSide,
  within,
  type Clip,
  type Raster,
  type Source,
} from './pixels.ts';

/** A picture as it is shown: the size of the original, upright, and what stands for it. */
export interface Picture {
  width: number;
  height: number;
  /** WebP, longest side 1440 px at most. */
  preview: Buffer;
  /** WebP, longest side 320 px at most, made from the preview's pixels. */
  tile: Buffer;
  thumbhash: Buffer;
}

export interface DecodeResult {
  picture: Picture | null;
  /** With a picture: what was wrong with the file all the same. */
  error: ErrorReport | null;
  /** What made the picture. */
  decoder: string | null;
  /** Only of a video. */
  clip: Clip | null;
}

/** Effort 2 takes under half the time of the default, for files 4 % larger. */
export const webpSettings = { quality: 80, effort: 2 } as const;

/** One way to a picture. */
interface Way {
  decoder: string;
  decode: () => Promise<Raster>;
  /** What it makes is what could be rescued of a damaged picture. */
  rescue?: boolean;
}

/**
 * Decodes one picture, by what its content says it is: the first decoder that can, else the picture that lies inside.
 * A file that is no picture is a result too.
 * @param name the file's name or path, as bytes
 * @param orientation EXIF orientation of a RAW file, 1 to 8; the others tell it themselves
 */
export async function decode(
  bytes: Buffer,
  name: Buffer,
  orientation: number | null,
  room: Room,
): Promise<DecodeResult> {
  return await thumbnailsOf(await rasterOf(bytes, name, orientation, previewSide, room));
}

/** The same picture as a JPEG, longest side 4000 px at most: for faces that are too small in a preview. Null where there is none. */
export async function decodeLarge(
  bytes: Buffer,
  name: Buffer,
  orientation: number | null,
  room: Room,
): Promise<Buffer | null> {
  const { raster } = await rasterOf(bytes, name, orientation, largeSide, room);
  return raster && (await fromPixels(raster.preview).jpeg({ quality: 92 }).toBuffer());
}

async function rasterOf(
  bytes: Buffer,
  name: Buffer,
  orientation: number | null,
  side: number,
  room: Room,
): Promise<Decoding> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? null;
  return await firstOf(waysFor({ bytes, mime, extension: extension(name), side, room }, isRaw(name), orientation));
}

/** Makes the poster of a video. @param path as text */
export async function decodeVideo(path: string, room: Room): Promise<DecodeResult> {
  const ways = [{ decoder: 'FFmpeg', decode: () => decodeAv(path, null, previewSide, room) }];
  return await thumbnailsOf(await firstOf(ways));
}

/** JPEG, PNG, GIF, WebP: libvips decodes all there is of them, so what it refuses is damaged. */
const plain = ['image/jpeg', 'image/png', 'image/apng', 'image/gif', 'image/webp'];
/** What a picture may be whose beginning is so broken that its content does not tell. */
const plainNames: Record<string, string> = {
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};

function waysFor(source: Source, raw: boolean, orientation: number | null): Way[] {
  const { bytes, extension, side, room } = source;
  const mime = source.mime ?? (Object.hasOwn(plainNames, extension) ? (plainNames[extension] ?? null) : null);
  const native: Way = { decoder: 'libvips', decode: () => decodeNative(source) };
  const magick: Way[] = magickKnows(source) ? [{ decoder: 'ImageMagick', decode: () => decodeMagick(source) }] : [];
  const av: Way = { decoder: 'FFmpeg', decode: () => decodeAv(bytes, mime, side, room) };
  const inside = (least?: number): Way => ({
    decoder: 'embedded JPEG',
    decode: () => decodeEmbedded(source, raw ? orientation : null, least),
  });
  if (mime?.startsWith('video/')) return [av];
  if (mime === 'image/jpeg' && hasTooManyScans(bytes)) return [native, inside()].map(rescuing);
  if (mime !== null && plain.includes(mime)) return [native, ...magick, av, inside()].map(rescuing);
  if (raw) return [inside(enough), ...magick, inside()];
  if (mime === 'image/avif') return isHighDynamicRange(bytes) ? [av, native] : [native, av];
  if (mime === 'image/tiff') return isOldJpeg(bytes) ? [...magick, inside()] : [native, ...magick, av, inside()];
  if (mime === 'image/jxl') return [av, ...magick];
  if (mime?.startsWith('image/')) return [...magick, av, inside()];
  return [...magick, inside()];
}

/** Whoever has to come after the first decoder has a damaged picture before it. */
const rescuing = (way: Way, position: number): Way => ({ ...way, rescue: position > 0 });

/** Embedded previews smaller than this, in pixels, are only taken where the RAW itself can't be decoded. */
const enough = 1000;

interface Decoding {
  raster: Raster | null;
  error: ErrorReport | null;
  decoder: string | null;
}

async function firstOf(ways: Way[]): Promise<Decoding> {
  let refusal: ErrorReport | null = null;
  for (const { decoder, decode, rescue } of ways) {
    try {
      const raster = await decode();
      const damage = raster.damage ?? (rescue ? (refusal?.message ?? null) : null);
      // Of a damaged picture that is all one colour nothing was decoded; a smaller one inside it may be whole.
      if (damage !== null && (await isOneColour(raster.preview))) throw new CodedError('decode.failed', damage);
      const error = damage === null ? null : ({ code: 'decode.damaged', message: damage } as const);
      return { raster, error, decoder };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      refusal ??= { code: error.code, message: error.message };
      if (error.code === 'decode.too-large') break;
    }
  }
  return { raster: null, error: refusal ?? { code: 'decode.failed', message: unknownFormat }, decoder: null };
}

async function thumbnailsOf({ raster, error, decoder }: Decoding): Promise<DecodeResult> {
  return { picture: raster && (await pictureOf(raster)), error, decoder, clip: raster?.clip ?? null };
}

async function pictureOf({ width, height, preview }: Raster): Promise<Picture> {
  const tile = await computed(fromPixels(preview).resize(within(320)));
  const tiny = await computed(fromPixels(tile).resize(within(64)).ensureAlpha());
  return {
    width,
    height,
    preview: await fromPixels(preview).webp(webpSettings).toBuffer(),
    tile: await fromPixels(tile).webp(webpSettings).toBuffer(),
    thumbhash: Buffer.from(rgbaToThumbHash(tiny.width, tiny.height, tiny.data)),
  };
}
