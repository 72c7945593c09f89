import { join } from 'node:path';

/** Longest sides of the two thumbnails, in pixels: the tile of the grid and the preview of the viewer. */
export const thumbSizes = [320, 1440] as const;
export type ThumbSize = (typeof thumbSizes)[number];

/**
 * The name of a content's thumbnail below the directory of all: `ab/cd/<hash>-<size>.webp`. It hangs on the content alone, so
 * moving or copying an original costs nothing.
 * @param hash SHA-256 in lower-case hex
 */
export const thumbName = (hash: string, size: ThumbSize): string =>
  join(hash.slice(0, 2), hash.slice(2, 4), `${hash}-${size}.webp`);

/** Where the thumbnail of a content lies. */
export const thumbPath = (thumbsDir: string, hash: string, size: ThumbSize): string =>
  join(thumbsDir, thumbName(hash, size));

/** The name of the larger version of a file's picture, for the time in which faces are looked for in it. */
export const largeName = (file: number): string => join('large', `${file}.jpg`);
