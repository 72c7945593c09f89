import { join } from 'node:path';

/** Longest sides of the two thumbnails, in pixels: the tile of the grid and the preview of the viewer. */
export const thumbSizes = [320, 1440] as const;
export type ThumbSize = (typeof thumbSizes)[number];

/**
 * Where the thumbnail of a content lies: `ab/cd/<hash>-<size>.webp`. It hangs on the content alone, so moving or copying
 * an original costs nothing.
 * @param hash SHA-256 in lower-case hex
 */
export const thumbPath = (thumbsDir: string, hash: string, size: ThumbSize): string =>
  join(thumbsDir, hash.slice(0, 2), hash.slice(2, 4), `${hash}-${size}.webp`);

/** Where the larger version of a file's picture lies for the time in which faces are looked for in it. */
export const largePath = (thumbsDir: string, file: number): string => join(thumbsDir, 'large', `${file}.jpg`);
