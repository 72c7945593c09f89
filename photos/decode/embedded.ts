import sharp from 'sharp';
import { CodedError } from '../../model/errors.ts';
import { maxPixels } from './limits.ts';
import { reduce, upright, uprightSize, type Raster, type Source } from './pixels.ts';

/** A JPEG inside another file. */
export interface Embedded {
  offset: number;
  width: number;
  height: number;
}

/**
 * The JPEGs that lie whole in a file, the largest first: in a RAW file the camera's own pictures, in a broken one the
 * thumbnails. All RAW formats keep them as they are, so no format's tables have to be understood. Lossless JPEGs, which
 * hold the sensor's data, are passed over.
 */
function embeddedJpegs(bytes: Buffer): Embedded[] {
  const found: Embedded[] = [];
  for (let offset = bytes.indexOf(start); offset >= 0; offset = bytes.indexOf(start, offset + start.length)) {
    const size = sizeOfJpeg(bytes, offset);
    if (size) found.push({ offset, ...size });
  }
  return found.sort((a, b) => b.width * b.height - a.width * a.height || a.offset - b.offset);
}

/** Start of image, and the first byte of the marker that follows. */
const start = Buffer.from([0xff, 0xd8, 0xff]);

/** Walks a JPEG's segments up to its first scan; null where it is none, or none that is decoded here. */
function sizeOfJpeg(bytes: Buffer, offset: number): { width: number; height: number } | null {
  let size: { width: number; height: number } | null = null;
  let at = offset + 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) return size;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2) return null;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      // Baseline, extended and progressive; 8 bits a sample.
      if (marker > 0xc2 || bytes[at + 4] !== 8) return null;
      size = { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
      if (size.width === 0 || size.height === 0) return null;
    }
    at += 2 + length;
  }
  return null;
}

/** A broken file may seem to hold thousands. */
const mostTried = 4;

/**
 * The largest embedded JPEG that can be decoded, as the picture of a file.
 * @param orientation of the file that holds it; null where it is not known: the JPEG's own then counts
 * @param least the longest side it must have at least, in pixels
 * @throws CodedError decode.failed
 */
export async function decodeEmbedded(
  { bytes, side }: Pick<Source, 'bytes' | 'side'>,
  orientation: number | null,
  least = 1,
): Promise<Raster> {
  // At the very beginning it is the file itself.
  const large = embeddedJpegs(bytes).filter((one) => one.offset > 0 && Math.max(one.width, one.height) >= least);
  for (const { offset, width, height } of large.slice(0, mostTried)) {
    if (width * height > maxPixels) continue;
    const jpeg = sharp(bytes.subarray(offset), { failOn: 'none', limitInputPixels: false });
    try {
      const turn = orientation ?? (await jpeg.metadata()).orientation ?? 1;
      const preview = await upright(await reduce(jpeg, side), turn);
      return { ...uprightSize(width, height, turn), preview, damage: null };
    } catch {
      // Broken too; a smaller one may not be.
    }
  }
  throw new CodedError('decode.failed', 'There is no picture inside this file that can be decoded.');
}
