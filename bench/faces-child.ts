/**
 * A contender of the faces benchmark in a process of its own, with one thread: a job a line comes in as JSON, an answer a
 * line goes out. `stock`: face-api as its documentation shows it. `steps`: this product's recipe, its halves timed apart.
 */
import type * as FaceApi from '@vladmandic/face-api';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { loadBackend, type Backend } from '../faces/backend.ts';
import { describeFaces } from '../faces/describe.ts';
import { detectFaces, type Detected } from '../faces/detect.ts';
import { loadNetworks, type Networks } from '../faces/networks.ts';
import { openPicture, type Picture } from '../faces/picture.ts';
import { defaults, type Looked } from './faces-contenders.ts';

sharp.concurrency(1);
sharp.cache(false);

interface Loaded {
  backend: Backend;
  networks: Networks;
}

/** As the product does it: the preview first, and the picture itself where that shows a crowd. */
async function steps(path: string, { networks }: Loaded, preview?: string): Promise<Looked> {
  const start = performance.now();
  let picture = await openPicture(preview ?? path);
  let locating = 0;
  const located = async (hasLarger: boolean): Promise<Detected> => {
    const since = performance.now();
    const found = await detectFaces(networks, picture, defaults, hasLarger);
    locating += (performance.now() - since) / 1000;
    return found;
  };
  let found = await located(preview !== undefined);
  if (found.wantsLarger) {
    picture = await openPicture(path);
    found = await located(false);
  }
  const { boxes } = found;
  const described = await describeFaces(
    networks,
    picture,
    boxes.map((box) => ({ ...box, score: 1 })),
  );
  return {
    ...sizeOf(picture),
    boxes,
    descriptors: described.map(({ descriptor }) => [...descriptor]),
    seconds: (performance.now() - start) / 1000,
    locating,
  };
}

/** The chain of the documentation, over what sharp decodes. */
async function stockLook(path: string, { backend: { faceapi, tf } }: Loaded): Promise<Looked> {
  const start = performance.now();
  const picture = await openPicture(path);
  const tensor = tensorOf(picture, tf);
  const found = await faceapi
    .detectAllFaces(tensor, new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5 }))
    .withFaceLandmarks()
    .withFaceDescriptors();
  tf.dispose(tensor as never);
  const seconds = (performance.now() - start) / 1000;
  return {
    ...sizeOf(picture),
    boxes: found.map(({ detection: { box } }) => placeOf(box)),
    descriptors: found.map(({ descriptor }) => [...descriptor]),
    seconds,
    locating: seconds,
  };
}

/** Where nothing is found, the chain goes on with the whole crop, as if that had been found. */
async function stockCrop(path: string, all: Loaded): Promise<Looked> {
  const looked = await stockLook(path, all);
  const largest = looked.boxes.indexOf(
    looked.boxes.reduce((one, other) => (other.width > one.width ? other : one), looked.boxes[0] ?? placeOf(looked)),
  );
  const [box, descriptor] = [looked.boxes[largest], looked.descriptors[largest]];
  if (box && descriptor) return { ...looked, boxes: [box], descriptors: [descriptor], found: true };
  const { faceapi, tf } = all.backend;
  const tensor = tensorOf(await openPicture(path), tf);
  const whole = faceapi.extendWithFaceDetection({}, new faceapi.FaceDetection(1, new faceapi.Rect(0, 0, 1, 1), looked));
  const landmarks = (await faceapi.detectFaceLandmarks(tensor)) as FaceApi.FaceLandmarks68;
  const { alignedRect } = faceapi.extendWithFaceLandmarks(whole, landmarks);
  const chips = await faceapi.extractFaceTensors(tensor as never, [alignedRect]);
  const described = (await faceapi.computeFaceDescriptor(chips[0] as never)) as Float32Array;
  tf.dispose([tensor, ...chips] as never);
  return { ...looked, boxes: [placeOf(looked)], descriptors: [[...described]], found: false };
}

const tensorOf = ({ data, width, height }: Picture, tf: Backend['tf']) =>
  tf.tensor3d(new Uint8Array(data), [height, width, 3], 'int32') as unknown as FaceApi.TNetInput;
const sizeOf = ({ width, height }: Picture) => ({ width, height });
const placeOf = ({ x = 0, y = 0, width, height }: { x?: number; y?: number; width: number; height: number }) => ({
  left: x,
  top: y,
  width,
  height,
});

const backend = await loadBackend('tensorflow');
const loaded: Loaded = { backend, networks: await loadNetworks(backend) };
const looks = { stock: stockLook, crop: stockCrop, steps };

for await (const line of createInterface({ input: process.stdin })) {
  const { do: what, path, preview } = JSON.parse(line) as { do: keyof typeof looks; path: string; preview?: string };
  console.log(JSON.stringify(await looks[what](path, loaded, preview)));
}
