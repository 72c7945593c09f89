import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { regionsOf } from './regions.ts';

const area = (X: unknown, Y: unknown, W: unknown, H: unknown, Unit: unknown = 'normalized'): unknown => ({
  ...{ X, Y, W, H, Unit },
});
const listed = (...RegionList: unknown[]): Record<string, unknown> => ({
  'XMP:RegionInfo': { AppliedToDimensions: { W: 800, H: 400, Unit: 'pixel' }, RegionList },
});
const rectangles = (...Regions: unknown[]): Record<string, unknown> => ({ 'XMP:RegionInfoMP': { Regions } });

test('areas of the Metadata Working Group have their centre turned into a corner', () => {
  assert.deepEqual(regionsOf(listed({ Name: 'Marie', Type: 'Face', Area: area(0.5, 0.25, 0.25, 0.5) })), [
    { name: 'Marie', type: 'face', left: 0.375, top: 0, width: 0.25, height: 0.5 },
  ]);
  assert.deepEqual(regionsOf(listed({ Name: 'Rex', Type: 'Pet', Area: area(400, '100', 200, 100, 'pixel') })), [
    { name: 'Rex', type: 'pet', left: 0.375, top: 0.125, width: 0.25, height: 0.25 },
  ]);
  const types = regionsOf(
    listed(
      { Type: 'Focus', Area: area(0.1, 0.1, 0.1, 0.1) },
      { Area: area(0.3, 0.1, 0.1, 0.1) },
      { Name: 'Marie', Area: area(0.5, 0.1, 0.1, 0.1) },
      { Type: 'FACE', Area: area(0.7, 0.1, 0.1, 0.1) },
    ),
  );
  assert.deepEqual(
    types.map(({ type, name }) => [type, name]),
    [
      ['other', null],
      ['other', null],
      ['face', 'Marie'],
      ['face', null],
    ],
  );
});

test('rectangles of Microsoft are as they are written', () => {
  assert.deepEqual(
    regionsOf(
      rectangles(
        { PersonDisplayName: ' Bill  Murray ', Rectangle: '0.5, 0.25,0.125, 0.5' },
        { Rectangle: '0, 0, 1, 1' },
      ),
    ),
    [
      { name: 'Bill Murray', type: 'face', left: 0.5, top: 0.25, width: 0.125, height: 0.5 },
      { name: null, type: 'face', left: 0, top: 0, width: 1, height: 1 },
    ],
  );
});

test('a region in both notations is kept once', () => {
  const both = {
    ...listed(
      { Name: 'Marie', Type: 'Face', Area: area(0.368452, 0.307857, 0.113095, 0.198571) },
      { Type: 'Face', Area: area(0.7, 0.5, 0.2, 0.2) },
    ),
    ...rectangles(
      { PersonDisplayName: 'marie', Rectangle: '0.311905, 0.208571, 0.113095, 0.198571' },
      { PersonDisplayName: 'Pierre', Rectangle: '0.35, 0.25, 0.1, 0.2' },
      { PersonDisplayName: 'Irène', Rectangle: '0.6, 0.4, 0.2, 0.21' },
      { PersonDisplayName: 'Marie', Rectangle: '0.9, 0.9, 0.1, 0.1' },
      { Rectangle: '0.75, 0.45, 0.2, 0.2' },
    ),
  };
  // Pierre stands close to Marie, another Marie elsewhere; the camera found Irène, somebody else named her.
  assert.deepEqual(
    regionsOf(both).map(({ name }) => name),
    ['Marie', 'Irène', 'Pierre', 'Marie', null],
  );
});

test('what is no box within the picture is dropped, what sticks out by a rounding is cut', () => {
  const boxes = [
    ...[area(0.5, 0.5, 0, 0.1), area(0.5, 0.5, -0.1, 0.1), area(0.95, 0.5, 0.2, 0.1), area(5, 5, 1, 1)],
    ...[area('x', 0.5, 0.1, 0.1), area(0.5, 0.5, undefined, 0.1), area(Infinity, 0.5, 0.1, 0.1), 'area', null],
  ].map((Area) => ({ Name: 'Nobody', Type: 'Face', Area }));
  assert.deepEqual(regionsOf(listed(...boxes)), []);
  for (const Rectangle of ['0.1, 0.1, 0.1', '0.1, 0.1, 0.1, 0.1, 0.1', '0.1, , 0.1, 0.1', 'a,b,c,d', 7, null]) {
    assert.deepEqual(regionsOf(rectangles({ Rectangle })), []);
  }
  const noSize = { 'XMP:RegionInfo': { RegionList: [{ Type: 'Face', Area: area(10, 10, 5, 5, 'pixel') }] } };
  assert.deepEqual(regionsOf(noSize), []);
  const noWidth = { AppliedToDimensions: { W: 0, H: 10 }, RegionList: { Area: area(0, 1, 0, 1, 'pixel') } };
  assert.deepEqual(regionsOf({ 'XMP:RegionInfo': noWidth }), []);
  assert.deepEqual(regionsOf(rectangles({ Rectangle: '-0.005, 0.5, 0.505, 0.505' })), [
    { name: null, type: 'face', left: 0, top: 0.5, width: 0.5, height: 0.5 },
  ]);
});

test('whatever is written, regions are boxes within the picture, and not too many', () => {
  const number = fc.oneof(fc.double({ min: -0.1, max: 1.1 }), fc.double(), fc.anything());
  const mwg = fc.record({
    Name: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
    Type: fc.oneof(fc.constantFrom('Face', 'Pet'), fc.anything()),
    Area: fc.record({ X: number, Y: number, W: number, H: number, Unit: fc.constantFrom('normalized', 'pixel', null) }),
  });
  const mp = fc.record({ PersonDisplayName: fc.anything(), Rectangle: fc.oneof(fc.array(number), fc.anything()) });
  fc.assert(
    fc.property(fc.array(fc.oneof(mwg, fc.anything())), fc.array(fc.oneof(mp, fc.anything())), (list, regions) => {
      for (const { name, left, top, width, height } of regionsOf({ ...listed(...list), ...rectangles(...regions) })) {
        assert.ok(left >= 0 && top >= 0 && width > 0 && height > 0);
        assert.ok(left + width <= 1 + 1e-12 && top + height <= 1 + 1e-12);
        assert.ok(name === null || (name.length > 0 && name.length <= 200 && name.isWellFormed()));
      }
    }),
  );
  const many = Array.from({ length: 10_000 }, (_, i) => ({
    Name: `n${i}`,
    Type: 'Face',
    Area: area(0.5, 0.5, 0.1, 0.1),
  }));
  assert.equal(regionsOf(listed(...many)).length, 200);
});
