import { toBytes } from './descriptor.ts';
import type { Face, FacesOfPicture } from './find-faces.ts';
import { sketchOf } from './sketch.ts';

/** A face as it is stored: its place in shares of the upright picture's sides. */
export interface StoredFace {
  x: number;
  y: number;
  w: number;
  h: number;
  /** Longer side in pixels of the picture that was looked at. */
  size: number;
  score: number;
  sharpness: number;
  cut: boolean;
  /** 68 times x and y, 16 bit unsigned. */
  landmarks: Buffer;
  /** 128 float32, little endian. */
  descriptor: Buffer;
  /** The descriptor in 128 bytes. */
  sketch: Buffer;
}

/** Shares of 16 bit: a sixteenth of a pixel in the largest preview. */
const most = 65_535;

export function toStored(face: Face, { width, height }: Pick<FacesOfPicture, 'width' | 'height'>): StoredFace {
  const { box, landmarks, descriptor, sharpness, cut } = face;
  const points = new Uint16Array(landmarks.length * 2);
  for (const [i, { x, y }] of landmarks.entries()) {
    points[2 * i] = Math.round(Math.min(1, Math.max(0, x / width)) * most);
    points[2 * i + 1] = Math.round(Math.min(1, Math.max(0, y / height)) * most);
  }
  return {
    x: box.left / width,
    y: box.top / height,
    w: box.width / width,
    h: box.height / height,
    size: Math.round(Math.max(box.width, box.height)),
    score: box.score,
    sharpness,
    cut,
    landmarks: Buffer.from(points.buffer),
    descriptor: toBytes(descriptor),
    sketch: Buffer.from(sketchOf(descriptor).buffer),
  };
}
