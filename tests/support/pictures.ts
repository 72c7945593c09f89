import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

const longAgo = new Date('2024-05-04T12:00:00Z');

/** Writes a small JPEG of one colour, dated well in the past; equal colours are equal bytes. */
export async function writePicture(file: string, colour: string, date = longAgo): Promise<void> {
  const { data } = await sharp({ create: { width: 96, height: 64, channels: 3, background: colour } })
    .jpeg()
    .toBuffer({ resolveWithObject: true });
  writeOld(file, data, date);
}

/** Writes a file, and its directories, dated in the past so that nothing takes it for still being written. */
export function writeOld(file: string | Buffer, data: string | Uint8Array, date = longAgo): void {
  if (typeof file === 'string') mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, data);
  utimesSync(file, date, date);
}

/** Dates directories in the past, so that a scan need not distrust their mtimes. */
export function settle(...dirs: string[]): void {
  for (const dir of dirs) utimesSync(dir, longAgo, longAgo);
}

/** A library of noisy pictures with metadata, each with bytes of its own but for a few duplicates and broken ones. */
export async function writePhotoLibrary(
  root: string,
  { dirs, filesADir }: { dirs: number; filesADir: number },
): Promise<void> {
  const duplicate = await noisyPicture(7);
  for (let d = 0; d < dirs; d++) {
    for (let f = 0; f < filesADir; f++) {
      const file = path.join(root, `album ${d}`, `IMG_${String(f).padStart(4, '0')}.jpg`);
      if (f % 13 === 5) writeOld(file, `not a picture, number ${d * filesADir + f}`);
      else writeOld(file, f % 10 === 7 ? duplicate : await noisyPicture(d * filesADir + f));
    }
    settle(path.join(root, `album ${d}`));
  }
  settle(root);
}

async function noisyPicture(seed: number): Promise<Buffer> {
  return await sharp({
    create: {
      width: 1600,
      height: 1200,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 60 + (seed % 120), sigma: 20 },
    },
  })
    .blur(2 + (seed % 3))
    .withExif({ IFD0: { Make: 'Test', Model: `Camera ${seed}` }, IFD2: { DateTimeOriginal: '2023:07:08 09:10:11' } })
    .jpeg({ quality: 85 })
    .toBuffer();
}
