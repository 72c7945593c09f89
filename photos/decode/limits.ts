import { CodedError } from '../../model/errors.ts';

/**
 * Waits until a picture may be decoded that takes so many bytes of memory: those that take much are decoded one after the
 * other, however many decoders there are.
 */
export type Room = (bytes: number) => Promise<void>;

/** A picture for which more memory than this is needed is a large one. */
export const largeBytes = 400 * 1024 * 1024;

const megapixels = 300;
/** More pixels than this are not decoded. */
export const maxPixels = megapixels * 1e6;

/** @throws CodedError decode.too-large */
export function mustBeDecodable(width: number, height: number, most = maxPixels): void {
  if (width * height <= most) return;
  throw new CodedError(
    'decode.too-large',
    `The picture has ${width} × ${height} pixels; the limit is ${most / 1e6} million.`,
  );
}

export const outOfMemory = 'It takes more memory than a decoder may have.';
