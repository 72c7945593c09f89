import sharp, { type Metadata } from 'sharp';
import { CodedError } from '../../model/errors.ts';
import { mustBeDecodable, outOfMemory } from './limits.ts';
import { reduce, type Raster, type Source } from './pixels.ts';

/**
 * JPEG, PNG, GIF, WebP, TIFF, and AVIF of ordinary colours, by libvips. Of a file that is cut off or damaged what there
 * is is shown.
 * @throws CodedError decode.failed, decode.too-large
 */
export async function decodeNative({ bytes, side, room }: Source): Promise<Raster> {
  let header: Metadata;
  try {
    header = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch (error) {
    throw new CodedError('decode.failed', reason(error), { cause: error });
  }
  // HEIC has the container of AVIF, whatever its name says.
  if (header.format === 'heif' && header.compression !== 'av1') throw new CodedError('decode.failed', unknownFormat);
  const { width, height } = header.autoOrient;
  mustBeDecodable(width, height);
  if (!comesInRows(header)) await room(width * height * heldBytes);
  const preview = (failOn: 'truncated' | 'none') =>
    reduce(sharp(bytes, { failOn, limitInputPixels: false, autoOrient: true }), side);
  try {
    return { width, height, preview: await preview('truncated'), damage: null };
  } catch (error) {
    if (/out of memory/.test(String(error))) {
      throw new CodedError('decode.too-large', outOfMemory, { cause: error });
    }
    try {
      return { width, height, preview: await preview('none'), damage: reason(error) };
    } catch {
      // The stricter attempt has the better words.
      throw new CodedError('decode.failed', reason(error), { cause: error });
    }
  }
}

/** What a pixel takes where all of them are held at once: measured, 3.5 to 4.8. */
const heldBytes = 4;

/** Whether a picture passes through row by row, so that its size does not matter. */
const comesInRows = ({ format, isProgressive }: Metadata): boolean =>
  format === 'tiff' || ((format === 'jpeg' || format === 'png') && !isProgressive);

export const unknownFormat = 'This is not a picture of a format that can be decoded here.';

/** The decoder's own words, without its repetitions, prefixes and notes on how it searched the file. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('unsupported image format')) return unknownFormat;
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^Input buffer has corrupt header: /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('source: bad seek'))
    .map((line) => line.replace(/^(\w+|source input): /, ''));
  return [...new Set(lines)].join('; ').slice(0, 300) || 'The picture could not be decoded.';
}
