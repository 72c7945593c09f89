import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { openPicture, squareOf, type Picture } from './picture.ts';

/** Four pixels wide and two high: the left half of the first colour. */
const halves = (left: number[], right: number[]) => {
  const row = [...left, ...left, ...right, ...right];
  return sharp(Buffer.from([...row, ...row]), {
    raw: { width: 4, height: 2, channels: left.length as 1 | 3 | 4 },
  });
};
const opened = async (picture: Sharp) => await openPicture(await picture.toBuffer());
const pixel = ({ data, width }: Picture, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3).subarray(0, 3),
];
const near = (actual: number[], expected: number[]) =>
  assert.ok(
    actual.length === expected.length && actual.every((value, i) => Math.abs(value - expected[i]!) <= 3),
    `${actual.join()}, not ${expected.join()}`,
  );

test('every kind of picture becomes rows of red, green and blue bytes', async () => {
  const kinds = {
    colour: [halves([250, 10, 20], [10, 20, 250]).png(), [250, 10, 20], [10, 20, 250]],
    grey: [halves([200], [30]).toColourspace('b-w').png(), [200, 200, 200], [30, 30, 30]],
    'see-through': [halves([250, 10, 20, 255], [9, 9, 9, 0]).png(), [250, 10, 20], [128, 128, 128]],
    'deep colour': [halves([250, 10, 20], [10, 20, 250]).toColourspace('rgb16').png(), [250, 10, 20], [10, 20, 250]],
    'of few colours': [halves([250, 10, 20], [10, 20, 250]).png({ palette: true }), [250, 10, 20], [10, 20, 250]],
  } as const;
  for (const [kind, [file, left, right]] of Object.entries(kinds)) {
    const picture = await opened(file);
    assert.deepEqual([picture.width, picture.height, picture.data.length], [4, 2, 24], kind);
    near(pixel(picture, 0, 1), [...left]);
    near(pixel(picture, 3, 0), [...right]);
  }
});

test('a picture that was taken sideways is upright', async () => {
  const picture = await opened(halves([250, 10, 20], [10, 20, 250]).withMetadata({ orientation: 6 }).png());
  assert.deepEqual([picture.width, picture.height], [2, 4]);
  near(pixel(picture, 0, 0), [250, 10, 20]);
  near(pixel(picture, 1, 3), [10, 20, 250]);
});

/** Black, with one white block of 8 pixels whose middle is at this point. */
function withBlock(width: number, height: number, x: number, y: number): Picture {
  const data = Buffer.alloc(width * height * 3);
  for (let row = y - 4; row < y + 4; row++) data.fill(255, (row * width + x - 4) * 3, (row * width + x + 4) * 3);
  return { data, width, height };
}

/** The middle of what is bright in a square. */
function brightIn(data: Uint8Array, side: number): { x: number; y: number } {
  const sums = { light: 0, x: 0, y: 0 };
  for (const [i, light] of data.entries()) {
    const at = Math.floor(i / 3);
    sums.light += light;
    sums.x += light * ((at % side) + 0.5);
    sums.y += light * (Math.floor(at / side) + 0.5);
  }
  return { x: sums.x / sums.light, y: sums.y / sums.light };
}

// What networks find in a square is told in the picture's pixels by what the square says of itself.
for (const [what, region] of [
  ['the whole picture', { left: 0, top: 0, width: 300, height: 200 }],
  ['a part of it', { left: 50.4, top: 60.3, width: 120.7, height: 110.2 }],
  ['a part over its edges', { left: -60, top: 40, width: 400, height: 220 }],
  ['a tall part over two corners', { left: 60, top: -100, width: 90, height: 420 }],
] as const) {
  for (const place of ['corner', 'middle'] as const) {
    test(`a square that shows ${what} in its ${place} tells where everything lies in the picture`, async () => {
      const picture = withBlock(300, 200, 100, 120);
      const square = await squareOf(picture, region, 160, { place });
      const shown = brightIn(square.data, 160);
      const x = region.left + (shown.x - square.left) / square.scale;
      const y = region.top + (shown.y - square.top) / square.scale;
      // Whole pixels of the square, and of the picture.
      const off = 1 / square.scale + 0.5;
      assert.ok(Math.abs(x - 100) < off && Math.abs(y - 120) < off, JSON.stringify({ x, y, off }));
    });
  }
}

test('what a square does not cover has the colour around', async () => {
  const white: Picture = { data: Buffer.alloc(40 * 20 * 3, 255), width: 40, height: 20 };
  const { data } = await squareOf(white, { left: 0, top: 0, width: 40, height: 20 }, 80, {
    around: 7,
    place: 'middle',
  });
  const rowOf = (row: number) => new Set(data.subarray(row * 80 * 3, (row + 1) * 80 * 3));
  assert.deepEqual([...rowOf(0)], [7]);
  assert.deepEqual([...rowOf(40)], [255]);
  assert.deepEqual([...rowOf(79)], [7]);
  const outside = await squareOf(white, { left: 100, top: 100, width: 10, height: 10 }, 80, { around: 9 });
  assert.ok(outside.data.every((value) => value === 9));
});
