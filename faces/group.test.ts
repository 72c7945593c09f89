import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { descriptorLength, distance } from './descriptor.ts';
import { groupFaces, groupLimit, qualityOf, type FaceToGroup, type GroupSettings } from './group.ts';

const usual: GroupSettings = { limit: groupLimit, oncePerPhoto: true };

/** A face whose descriptor has these numbers first: distances are those of points in a plane. */
function face(id: number, at: readonly number[], more: Partial<FaceToGroup> = {}): FaceToGroup {
  const descriptor = new Float32Array(descriptorLength);
  descriptor.set(at);
  return { id, file: id, quality: 0.5, clear: true, descriptor, ...more };
}

function groupsOf(faces: readonly FaceToGroup[], settings = usual): number[][] {
  const steps = groupFaces(faces, settings);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    assert.ok(step.value >= 0 && step.value <= 1);
  }
}

const somewhere = fc.double({ min: 0, max: 3, noNaN: true });
const drawnFaces = (maxLength: number) =>
  fc
    .array(
      fc.record({
        x: somewhere,
        y: somewhere,
        file: fc.nat(12),
        quality: fc.double({ min: 0, max: 1, noNaN: true }),
        clear: fc.boolean(),
      }),
      { maxLength },
    )
    .map((drawn) => drawn.map(({ x, y, ...more }, i) => face(i + 1, [x, y], more)));

const faces = drawnFaces(40);

test('every face is in one group at most, whose faces are near each other on average and of different photos', () => {
  fc.assert(
    fc.property(faces, (all) => {
      const byId = new Map(all.map((each) => [each.id, each]));
      const groups = groupsOf(all);
      assert.equal(new Set(groups.flat()).size, groups.flat().length);
      for (const ids of groups) {
        const members = ids.map((id) => byId.get(id)!);
        assert.ok(members.length > 1);
        assert.equal(new Set(members.map((each) => each.file)).size, members.length);
        const clear = members.filter((each) => each.clear);
        assert.ok(clear.length > 0, 'faces too coarse to tell people apart by make no group of their own');
        const pairs = clear.flatMap((a, i) => clear.slice(0, i).map((b) => distance(a.descriptor, b.descriptor) ** 2));
        const mean = pairs.reduce((sum, square) => sum + square, 0) / Math.max(1, pairs.length);
        assert.ok(Math.sqrt(mean) <= groupLimit + 1e-4, `${Math.sqrt(mean)}`);
      }
      const sizes = groups.map((ids) => ids.length);
      assert.deepEqual(
        sizes,
        sizes.toSorted((a, b) => b - a),
      );
    }),
  );
});

test('no two clear faces that are alone, of different photos, are near enough to be a group', () => {
  fc.assert(
    fc.property(drawnFaces(16), (all) => {
      const grouped = new Set(groupsOf(all).flat());
      const alone = all.filter((each) => each.clear && !grouped.has(each.id));
      for (const [i, a] of alone.entries()) {
        for (const b of alone.slice(0, i)) {
          if (a.file !== b.file) assert.ok(distance(a.descriptor, b.descriptor) > groupLimit - 1e-6);
        }
      }
    }),
  );
});

test('the order of the faces does not matter', () => {
  const shuffled = faces.chain((all) =>
    fc.shuffledSubarray(all, { minLength: all.length }).map((other) => ({ all, other })),
  );
  fc.assert(fc.property(shuffled, ({ all, other }) => assert.deepEqual(groupsOf(other), groupsOf(all))));
});

test('a row of faces, each near the next one, is not one person', () => {
  const row = Array.from({ length: 10 }, (_, i) => face(i + 1, [i * 0.3]));
  const groups = groupsOf(row);
  assert.ok(groups.length > 1);
  for (const ids of groups) assert.ok(Math.max(...ids) - Math.min(...ids) <= 2, String(ids));
});

test('a person is one group though each burst of photos is nearer to itself than to all others', () => {
  const bursts = [0, 0.3, 0.6].flatMap((x, b) =>
    Array.from({ length: 40 }, (_, i) => face(b * 40 + i + 1, [x, i / 1000])),
  );
  assert.deepEqual(
    groupsOf(bursts).map((ids) => ids.length),
    [120],
  );
});

test('two faces of one photo are two persons, unless people may be in a photo twice', () => {
  const twins = [face(1, [0], { file: 1 }), face(2, [0.1], { file: 1 })];
  assert.deepEqual(groupsOf(twins), []);
  assert.deepEqual(groupsOf(twins, { ...usual, oncePerPhoto: false }), [[1, 2]]);
});

test('the best face comes first, near duplicates of it last', () => {
  const group = [
    face(1, [0], { quality: 0.9 }),
    face(2, [0.01], { quality: 0.8 }),
    face(3, [0.3], { quality: 0.4 }),
    face(4, [0.31], { quality: 0.1, clear: false }),
  ];
  assert.deepEqual(groupsOf(group), [[1, 3, 2, 4]]);
});

test('small and blurred faces are not clear; large, sharp and whole ones are best', () => {
  const best = { size: 200, sharpness: 12, score: 0.9, cut: false };
  assert.deepEqual(qualityOf(best), { quality: 0.9, clear: true });
  assert.deepEqual(qualityOf({ ...best, size: 39 }).clear, false);
  assert.deepEqual(qualityOf({ ...best, sharpness: 3.9 }).clear, false);
  for (const worse of [{ size: 60 }, { sharpness: 5 }, { score: 0.5 }, { cut: true }]) {
    assert.ok(qualityOf({ ...best, ...worse }).quality < 0.9);
  }
});
