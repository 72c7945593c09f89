import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clipped, contained, grown, overlap, sameFace, surest, type Box } from './box.ts';

/** Quarters of a pixel: sums and products of them are exact. */
const quarters = (min: number, max: number) => fc.integer({ min: min * 4, max: max * 4 }).map((n) => n / 4);
const boxes: fc.Arbitrary<Box> = fc.record({
  left: quarters(-20, 100),
  top: quarters(-20, 100),
  width: quarters(0, 60),
  height: quarters(0, 60),
  score: fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
});
const area = ({ width, height }: { width: number; height: number }) => width * height;

/** Boxes of few places and scores, so that many are of one face and many are equally sure. */
const crowds: fc.Arbitrary<Box[]> = fc.array(
  fc.record({
    left: fc.constantFrom(0, 3, 30, 33),
    top: fc.constantFrom(0, 4, 30),
    width: fc.constantFrom(10, 12, 40),
    height: fc.constantFrom(10, 14, 40),
    score: fc.constantFrom(0.2, 0.5, 0.9),
  }),
  { maxLength: 12 },
);

test('overlap of known boxes', () => {
  const box = { left: 10, top: 20, width: 40, height: 20 };
  assert.equal(overlap(box, box), 1);
  assert.equal(overlap(box, { ...box, left: 30 }), 1 / 3);
  assert.equal(overlap(box, { ...box, left: 50 }), 0, 'they only touch');
  assert.equal(overlap(box, { left: 0, top: 0, width: 100, height: 80 }), 0.1);
  assert.equal(contained(box, { left: 0, top: 0, width: 100, height: 80 }), 1);
  assert.equal(contained(box, { ...box, left: 30 }), 0.5);
});

test('a box in another is of the same face, one half beside it of another', () => {
  const box = { left: 10, top: 10, width: 40, height: 40 };
  assert.ok(sameFace(box, { left: 14, top: 6, width: 44, height: 40 }));
  assert.ok(sameFace(box, { left: 20, top: 20, width: 15, height: 15 }), 'a part of the face, taken for a whole one');
  assert.ok(!sameFace(box, { ...box, left: 32 }), 'cheek to cheek');
  assert.ok(!sameFace(box, { left: 42, top: 20, width: 15, height: 15 }), 'a small one behind the shoulder');
});

test('overlap and containment are shares, whichever box is named first', () => {
  fc.assert(
    fc.property(boxes, boxes, (a, b) => {
      for (const share of [overlap, contained]) {
        assert.equal(share(a, b), share(b, a));
        assert.ok(share(a, b) >= 0 && share(a, b) <= 1);
      }
      assert.ok(overlap(a, b) <= contained(a, b));
      if (area(a) > 0) assert.equal(overlap(a, a), 1);
    }),
  );
});

test('of the boxes of one face the surest stays, and no face is lost', () => {
  fc.assert(
    fc.property(fc.oneof(crowds, fc.array(boxes, { maxLength: 12 })), (all) => {
      const kept = surest(all);
      for (const [i, box] of kept.entries()) {
        assert.ok(all.includes(box));
        assert.ok(!kept.slice(i + 1).some((other) => sameFace(box, other)), 'two of one face');
        assert.ok(i === 0 || kept[i - 1]!.score >= box.score, 'the surest comes first');
      }
      for (const box of all) {
        const standsForIt = (other: Box) => other === box || (sameFace(box, other) && other.score >= box.score);
        assert.ok(kept.some(standsForIt), 'a box went without a surer one of the same face');
      }
      assert.deepEqual(surest(kept), kept);
    }),
  );
});

test('a grown box is a square around the same middle that holds the box', () => {
  fc.assert(
    fc.property(boxes, quarters(0, 2), (box, share) => {
      const square = grown(box, share);
      assert.equal(square.width, square.height);
      assert.equal(square.width, Math.max(box.width, box.height) * (1 + 2 * share));
      assert.equal(square.left + square.width / 2, box.left + box.width / 2);
      assert.equal(square.top + square.height / 2, box.top + box.height / 2);
    }),
  );
});

test('what is clipped lies in the picture, and nothing of the box that lay there is lost', () => {
  const pictures = fc.record({ width: fc.integer({ min: 1, max: 80 }), height: fc.integer({ min: 1, max: 80 }) });
  fc.assert(
    fc.property(boxes, pictures, (box, picture) => {
      const part = clipped(box, picture);
      const whole = { left: 0, top: 0, ...picture };
      const shown = contained(box, whole) * Math.min(area(box), area(picture));
      assert.ok(Math.abs(area(part) - shown) < 1e-9);
      if (area(part) > 0) {
        assert.ok(part.left >= 0 && part.left + part.width <= picture.width);
        assert.ok(part.top >= 0 && part.top + part.height <= picture.height);
        assert.equal(contained(part, box), 1);
      }
      assert.equal(part.score, box.score);
    }),
  );
});
