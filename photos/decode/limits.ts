import { CodedError } from '../../model/errors.ts';

const megapixels = 300;
/** More pixels than this are not decoded. */
export const maxPixels = megapixels * 1e6;

/** @throws CodedError decode.too-large */
export function mustBeDecodable(width: number, height: number): void {
  if (width * height <= maxPixels) return;
  throw new CodedError(
    'decode.too-large',
    `The picture has ${width} × ${height} pixels; the limit is ${megapixels} million.`,
  );
}
