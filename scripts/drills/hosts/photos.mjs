import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from '../../sources.mjs';

const samples = path.join(root, 'node_modules', '@vladmandic', 'face-api', 'demo');

/** Pictures of people that come with the networks, each in two versions, and others without anybody; all an hour old. */
export async function writePhotos(dir) {
  const hourAgo = Date.now() / 1000 - 3600;
  const dirs = ['as they are', 'smaller', 'landscapes'].map((name) => path.join(dir, name));
  for (const each of dirs) mkdirSync(each, { recursive: true });
  const write = (file, bytes) => {
    writeFileSync(file, bytes);
    utimesSync(file, hourAgo, hourAgo);
  };
  const [asTheyAre, smaller, landscapes] = dirs;
  for (let n = 1; existsSync(path.join(samples, `sample${n}.jpg`)); n++) {
    const original = readFileSync(path.join(samples, `sample${n}.jpg`));
    write(path.join(asTheyAre, `people ${n}.jpg`), original);
    write(path.join(smaller, `people ${n}.jpg`), await sharp(original).resize(800).jpeg().toBuffer());
  }
  for (let n = 0; n < 30; n++) {
    const background = { r: (n * 37) % 256, g: (n * 91) % 256, b: (n * 53) % 256 };
    const picture = sharp({ create: { width: 2000, height: 1400, channels: 3, background } });
    write(path.join(landscapes, `${n}.jpg`), await picture.jpeg({ quality: 60 }).toBuffer());
  }
  for (const each of [...dirs, dir]) utimesSync(each, hourAgo, hourAgo);
}
