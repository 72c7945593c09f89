import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { modelDir } from '../../faces/backend.ts';
import { settle, writeOld } from './pictures.ts';

/** A real picture of three people, of whom one looks down. It comes with the networks, as five others do. */
export const threePeople = path.join(modelDir, '..', 'demo', 'sample1.jpg');

/** Real pictures of 22 people in all, each person in several of them: as they are, mirrored, and smaller. */
export async function writePeopleLibrary(root: string): Promise<void> {
  for (let n = 1; n <= 6; n++) {
    const original = readFileSync(path.join(path.dirname(threePeople), `sample${n}.jpg`));
    writeOld(path.join(root, 'as they are', `people ${n}.jpg`), original);
    writeOld(path.join(root, 'mirrored', `people ${n}.jpg`), await sharp(original).flop().jpeg().toBuffer());
    writeOld(path.join(root, 'smaller', `people ${n}.jpg`), await sharp(original).resize(800).jpeg().toBuffer());
  }
  settle(...['as they are', 'mirrored', 'smaller', ''].map((dir) => path.join(root, dir)));
}
