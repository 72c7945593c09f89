import type * as Tf from '@tensorflow/tfjs';
import type { NetInput } from '@vladmandic/face-api';
import { modelDir, type Backend } from './backend.ts';
import { surest } from './box.ts';
import type { Point } from './chip.ts';
import type { Square } from './picture.ts';

/** Sides of the squares the networks look at, in pixels. */
export const sides = { large: 512, small: 160, landmarks: 112, chip: 150 } as const;
/** More at a time would take more memory, and hardly less time a face. */
const batch = 5;
const smallBatch = 8;
/** Numbers that the tiny face detector says of each box: its middle, its sides, and how sure it is. */
const tinyValues = 5;

/** A box in shares of the square's side. */
export interface Found {
  left: number;
  top: number;
  width: number;
  height: number;
  score: number;
}

/** The networks, loaded. Each call leaves no tensor behind. */
export interface Networks {
  /** SSD MobileNet v1 over squares of 512 px: for each all boxes of at least this score, many of them of one face. */
  findLarge(squares: readonly Square[], least: number): Promise<Found[][]>;
  /** Tiny face detector over squares of one side, mostly 160 px, a multiple of 32: for each each face once. */
  findSmall(squares: readonly Square[], least: number): Promise<Found[][]>;
  /** The 68 landmarks in squares of 112 px, in shares of the side. */
  landmarks(squares: readonly Uint8Array[]): Promise<Point[][]>;
  /** Descriptors `[128]` of chips of 150 px. */
  describe(chips: readonly Uint8Array[]): Promise<Float32Array[]>;
  /** How many tensors there are: as many after a picture as before it. */
  tensors(): number;
}

export async function loadNetworks({ tf, faceapi }: Backend): Promise<Networks> {
  const { ssdMobilenetv1, tinyFaceDetector, faceLandmark68Net, faceRecognitionNet } = faceapi.nets;
  for (const net of [ssdMobilenetv1, tinyFaceDetector, faceLandmark68Net, faceRecognitionNet]) {
    await net.loadFromDisk(modelDir);
  }

  /** Gives bytes `[side, side, 3]` to a network as its input, and takes the tensors back. */
  const withInput = async <T>(
    images: readonly Uint8Array[],
    side: number,
    use: (input: NetInput) => Promise<T>,
  ): Promise<T> => {
    const tensors = images.map((bytes) => tf.tensor3d(bytes, [side, side, 3], 'int32'));
    try {
      // face-api brings types of its own for the same tensors.
      return await use(
        new faceapi.NetInput(tensors as unknown as ConstructorParameters<typeof faceapi.NetInput>[0], true),
      );
    } finally {
      tf.dispose(tensors);
    }
  };

  const inBatches = async <I, O>(items: readonly I[], size: number, each: (part: readonly I[]) => Promise<O[]>) => {
    const results: O[] = [];
    for (let i = 0; i < items.length; i += size) results.push(...(await each(items.slice(i, i + size))));
    return results;
  };

  const rowsOf = async (tensor: Tf.Tensor, length: number): Promise<Float32Array[]> => {
    const values = (await tensor.data()) as Float32Array;
    return Array.from({ length: values.length / length }, (_, i) => values.slice(i * length, (i + 1) * length));
  };

  return {
    findLarge: (squares, least) =>
      inBatches(squares, 2, (part) =>
        withInput(
          part.map((square) => square.data),
          sides.large,
          async (input) => {
            const { boxes, scores } = ssdMobilenetv1.forwardInput(input) as unknown as {
              boxes: Tf.Tensor[];
              scores: Tf.Tensor[];
            };
            try {
              return await Promise.all(
                boxes.map(async (tensor, i) => {
                  const sure = (await scores[i]?.data()) ?? new Float32Array();
                  const values = await tensor.data();
                  return ssdBoxes(values, sure, least);
                }),
              );
            } finally {
              tf.dispose([...boxes, ...scores]);
            }
          },
        ),
      ),

    findSmall: (squares, least) =>
      inBatches(squares, smallBatch, (part) =>
        withInput(
          part.map((square) => square.data),
          part[0]?.side ?? sides.small,
          async (input) => {
            const output = tinyFaceDetector.forwardInput(input, part[0]?.side ?? sides.small) as unknown as Tf.Tensor4D;
            try {
              const cells = output.shape[1];
              const rows = await rowsOf(output, cells * cells * tinyFaceDetector.anchors.length * tinyValues);
              return rows.map((row) => surest(tinyBoxes(row, cells, tinyFaceDetector.anchors, least)));
            } finally {
              output.dispose();
            }
          },
        ),
      ),

    landmarks: (squares) =>
      inBatches(squares, batch, (part) =>
        withInput(part, sides.landmarks, async (input) => {
          const output = faceLandmark68Net.forwardInput(input) as unknown as Tf.Tensor;
          try {
            return (await rowsOf(output, 136)).map((row) =>
              Array.from({ length: 68 }, (_, i) => ({ x: row[2 * i] ?? 0, y: row[2 * i + 1] ?? 0 })),
            );
          } finally {
            output.dispose();
          }
        }),
      ),

    describe: (chips) =>
      inBatches(chips, 2 * batch, (part) =>
        withInput(part, sides.chip, async (input) => {
          const output = faceRecognitionNet.forwardInput(input) as unknown as Tf.Tensor;
          try {
            return await rowsOf(output, 128);
          } finally {
            output.dispose();
          }
        }),
      ),

    tensors: () => tf.memory().numTensors,
  };
}

/** Boxes come as top, left, bottom, right in shares of the square. */
function ssdBoxes(values: ArrayLike<number>, scores: ArrayLike<number>, least: number): Found[] {
  const found: Found[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    if (score < least) continue;
    const [top = 0, left = 0, bottom = 0, right = 0] = [0, 1, 2, 3].map((k) =>
      Math.min(1, Math.max(0, values[4 * i + k] ?? 0)),
    );
    if (right > left && bottom > top) found.push({ left, top, width: right - left, height: bottom - top, score });
  }
  return found;
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/**
 * Boxes of a YOLO v2 network: a cell tells where in it a box has its middle, and how much larger or smaller than each of the
 * usual sizes, the anchors (in cells), it is. `values`: `[cells, cells, anchors, 5]`. As face-api has it, which takes one
 * picture at a time.
 */
function tinyBoxes(
  values: Float32Array,
  cells: number,
  anchors: readonly { x: number; y: number }[],
  least: number,
): Found[] {
  const found: Found[] = [];
  let at = 0;
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      for (const anchor of anchors) {
        const [x = 0, y = 0, w = 0, h = 0, sure = 0] = values.subarray(at, at + tinyValues);
        at += tinyValues;
        const score = sigmoid(sure);
        if (score <= least) continue;
        const [width, height] = [(Math.exp(w) * anchor.x) / cells, (Math.exp(h) * anchor.y) / cells];
        const [middleX, middleY] = [(column + sigmoid(x)) / cells, (row + sigmoid(y)) / cells];
        found.push({ left: middleX - width / 2, top: middleY - height / 2, width, height, score });
      }
    }
  }
  return found;
}
