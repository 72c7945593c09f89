import { meanShape } from './mean-shape.ts';
import { shrunk, type Picture } from './picture.ts';

/** Side of a chip in pixels: what the recognition network was made for. */
export const chipSide = 150;
/** Room around the mean face, as a share of it. */
const padding = 0.25;

export interface Point {
  x: number;
  y: number;
}

/** Takes a point of the chip to the picture: `x' = a x - b y + dx`, `y' = b x + a y + dy`. */
export interface Similarity {
  a: number;
  b: number;
  dx: number;
  dy: number;
}

/**
 * The turn, scale and shift that bring the upright mean face nearest to 68 landmarks, by least squares (Umeyama, 1991, in
 * two dimensions).
 */
export function similarityTo(landmarks: readonly Point[]): Similarity {
  const pairs = meanShape.map(({ point, x, y }) => ({
    from: { x: ((x + padding) / (1 + 2 * padding)) * chipSide, y: ((y + padding) / (1 + 2 * padding)) * chipSide },
    to: landmarks[point] ?? { x: 0, y: 0 },
  }));
  const mean = (of: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const from = { x: mean((p) => p.from.x), y: mean((p) => p.from.y) };
  const to = { x: mean((p) => p.to.x), y: mean((p) => p.to.y) };
  let [along, across, spread] = [0, 0, 0];
  for (const pair of pairs) {
    const [fx, fy] = [pair.from.x - from.x, pair.from.y - from.y];
    const [tx, ty] = [pair.to.x - to.x, pair.to.y - to.y];
    along += fx * tx + fy * ty;
    across += fx * ty - fy * tx;
    spread += fx * fx + fy * fy;
  }
  const [a, b] = [along / spread, across / spread];
  return { a, b, dx: to.x - (a * from.x - b * from.y), dy: to.y - (b * from.x + a * from.y) };
}

/** The face of these landmarks, upright and of even size: `[150, 150, 3]` bytes; black where the picture ends. */
export async function chipOf(picture: Picture, landmarks: readonly Point[]): Promise<Uint8Array> {
  const there = similarityTo(landmarks);
  const scale = Math.hypot(there.a, there.b);
  if (scale <= 1.5) return sampled(picture, (x, y) => applied(there, x, y));
  // Points between far pixels would show grain instead of the face: it is made smaller first.
  const corners = [0, chipSide].flatMap((x) => [0, chipSide].map((y) => applied(there, x, y)));
  const left = clamp(Math.floor(Math.min(...corners.map((c) => c.x))) - 2, picture.width - 1);
  const top = clamp(Math.floor(Math.min(...corners.map((c) => c.y))) - 2, picture.height - 1);
  const right = clamp(Math.ceil(Math.max(...corners.map((c) => c.x))) + 2, picture.width);
  const bottom = clamp(Math.ceil(Math.max(...corners.map((c) => c.y))) + 2, picture.height);
  const region = { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
  const small = await shrunk(picture, region, 1 / scale);
  const [fx, fy] = [small.width / region.width, small.height / region.height];
  return sampled(small, (column, row) => {
    const { x, y } = applied(there, column, row);
    // A pixel of the smaller picture is several of the larger one: their middle stays where it was, not their corner.
    return { x: (x - left + 0.5) * fx - 0.5, y: (y - top + 0.5) * fy - 0.5 };
  });
}

const clamp = (value: number, most: number): number => Math.min(Math.max(0, value), most);
const applied = ({ a, b, dx, dy }: Similarity, x: number, y: number): Point => ({
  x: a * x - b * y + dx,
  y: b * x + a * y + dy,
});

/** Bilinear. `toPicture` takes a point of the chip to the picture. */
function sampled({ data, width, height }: Picture, toPicture: (x: number, y: number) => Point): Uint8Array {
  const chip = new Uint8Array(chipSide * chipSide * 3);
  for (let row = 0; row < chipSide; row++) {
    for (let column = 0; column < chipSide; column++) {
      const { x, y } = toPicture(column, row);
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      if (x0 < 0 || y0 < 0 || x0 + 1 >= width || y0 + 1 >= height) continue;
      const [fx, fy] = [x - x0, y - y0];
      const at = (y0 * width + x0) * 3;
      for (let c = 0; c < 3; c++) {
        const upper = (data[at + c] ?? 0) * (1 - fx) + (data[at + 3 + c] ?? 0) * fx;
        const lower = (data[at + width * 3 + c] ?? 0) * (1 - fx) + (data[at + width * 3 + 3 + c] ?? 0) * fx;
        chip[(row * chipSide + column) * 3 + c] = upper * (1 - fy) + lower * fy + 0.5;
      }
    }
  }
  return chip;
}

/** A chip seen in a mirror. */
export function mirrored(chip: Uint8Array): Uint8Array {
  const other = new Uint8Array(chip.length);
  for (let row = 0; row < chipSide; row++) {
    for (let column = 0; column < chipSide; column++) {
      const from = (row * chipSide + column) * 3;
      other.set(chip.subarray(from, from + 3), (row * chipSide + (chipSide - 1 - column)) * 3);
    }
  }
  return other;
}

/** How much detail a chip has: the mean strength of its edges (Laplacian, in grey levels). A blurred face is under 4. */
export function sharpness(chip: Uint8Array): number {
  const light = (row: number, column: number): number => {
    const at = (row * chipSide + column) * 3;
    return 0.299 * (chip[at] ?? 0) + 0.587 * (chip[at + 1] ?? 0) + 0.114 * (chip[at + 2] ?? 0);
  };
  let sum = 0;
  // The face itself, without what is around it.
  const [from, to] = [Math.round(chipSide * 0.25), Math.round(chipSide * 0.75)];
  for (let row = from; row < to; row++) {
    for (let column = from; column < to; column++) {
      const around = light(row - 1, column) + light(row + 1, column) + light(row, column - 1) + light(row, column + 1);
      sum += Math.abs(4 * light(row, column) - around);
    }
  }
  return sum / (to - from) ** 2;
}
