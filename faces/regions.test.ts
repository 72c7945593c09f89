import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { placeRegions, uprightPlace, type Share } from './regions.ts';

const near = (a: Share, b: Share) => (['x', 'y', 'w', 'h'] as const).every((key) => Math.abs(a[key] - b[key]) < 1e-9);

test('a place in stored pixels is found where the picture is turned upright', async () => {
  // One white pixel in each of eight orientations, turned by the library that makes the previews.
  const [width, height] = [4, 3];
  for (let orientation = 1; orientation <= 8; orientation++) {
    for (const [x, y] of [
      [0, 0],
      [3, 0],
      [1, 2],
    ] as const) {
      const data = Buffer.alloc(width * height * 3);
      data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
      const tiff = await sharp(data, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation })
        .tiff({ compression: 'none' })
        .toBuffer();
      const { data: shown, info } = await sharp(tiff)
        .autoOrient()
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const at = Array.from({ length: info.width * info.height }, (_, i) => shown[i * info.channels]).indexOf(255);
      const there = { x: (at % info.width) / info.width, y: Math.floor(at / info.width) / info.height };
      const place = uprightPlace({ x: x / width, y: y / height, w: 1 / width, h: 1 / height }, orientation);
      assert.ok(near(place, { ...there, w: 1 / info.width, h: 1 / info.height }), `orientation ${orientation}`);
    }
  }
});

const person = { x: 0.1, y: 0.2, w: 0.1, h: 0.2 };
const stranger = { x: 0.6, y: 0.5, w: 0.1, h: 0.2 };
/** What a program writes of an upright place when it measures in stored pixels of a picture that is turned by 90°. */
const stored = ({ x, y, w, h }: Share): Share => ({ x: y, y: 1 - x - w, w: h, h: w });
const size = { width: 600, height: 800 };

test('regions are measured in stored pixels by some programs, and as it is shown by others', () => {
  const faces = [stranger, person];
  const turned = { orientation: 6, appliedTo: null };
  assert.ok(near(uprightPlace(stored(person), 6), person));
  assert.equal(placeRegions({ ...turned, regions: [stored(person)] }, faces, size)[0]!.face, 1);
  // Nothing is where it should be in stored pixels, but as it is shown there is a face.
  assert.equal(placeRegions({ ...turned, regions: [person] }, faces, size)[0]!.face, 1);
  // Without faces the noted size tells, and stored pixels are what is usual.
  const [wide, high] = [
    { width: 800, height: 600 },
    { width: 600, height: 800 },
  ];
  for (const [regions, appliedTo] of [
    [[stored(person)], null],
    [[stored(person)], wide],
    [[person], high],
  ] as const) {
    const [placed] = placeRegions({ regions, orientation: 6, appliedTo }, [], size);
    assert.ok(placed && near(placed.place, person) && placed.face === null);
  }
});

test('each face is of one region at most, the one that fits best', () => {
  const loose = { x: 0.08, y: 0.15, w: 0.16, h: 0.3 };
  const placed = placeRegions({ regions: [loose, person, stranger], orientation: 1, appliedTo: null }, [person], size);
  assert.deepEqual(
    placed.map(({ face }) => face),
    [null, 0, null],
  );
  const around = { x: 0, y: 0, w: 0.9, h: 0.9 };
  const [large] = placeRegions({ regions: [around], orientation: 1, appliedTo: null }, [person], size);
  assert.equal(large?.face, null);
});

test('a place stays in the picture, and twice the same turn is known', () => {
  const share = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(share, share, share, share, fc.integer({ min: 1, max: 8 }), (x, y, w, h, orientation) => {
      const there = uprightPlace({ x, y, w, h }, orientation);
      assert.ok(there.x >= -1e-9 && there.y >= -1e-9 && there.x + there.w <= 1 + 1e-9 && there.y + there.h <= 1 + 1e-9);
      const back = uprightPlace(there, orientation === 6 ? 8 : orientation === 8 ? 6 : orientation);
      assert.ok(near(back, { x, y, w, h }));
    }),
  );
});
