/**
 * A scanner: the child process that holds the networks. Pictures are hostile input, the networks' memory is given back
 * when it ends. Started by scanner.ts.
 */
import sharp from 'sharp';
import { loadBackend, type Backend, type BackendName } from './backend.ts';
import { findFaces, type FacesOfPicture } from './find-faces.ts';
import { findReference, type ReferenceFaces } from './find-reference.ts';
import type { DetectSettings } from './detect.ts';
import { loadNetworks, type Networks } from './networks.ts';
import type { ReferenceBlock } from './nearest.ts';
import { openPicture, type Picture, type Region } from './picture.ts';
import type { Likely } from './sketch.ts';
import { likelyByProduct } from './sketch-product.ts';

sharp.concurrency(1);
sharp.cache(false);

// Without the worker nobody waits for it, and an ordinary exit would wait for the picture it is at.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches all processes; when to end is for the worker to say.
process.on('SIGINT', () => {});

export type Order =
  | { do: 'faces'; wanted: BackendName; path: string; settings: DetectSettings; hasLarger: boolean }
  | { do: 'reference'; wanted: BackendName; path: string; box: Region | null }
  | { do: 'likely'; wanted: BackendName; sketches: Int8Array; references: ReferenceBlock; reach: number }
  | { do: 'backend'; wanted: BackendName };

export interface BackendFound {
  name: BackendName;
  /** Why the native one is not used. */
  why: string | null;
}

/** A picture that can't be opened is a result. */
export type Answer =
  | { ok: true; faces: FacesOfPicture }
  | { ok: true; reference: ReferenceFaces }
  | { ok: true; likely: Likely }
  | { ok: true; backend: BackendFound }
  | { ok: false; message: string };

let loaded: Promise<Backend> | undefined;
let networks: Promise<Networks> | undefined;

const inPixels = (box: Region, { width, height }: Picture): Region => ({
  left: box.left * width,
  top: box.top * height,
  width: box.width * width,
  height: box.height * height,
});

export default async function scan(order: Order): Promise<Answer> {
  loaded ??= loadBackend(order.wanted);
  const backend = await loaded;
  if (order.do === 'backend') return { ok: true, backend: { name: backend.name, why: backend.why } };
  if (order.do === 'likely') {
    return { ok: true, likely: await likelyByProduct(backend.tf, order.sketches, order.references, order.reach) };
  }
  networks ??= loadNetworks(backend);
  let picture: Picture;
  try {
    picture = await openPicture(order.path);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  if (order.do === 'faces') {
    return { ok: true, faces: await findFaces(await networks, picture, order.settings, order.hasLarger) };
  }
  return {
    ok: true,
    reference: await findReference(await networks, picture, order.box && inPixels(order.box, picture)),
  };
}
