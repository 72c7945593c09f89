import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCut, tilesOf, type Tile } from './tiles.ts';

const pictures = fc.record({ width: fc.integer({ min: 40, max: 9000 }), height: fc.integer({ min: 40, max: 9000 }) });
const counts = fc.integer({ min: 1, max: 4 });

/** Where the tiles of a row, or of a column, begin and end. */
const spans = (tiles: readonly Tile[], axis: 'x' | 'y') => {
  const of = (tile: Tile) => (axis === 'x' ? [tile.left, tile.left + tile.width] : [tile.top, tile.top + tile.height]);
  return [...new Map(tiles.map((tile) => [of(tile)[0]!, of(tile)[1]!]))].sort(([a], [b]) => a - b);
};

test('tiles are squares of one size, as many as are needed, cover the picture, end where it ends, and neighbours share a quarter', () => {
  fc.assert(
    fc.property(pictures, counts, (picture, n) => {
      const tiles = tilesOf(picture, n);
      const [{ width, height } = { width: 0, height: 0 }] = tiles;
      const side = Math.max(width, height);
      assert.equal(width, Math.min(side, picture.width));
      assert.equal(height, Math.min(side, picture.height));
      assert.ok(
        Math.abs(side - Math.max(picture.width, picture.height) / (n - (n - 1) / 4)) <= 1,
        'n along the longer side',
      );
      for (const tile of tiles) {
        assert.deepEqual([tile.width, tile.height], [width, height]);
        assert.ok([tile.left, tile.top, tile.width, tile.height].every(Number.isInteger));
        assert.equal(tile.inner.left, tile.left > 0);
        assert.equal(tile.inner.top, tile.top > 0);
        assert.equal(tile.inner.right, tile.left + tile.width < picture.width);
        assert.equal(tile.inner.bottom, tile.top + tile.height < picture.height);
      }
      for (const [axis, length, side] of [
        ['x', picture.width, width],
        ['y', picture.height, height],
      ] as const) {
        const row = spans(tiles, axis);
        assert.equal(row[0]![0], 0);
        assert.equal(row.at(-1)![1], length);
        const fewer = row.length - 1;
        assert.ok(fewer === 0 || side * (fewer - (fewer - 1) / 4) < length + 1, `${axis}: fewer would do`);
        for (const [i, [begin]] of row.slice(1).entries()) {
          // Less the one pixel by which whole pixels are off.
          assert.ok(row[i]![1] - begin >= side / 4 - 1, `${axis}: ${row[i]![1] - begin} of ${side}`);
        }
      }
    }),
  );
});

/** A picture's tiles, and a box in the picture whose longer side is this share of a tile's shorter one. */
const boxed = (largest: number) =>
  fc.tuple(pictures, counts, fc.double({ min: 0.01, max: largest, noNaN: true })).chain(([picture, n, share]) => {
    const tiles = tilesOf(picture, n);
    const side = share * Math.min(tiles[0]!.width, tiles[0]!.height);
    return fc.record({
      tiles: fc.constant(tiles),
      box: fc.record({
        left: fc.double({ min: 0, max: picture.width - side, noNaN: true }),
        top: fc.double({ min: 0, max: picture.height - side, noNaN: true }),
        width: fc.constant(side),
        height: fc.constant(side),
        score: fc.constant(1),
      }),
    });
  });

test('a face up to a fifth of a tile is whole in one of them, wherever it is', () => {
  fc.assert(
    fc.property(boxed(0.2), ({ tiles, box }) => {
      // Where a pixel is much of the face, there is no face to be found.
      fc.pre(box.width >= 8);
      const whole = tiles.some(
        (tile) =>
          !isCut(box, tile) &&
          box.left >= tile.left &&
          box.top >= tile.top &&
          box.left + box.width <= tile.left + tile.width &&
          box.top + box.height <= tile.top + tile.height,
      );
      assert.ok(whole);
    }),
  );
});

test('a box is cut where it reaches an edge that has picture behind it, and only there', () => {
  const inside = { left: true, top: true, right: true, bottom: true };
  const tile: Tile = { left: 100, top: 200, width: 400, height: 400, inner: inside };
  const box = { left: 250, top: 350, width: 50, height: 60, score: 1 };
  assert.equal(isCut(box, tile), false);
  for (const [edge, moved] of [
    ['left', { ...box, left: 100 }],
    ['top', { ...box, top: 200.5 }],
    ['right', { ...box, left: 450 }],
    ['bottom', { ...box, top: 539.5 }],
  ] as const) {
    assert.equal(isCut(moved, tile), true, edge);
    assert.equal(isCut(moved, { ...tile, inner: { ...inside, [edge]: false } }), false, `the picture ends at ${edge}`);
  }
});

test('a box well inside a tile is never cut', () => {
  const places = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(pictures, counts, places, places, places, (picture, n, x, y, size) => {
      for (const tile of tilesOf(picture, n)) {
        // A twentieth of the tile stays free on each side.
        const [width, height] = [tile.width * 0.9 * size, tile.height * 0.9 * size];
        const left = tile.left + 0.05 * tile.width + x * (tile.width * 0.9 - width);
        const top = tile.top + 0.05 * tile.height + y * (tile.height * 0.9 - height);
        const reach = Math.max(1, 0.02 * Math.max(width, height));
        fc.pre(0.05 * Math.min(tile.width, tile.height) > reach);
        assert.equal(isCut({ left, top, width, height, score: 1 }, tile), false);
      }
    }),
  );
});
