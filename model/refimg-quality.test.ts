import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lopsided, qualityOf } from './refimg-quality.ts';

/** Landmarks of which only ears, chin and nose count; `aside` moves the nose to one ear. */
function face(aside: number, angle = 0, stretch = 1): Buffer {
  const points = new Uint16Array(68 * 2);
  const put = (i: number, x: number, y: number) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    points[2 * i] = Math.round(30_000 + (x * cos - y * sin) * stretch);
    points[2 * i + 1] = Math.round(30_000 + x * sin + y * cos);
  };
  put(0, -8000, -3000);
  put(16, 8000, -3000);
  put(8, 0, 9000);
  put(30, aside * 8000, 0);
  return Buffer.from(points.buffer);
}

test('a face that looks aside is told from one that looks ahead, however it is tilted and stretched', () => {
  const angle = fc.double({ min: -3, max: 3, noNaN: true });
  const stretch = fc.double({ min: 0.5, max: 1.5, noNaN: true });
  fc.assert(
    fc.property(angle, stretch, (angle, stretch) => {
      assert.ok(lopsided(face(0, angle, stretch)) < 0.05);
      assert.ok(lopsided(face(0.7, angle, stretch)) > 0.45);
      assert.ok(Math.abs(lopsided(face(0.3, angle, stretch)) - lopsided(face(-0.3))) < 0.05);
    }),
  );
  assert.equal(lopsided(Buffer.alloc(68 * 4)), 0);
});

test('what is wrong with a reference image', () => {
  const good = { size: 120, sharpness: 9, foundBy: 'detector' as const, landmarks: face(0) };
  assert.deepEqual(qualityOf(good), []);
  assert.deepEqual(qualityOf({ ...good, landmarks: null }), []);
  assert.deepEqual(qualityOf({ ...good, size: 40, sharpness: 2 }), ['small', 'blurred']);
  assert.deepEqual(qualityOf({ ...good, landmarks: face(0.8) }), ['looks aside or half hidden']);
  assert.deepEqual(qualityOf({ ...good, foundBy: 'assumed', landmarks: face(0.8) }), ['no face found']);
});
