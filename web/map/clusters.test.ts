import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBox, wholeWorld } from '../../model/map.ts';
import type { MapCell } from '../../sql/map.ts';
import { clustersOf, leadsTo, radiusOf } from './clusters.ts';
import { cellOf, temperate, viewOf } from './view.ts';

const cell = (count: number, latitude: number, longitude: number, reach = 0.5): MapCell => ({
  count,
  latitude,
  longitude,
  box: { west: longitude - reach, south: latitude - reach, east: longitude + reach, north: latitude + reach },
  place: null,
});

test('circles that would overlap are one, and no picture is lost', () => {
  const cells = [cell(10, 48, 2), cell(30, 49, 3), cell(5, -33, 151)];
  const [paris, sydney, ...more] = clustersOf(cells, temperate, 900);
  assert.deepEqual(more, []);
  assert.deepEqual([paris?.count, sydney?.count], [40, 5]);
  assert.deepEqual(paris?.box, { west: 1.5, south: 47.5, east: 3.5, north: 49.5 });
  assert.ok(Math.abs(paris.x - (180 + 2.75) / 360) < 1e-9);
});

test('pictures in every cell of the world are some hundred circles, none on another', () => {
  const cells = Array.from({ length: 1800 }, (_, i) =>
    cell(1 + ((i * 7919) % 5000), Math.floor(i / 60) * 6 - 87, (i % 60) * 6 - 177, 2),
  );
  const circles = clustersOf(cells, { box: wholeWorld, width: 360, height: 180, shape: 'poles' }, 900);
  assert.ok(circles.length <= 500 && circles.length > 20, String(circles.length));
  assert.equal(
    circles.reduce((sum, { count }) => sum + count, 0),
    cells.reduce((sum, { count }) => sum + count, 0),
  );
  for (const [i, a] of circles.entries()) {
    for (const b of circles.slice(i + 1)) {
      assert.ok(Math.hypot((a.x - b.x) * 900, (a.y - b.y) * 450) >= a.radius + b.radius);
    }
  }
});

test('more pictures make a larger circle', () => {
  const radii = [1, 2, 10, 100, 1000, 100_000].map(radiusOf);
  assert.deepEqual(
    radii,
    radii.toSorted((a, b) => a - b),
  );
});

test('a circle leads closer, and to the pictures where they are near to each other', () => {
  const fiji = viewOf({ west: 176, south: -20, east: -176, north: -15 });
  const across = { ...cell(3, -17, 180), box: { west: 179.9, south: -17.1, east: -179.9, north: -17 } };
  const [circle] = clustersOf([across], fiji, 900);
  assert.ok(circle);
  const closer = new URL(leadsTo(circle, fiji), 'http://x').searchParams.get('box')?.split(',').map(Number) ?? [];
  assert.ok(closer[0]! > 179 && closer[2]! < -179, closer.join());
  const [town] = clustersOf([cell(3, -17, 178, 0.004)], fiji, 900);
  assert.equal(leadsTo(town!, fiji), '/?box=177.99599%2C-17.00401%2C178.00401%2C-16.99599');
});

test('a click leads closer, whatever lies together', () => {
  const view = viewOf({ west: 0, south: 40, east: 20, north: 50 });
  const { width, height } = cellOf(view);
  const anywhere = fc.record({ x: fc.nat(59), y: fc.nat(39), count: fc.integer({ min: 1, max: 1_000_000 }) });
  fc.assert(
    fc.property(fc.array(anywhere, { minLength: 1, maxLength: 300 }), fc.constantFrom(340, 900), (spots, pixels) => {
      const cells = spots.map(({ x, y, count }): MapCell => {
        const [west, south] = [view.box.west + x * width, view.box.south + y * height];
        const box = { west, south, east: west + width, north: south + height };
        return { count, latitude: south + height / 2, longitude: west + width / 2, box, place: null };
      });
      for (const circle of clustersOf(cells, view, pixels)) {
        const box = new URL(leadsTo(circle, view), 'http://x').searchParams.get('box') ?? '';
        assert.ok(viewOf(readBox(box)).height < view.height * 0.9);
      }
    }),
  );
});
