import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eastOf, readBox, widthOf, type Box } from '../../model/map.ts';
import { cellOf, isDeepest, mapUrl, moved, viewOf, zoomed, type View } from './view.ts';

const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true });
const boxes = fc
  .record({ west: degrees(180), east: degrees(180), one: degrees(90), other: degrees(90) })
  .map(({ west, east, one, other }) => ({ west, east, south: Math.min(one, other), north: Math.max(one, other) }));

/** The view that an address of the map leads to. */
const viewAt = (url: string): View => {
  const box = new URL(url, 'http://x').searchParams.get('box');
  return viewOf(box === null ? { west: -180, south: -90, east: 180, north: 90 } : readBox(box));
};

const holds = (outer: Box, inner: Box): boolean =>
  outer.south <= inner.south + 1e-4 &&
  outer.north >= inner.north - 1e-4 &&
  (widthOf(outer) === 360 || eastOf(outer.west - 1e-4, inner.west) + widthOf(inner) <= widthOf(outer) + 2e-4);

test('a view holds its whole box, is a part of the world, and its address leads to it again', () => {
  fc.assert(
    fc.property(boxes, (box) => {
      const view = viewOf(box);
      assert.ok(holds(view.box, box), JSON.stringify(view));
      const again = viewAt(mapUrl(box));
      // A view that ends at a pole has its middle elsewhere, where degrees are longer: it may grow.
      const atPole = view.box.south <= -90 + 1e-4 || view.box.north >= 90 - 1e-4;
      if (!atPole) assert.ok(Math.abs(again.height - view.height) < 1e-4);
      assert.ok(holds(again.box, view.box));
    }),
  );
});

test('a box across the date line is a small one', () => {
  const view = viewOf({ west: 177, south: -20, east: -177, north: -16 });
  assert.equal(view.shape, 'near');
  assert.ok(view.width < 10);
  assert.ok(holds(view.box, { west: 180, south: -18, east: -179, north: -17 }));
});

test('steps come to an end, at the world and at two kilometres', () => {
  let view = viewOf({ west: 2, south: 48, east: 3, north: 49 });
  for (let i = 0; i < 20 && view.shape === 'near'; i++) view = viewAt(zoomed(view, 2));
  assert.equal(view.width, 360);
  for (let i = 0; i < 20 && !isDeepest(view); i++) view = viewAt(zoomed(view, 0.5));
  assert.ok(isDeepest(view));
  for (let i = 0; i < 4; i++) view = viewAt(moved(view, 0.5, 0.5));
  assert.ok(isDeepest(view));
});

test('cells are squares on the page', () => {
  const view = viewOf({ west: 5, south: 60, east: 11, north: 62 });
  const { width, height } = cellOf(view);
  assert.ok(Math.abs(view.width / width - 60) < 1e-9);
  assert.ok(Math.abs(view.height / height - 40) < 1e-9);
});
