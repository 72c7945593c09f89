import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overlap } from './box.ts';
import { carryOver, type EarlierFace, type PlacedFace } from './carry-over.ts';
import { descriptorLength, distance } from './descriptor.ts';

/** Looks that differ from 0 by so much. */
const looks = (difference: number) => new Float32Array(descriptorLength).fill(difference / Math.sqrt(descriptorLength));
const places = fc.record({
  x: fc.integer({ min: 0, max: 12 }).map((n) => n / 16),
  y: fc.integer({ min: 0, max: 12 }).map((n) => n / 16),
  w: fc.integer({ min: 1, max: 4 }).map((n) => n / 16),
  h: fc.integer({ min: 1, max: 4 }).map((n) => n / 16),
  descriptor: fc.constantFrom(0, 0.3, 1).map(looks),
});
const found = fc.array(places, { maxLength: 8 });
const earlier = fc
  .array(fc.tuple(places, fc.boolean(), fc.boolean()), { maxLength: 8 })
  .map((faces) =>
    faces.map(([place, kept, ofOtherBytes], i): EarlierFace => ({ ...place, id: 10 + i, kept, ofOtherBytes })),
  );
const boxOf = ({ x, y, w, h }: PlacedFace) => ({ left: x, top: y, width: w, height: h });
const share = (a: PlacedFace, b: PlacedFace) => overlap(boxOf(a), boxOf(b));

test('each face stays itself at most once, and goes or stays as it was else', () => {
  fc.assert(
    fc.property(earlier, found, (old, now) => {
      const { same, gone } = carryOver(old, now);
      assert.equal(same.length, now.length);
      const met = same.filter((id) => id !== null);
      assert.equal(new Set(met).size, met.length, 'one number for two faces');
      for (const [i, id] of same.entries()) {
        if (id === null) continue;
        const before = old.find((face) => face.id === id);
        assert.ok(before && share(before, now[i]!) >= 0.3);
        if (before.ofOtherBytes) assert.ok(distance(before.descriptor, now[i]!.descriptor) <= 0.6);
      }
      // What a person said something of stays as long as it is the same picture.
      const staying = (face: EarlierFace) => met.includes(face.id) || (face.kept && !face.ofOtherBytes);
      assert.deepEqual(
        gone.toSorted(),
        old.filter((face) => !staying(face)).map((face) => face.id),
      );
    }),
  );
});

test('nothing is found anew beside an earlier face at the same place that could still be it', () => {
  fc.assert(
    fc.property(earlier, found, (old, now) => {
      const { same } = carryOver(old, now);
      for (const face of old.filter(({ id, ofOtherBytes }) => !same.includes(id) && !ofOtherBytes)) {
        for (const [i, id] of same.entries()) if (id === null) assert.ok(share(face, now[i]!) < 0.3);
      }
    }),
  );
});

test('the same boxes again: every face keeps its number and none goes, in whatever order they come', () => {
  const withNow = earlier.chain((old) =>
    fc.record({
      old: fc.constant(old),
      now: fc.shuffledSubarray(
        old.map((face) => face.id),
        { minLength: old.length },
      ),
    }),
  );
  fc.assert(
    fc.property(withNow, ({ old, now }) => {
      const faces = now.map((id) => old.find((face) => face.id === id)!);
      const { same, gone } = carryOver(
        old.map((face) => ({ ...face, ofOtherBytes: false })),
        faces,
      );
      assert.deepEqual(gone, []);
      for (const [i, id] of same.entries()) {
        // Two that lie on one another can't be told apart.
        assert.deepEqual(boxOf(old.find((face) => face.id === id)!), boxOf(faces[i]!));
      }
    }),
  );
});

test('a face moves with its box as the detector draws it a little differently, to the nearest of several', () => {
  const one = { x: 0.1, y: 0.1, w: 0.2, h: 0.2, descriptor: looks(0) };
  const other = { ...one, x: 0.25 };
  const old: EarlierFace[] = [
    { ...one, id: 1, kept: true, ofOtherBytes: false },
    { ...other, id: 2, kept: false, ofOtherBytes: false },
  ];
  const moved = [
    { ...other, x: 0.24, w: 0.22 },
    { ...one, y: 0.12 },
    { ...one, x: 0.7 },
  ];
  assert.deepEqual(carryOver(old, moved), { same: [2, 1, null], gone: [] });
  assert.deepEqual(carryOver(old, []), { same: [], gone: [2] });
});

test('in other bytes a face is the same only where it looks the same', () => {
  const place = { x: 0.1, y: 0.1, w: 0.2, h: 0.2, descriptor: looks(0) };
  const old: EarlierFace[] = [{ ...place, id: 1, kept: true, ofOtherBytes: true }];
  assert.deepEqual(carryOver(old, [{ ...place, descriptor: looks(0.5) }]), { same: [1], gone: [] });
  assert.deepEqual(carryOver(old, [{ ...place, descriptor: looks(0.7) }]), { same: [null], gone: [1] });
  // In the same picture it is the same face, however another network sees it.
  const sameBytes = old.map((face) => ({ ...face, ofOtherBytes: false }));
  assert.deepEqual(carryOver(sameBytes, [{ ...place, descriptor: looks(0.7) }]), { same: [1], gone: [] });
});
