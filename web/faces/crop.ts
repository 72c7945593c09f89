import path from 'node:path';
import sharp from 'sharp';
import { CodedError } from '../../model/errors.ts';
import type { Crop } from '../../sql/faces.ts';

/** Side of a crop in pixels: sharp on a screen of two pixels a point. */
const side = 192;
/** What is shown around a face, as a share of it. */
const around = 0.35;

/** A face cut out of its preview, as a square WebP. Throws request.not-found where there is no preview any more. */
export async function cropOf(thumbsDir: string, { hash, x, y, w, h }: Crop): Promise<Buffer> {
  const file = path.join(thumbsDir, hash.slice(0, 2), hash.slice(2, 4), `${hash}-1440.webp`);
  try {
    const preview = sharp(file);
    const { width, height } = await preview.metadata();
    const longest = Math.min(Math.max(w * width, h * height) * (1 + 2 * around), width, height);
    const left = within((x + w / 2) * width - longest / 2, width - longest);
    const top = within((y + h / 2) * height - longest / 2, height - longest);
    return await preview
      .extract({ left, top, width: Math.max(1, Math.floor(longest)), height: Math.max(1, Math.floor(longest)) })
      .resize(side, side)
      .webp({ quality: 80 })
      .toBuffer();
  } catch (error) {
    throw new CodedError('request.not-found', 'The picture of this face is not there any more.', { cause: error });
  }
}

const within = (value: number, most: number): number => Math.floor(Math.min(Math.max(0, value), Math.max(0, most)));
