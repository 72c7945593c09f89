import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { noFacePictures } from '../tests/support/faces-truth.ts';
import { faceRecognition, ours, stock } from './faces-contenders.ts';
import { benchCrowds, benchFound } from './faces-found.ts';
import { benchFacesJob } from './faces-job.ts';
import { benchNames } from './faces-names.ts';
import { truePreviews } from './faces-pictures.ts';
import { pythonWithFaceRecognition } from './faces-python.ts';
import { benchSpeed } from './faces-speed.ts';

/** Faces: found, told apart and named, how fast and with how much memory, beside face-api's own chain and face_recognition. */
export async function benchFaces(): Promise<void> {
  if (noFacePictures) return console.log(`  faces: ${noFacePictures}`);
  const dir = await mkdtemp(path.join(os.tmpdir(), 'bench-faces-'));
  const python = pythonWithFaceRecognition();
  const rivals = [stock(2), ...(python ? [faceRecognition(python, 2)] : [])];
  try {
    const pictures = await truePreviews(dir);
    const own = [ours('ours', 'tensorflow', 1), ours('ours, wasm', 'wasm', 1)];
    try {
      const seen = await benchFound([...own, ...rivals], pictures);
      await benchNames([...own, ...rivals], pictures, seen);
    } finally {
      await Promise.all(own.map((each) => each.close()));
    }
    const crowds = await benchCrowds(dir, rivals);
    await benchSpeed(rivals, pictures, crowds);
  } finally {
    await Promise.all(rivals.map((each) => each.close()));
    await rm(dir, { recursive: true, force: true });
  }
  await benchFacesJob();
}
