import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { distance } from 'geokdbush';
import { gatherTowns, type Towns } from './towns.ts';

const row = (name: unknown, lat: unknown, lng: unknown, country: unknown = 'FR', admin1: unknown = '11'): unknown => ({
  ...{ name, lat, lng, country, admin1, admin2: '' },
});

function towns(rows: readonly unknown[], divisions: readonly unknown[] = []): Towns {
  const gathered = gatherTowns();
  gathered.add(rows);
  return gathered.finish(divisions);
}

test('a town is told with its division and country', () => {
  const found = towns(
    [row('Église', '10', '20'), row('Zürich', '40', '20', 'CH', 'ZH'), row('東京', '-30', '20', 'JP', '')],
    [{ code: 'FR.11', name: 'Île-de-France' }, { code: 'CH.ZH', name: '' }, null, { code: 5, name: 'odd' }],
  );
  assert.deepEqual(found.nearest(10, 20, 1), { town: 'Église', region: 'Île-de-France', country: 'FR', metres: 0 });
  assert.deepEqual(found.nearest(40, 20, 1), { town: 'Zürich', region: null, country: 'CH', metres: 0 });
  // A degree of a meridian is 111,195 m on a sphere of 6371 km.
  assert.deepEqual(found.nearest(-29, 20, 112), { town: '東京', region: null, country: 'JP', metres: 111_195 });
  assert.equal(found.nearest(-29, 20, 111), null);
});

test('odd rows are left out', () => {
  const odd = [
    ...[
      row('a', '', '0.1'),
      row('b', 'north', '0.1'),
      row('c', '0.1', null),
      row('d', '91', '0'),
      row('e', '0', '181'),
    ],
    ...[row('', '0', '0.1'), row(7, '0', '0.1'), row('f', '0', '0.1', ''), row('g', '0', '0.1', 'FRA'), null, 'x', []],
  ];
  assert.equal(towns(odd).nearest(0, 0.1, 1000), null);
  assert.equal(towns([...odd, row('h', 0, 0.5)]).nearest(0, 0.1, 1000)?.town, 'h');
});

test('of equally near towns the first by name is told, in whatever order they come', () => {
  const rows = [row('Bonn', '0', '1'), row('Aachen', '0', '-1'), row('Celle', '1', '0'), row('Dessau', '0', '1')];
  for (const order of [rows, rows.toReversed()]) assert.equal(towns(order).nearest(0, 0, 200)?.town, 'Aachen');
  assert.equal(towns(rows.toReversed()).nearest(0, 1, 200)?.town, 'Bonn');
});

test('the nearest is found everywhere, at the poles and across the antimeridian too', () => {
  const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -89.99, 89.99, 90));
  const longitude = fc.oneof(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.constantFrom(-180, -179.99, 179.99, 180),
  );
  const points = fc.array(fc.tuple(latitude, longitude), { minLength: 1, maxLength: 300, size: 'max' });
  fc.assert(
    fc.property(points, latitude, longitude, (places, lat, lng) => {
      const found = towns(places.map((place, i) => row(`town ${i}`, ...place))).nearest(lat, lng, Infinity);
      const nearest = Math.min(...places.map(([y, x]) => distance(lng, lat, x, y)));
      assert.ok(found && Math.abs(found.metres - nearest * 1000) <= 1, `${found?.metres} m, not ${nearest} km`);
    }),
    { numRuns: 300 },
  );
});
