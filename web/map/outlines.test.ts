import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlinesOf } from './outlines.ts';
import { temperate, viewOf } from './view.ts';

const numbersOf = (path: string): number => path.match(/-?\d+/g)?.length ?? 0;

test('the world is small enough to be part of the page', () => {
  const { land, borders, width, height } = outlinesOf(temperate);
  assert.ok(land.length + borders.length < 60_000);
  assert.match(land, /^M\d+ \d+l[-\d ]+z/);
  assert.equal(width / height > 2.5, true);
});

test('a part of it has finer outlines, across the date line too, and the open sea none', () => {
  const europe = outlinesOf(viewOf({ west: -10, south: 36, east: 30, north: 60 }));
  assert.ok(numbersOf(europe.land) > 2000);
  assert.ok(europe.land.length + europe.borders.length < 150_000);
  const fiji = outlinesOf(viewOf({ west: 176, south: -20, east: -178, north: -15 }));
  assert.ok(numbersOf(fiji.land) > 20);
  assert.equal(outlinesOf(viewOf({ west: -140, south: -40, east: -138, north: -39 })).land, '');
});
