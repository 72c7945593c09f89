import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { regionTurned, regionTurnedBack, turned, turnedBack } from './turned.ts';

const turns = fc.constantFrom(0, 90, 180, 270);

test('a pixel is found again in the turned picture', async () => {
  await fc.assert(
    fc.asyncProperty(
      turns,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      async (turn, width, height) => {
        const data = Buffer.from(Array.from({ length: width * height }, (_, i) => [i, i, i]).flat());
        const there = await turned({ data, width, height }, turn);
        for (let y = 0; y < there.height; y++) {
          for (let x = 0; x < there.width; x++) {
            const back = turnedBack({ x: x + 0.5, y: y + 0.5 }, turn, { width, height });
            const at = Math.floor(back.y) * width + Math.floor(back.x);
            assert.equal(there.data[(y * there.width + x) * 3], at);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a rectangle comes back where it was', () => {
  const side = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(turns, side, side, side, side, (turn, left, top, width, height) => {
      const size = { width: left + width + 3, height: top + height + 7 };
      const region = { left, top, width, height };
      const there = regionTurned(region, turn, size);
      assert.deepEqual(regionTurnedBack(there, turn, size), region);
      assert.equal(there.width * there.height, width * height);
      if (turn === 90) assert.deepEqual(there, { left: 7, top: left, width: height, height: width });
    }),
  );
});
