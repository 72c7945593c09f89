import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { chipOf, chipSide, mirrored, sharpness, similarityTo, type Point, type Similarity } from './chip.ts';
import { meanShape } from './mean-shape.ts';
import type { Picture } from './picture.ts';

const applied = ({ a, b, dx, dy }: Similarity, { x, y }: Point): Point => ({
  x: a * x - b * y + dx,
  y: b * x + a * y + dy,
});
const similarity = (scale: number, degrees: number, dx: number, dy: number): Similarity => ({
  a: scale * Math.cos((degrees * Math.PI) / 180),
  b: scale * Math.sin((degrees * Math.PI) / 180),
  dx,
  dy,
});
const similarities = fc
  .tuple(
    fc.double({ min: 0.05, max: 20, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: -3000, max: 3000, noNaN: true }),
    fc.double({ min: -3000, max: 3000, noNaN: true }),
  )
  .map((given) => similarity(...given));

/** Where the chip shows the parts of the mean face: a quarter of the face is left free on each side. */
const inChip = new Map(
  meanShape.map(({ point, x, y }) => [point, { x: ((x + 0.25) / 1.5) * chipSide, y: ((y + 0.25) / 1.5) * chipSide }]),
);
/** The landmarks of the mean face, turned, scaled and shifted; jaw, eyebrows and lower lip are anywhere. */
const landmarksOf = (there: Similarity, elsewhere: Point = { x: 0, y: 0 }): Point[] =>
  Array.from({ length: 68 }, (_, point) => {
    const place = inChip.get(point);
    return place ? applied(there, place) : elsewhere;
  });

test('the turn, scale and shift of an upright mean face are found exactly, whatever jaw and eyebrows do', () => {
  const points = fc.record({ x: fc.integer({ min: -9999, max: 9999 }), y: fc.integer({ min: -9999, max: 9999 }) });
  fc.assert(
    fc.property(similarities, points, (there, elsewhere) => {
      const found = similarityTo(landmarksOf(there, elsewhere));
      for (const part of ['a', 'b', 'dx', 'dy'] as const) {
        assert.ok(Math.abs(found[part] - there[part]) < 1e-8, `${part}: ${found[part]}, not ${there[part]}`);
      }
    }),
  );
});

test('of landmarks that are no mean face the nearest similarity is found: none beside it is nearer', () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 68,
    maxLength: 68,
  });
  fc.assert(
    fc.property(similarities, moves, (there, moved) => {
      const landmarks = landmarksOf(there).map(({ x, y }, i) => ({ x: x + moved[i]![0], y: y + moved[i]![1] }));
      const error = (tried: Similarity) =>
        [...inChip].reduce((sum, [point, place]) => {
          const { x, y } = applied(tried, place);
          return sum + (x - landmarks[point]!.x) ** 2 + (y - landmarks[point]!.y) ** 2;
        }, 0);
      const found = similarityTo(landmarks);
      const least = error(found);
      for (const part of ['a', 'b', 'dx', 'dy'] as const) {
        for (const by of [-0.01, 0.01]) assert.ok(error({ ...found, [part]: found[part] + by }) > least);
      }
    }),
  );
});

/** A black picture with white spots at these points; `radius` in pixels. */
function spotted(width: number, height: number, points: readonly Point[], radius: number): Picture {
  const data = Buffer.alloc(width * height * 3);
  for (const { x, y } of points) {
    for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(height - 1, y + radius); row++) {
      for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(width - 1, x + radius); column++) {
        const away = Math.hypot(column - x, row - y) / radius;
        if (away < 1)
          data.fill(Math.round(255 * (1 - away ** 2)), (row * width + column) * 3, (row * width + column + 1) * 3);
      }
    }
  }
  return { data, width, height };
}

/** The middle of what is bright within some pixels of a point of a chip; null where all is dark. */
function spotNear(chip: Uint8Array, { x, y }: Point): Point | null {
  const sums = { light: 0, x: 0, y: 0 };
  for (let row = Math.round(y) - 8; row <= Math.round(y) + 8; row++) {
    for (let column = Math.round(x) - 8; column <= Math.round(x) + 8; column++) {
      const light = chip[(row * chipSide + column) * 3]!;
      sums.light += light;
      sums.x += light * column;
      sums.y += light * row;
    }
  }
  return sums.light === 0 ? null : { x: sums.x / sums.light, y: sums.y / sums.light };
}

const marks = [25, 50, 75, 100, 125].flatMap((x) => [25, 50, 75, 100, 125].map((y) => ({ x, y })));

for (const [what, there] of [
  ['of the chip’s own size', similarity(1, 0, 40, 30)],
  ['that is turned and small', similarity(0.6, -30, 60, 120)],
  ['that lies on its side', similarity(1.4, 90, 260, 20)],
  ['that is large', similarity(2.3, 20, 160, 40)],
  ['that is very large and upside down', similarity(7.7, 180, 1250, 1230)],
] as const) {
  test(`the chip of a face ${what} shows each of its points where it belongs`, async () => {
    const scale = Math.hypot(there.a, there.b);
    const points = marks.map((mark) => applied(there, mark));
    const [width, height] = [1300, 1300];
    assert.ok(
      points.every(({ x, y }) => x > 8 * scale && y > 8 * scale && x < width - 8 * scale && y < height - 8 * scale),
    );
    const chip = await chipOf(spotted(width, height, points, 5 * scale), landmarksOf(there));
    for (const mark of marks) {
      const shown = spotNear(chip, mark);
      assert.ok(shown && Math.hypot(shown.x - mark.x, shown.y - mark.y) < 0.3, JSON.stringify({ mark, shown }));
    }
  });
}

for (const scale of [1, 2, 3.3, 6]) {
  test(`of a face over the edge of the picture at scale ${scale} the rest is where it belongs, and nothing else`, async () => {
    // The middle of the face lies on the left and on the upper edge.
    const there = similarity(scale, 0, -85 * scale, -85 * scale);
    const points = marks.map((mark) => applied(there, mark));
    const chip = await chipOf(spotted(300, 280, points, 5 * scale), landmarksOf(there));
    for (const mark of marks) {
      const { x, y } = applied(there, mark);
      const shown = spotNear(chip, mark);
      if (x < -8 * scale || y < -8 * scale) assert.equal(shown, null);
      if (x < 8 * scale || y < 8 * scale || x > 300 - 8 * scale || y > 280 - 8 * scale) continue;
      assert.ok(shown && Math.hypot(shown.x - mark.x, shown.y - mark.y) < 0.3, JSON.stringify({ mark, shown }));
    }
  });
}

test('a narrow strip of a large face is not drawn out of shape', async () => {
  const there = similarity(2.05, 0, -85 * 2.05, 10);
  const points = marks.map((mark) => applied(there, mark));
  // So narrow that whole pixels of the smaller picture are much of it.
  const chip = await chipOf(spotted(93, 400, points, 5 * 2.05), landmarksOf(there));
  for (const mark of marks.filter(({ x }) => x === 100)) {
    const shown = spotNear(chip, mark);
    assert.ok(shown && Math.hypot(shown.x - mark.x, shown.y - mark.y) < 0.3, JSON.stringify({ mark, shown }));
  }
});

test('of a large face the chip shows the mean of what is too fine for it, not some of its grains', async () => {
  const side = 900;
  const stripes = { data: Buffer.alloc(side * side * 3), width: side, height: side };
  for (let at = 0; at < side * side; at++) if ((at % side) % 2 === 0) stripes.data.fill(200, at * 3, at * 3 + 3);
  const chip = await chipOf(stripes, landmarksOf(similarity(5, 0, 40, 40)));
  for (const mark of marks) {
    const value = chip[(mark.y * chipSide + mark.x) * 3]!;
    assert.ok(Math.abs(value - 100) < 8, String(value));
  }
});

test('the chip of a face that is nowhere in the picture is black', async () => {
  const white = { data: Buffer.alloc(60 * 50 * 3, 255), width: 60, height: 50 };
  for (const scale of [1, 3]) {
    for (const at of [-4000, 4000]) {
      const chip = await chipOf(white, landmarksOf(similarity(scale, 0, at, at)));
      assert.ok(chip.every((value) => value === 0));
    }
  }
});

const chips = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((seed) =>
  // Noise that has no period of a row.
  Uint8Array.from({ length: chipSide * chipSide * 3 }, (_, i) => (seed[i % 64]! + (i * i) / 7 + i / 11) % 256),
);

test('a mirrored chip shows the left at the right, row by row; mirrored again it is as before', () => {
  fc.assert(
    fc.property(chips, fc.nat(chipSide - 1), fc.nat(chipSide - 1), (chip, row, column) => {
      const mirror = mirrored(chip);
      const pixel = (of: Uint8Array, x: number) => [
        ...of.subarray((row * chipSide + x) * 3, (row * chipSide + x + 1) * 3),
      ];
      assert.deepEqual(pixel(mirror, chipSide - 1 - column), pixel(chip, column));
      assert.deepEqual(mirrored(mirror), chip);
    }),
    { numRuns: 20 },
  );
});

test('the more a face is blurred, the less sharp it is; one of a single colour is not sharp at all', async () => {
  const face = spotted(chipSide, chipSide, marks, 6);
  const blurred = async (sigma: number) =>
    await sharp(face.data, { raw: { width: chipSide, height: chipSide, channels: 3 } })
      .blur(sigma)
      .raw()
      .toBuffer();
  const values = [face.data, await blurred(1), await blurred(2), await blurred(4)].map(sharpness);
  for (const [i, value] of values.slice(1).entries()) assert.ok(value < values[i]!, values.join(' '));
  assert.ok(sharpness(new Uint8Array(chipSide * chipSide * 3).fill(120)) < 1e-9);
});
