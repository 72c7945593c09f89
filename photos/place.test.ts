import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { countryName, createPlaceFinder } from './place.ts';

const finder = createPlaceFinder();

test('places are the towns they are in or near', async () => {
  const eiffelTower = await finder.placeAt(48.85837, 2.294481);
  assert.match(eiffelTower?.town ?? '', /^Paris/);
  assert.equal(eiffelTower?.region, 'Île-de-France');
  assert.equal(eiffelTower.country, 'FR');
  assert.ok(eiffelTower.metres < 3000);

  const tokyoTower = await finder.placeAt(35.65858, 139.745433);
  assert.deepEqual([tokyoTower?.region, tokyoTower?.country], ['Tokyo', 'JP']);

  const suva = await finder.placeAt(-18.1416, 178.4419);
  assert.deepEqual([suva?.town, suva?.country], ['Suva', 'FJ']);
});

test('the antimeridian parts nothing', async () => {
  // Off Taveuni, east of the line; the nearest towns of Fiji are west of it.
  const east = await finder.placeAt(-16.8, -179.97);
  assert.equal(east?.country, 'FJ');
  assert.ok(east.metres > 50_000 && east.metres < 100_000);
  assert.deepEqual(await finder.placeAt(-16.8, -180), await finder.placeAt(-16.8, 180));
});

test('far from any town, and where no place is, nothing is made up', async () => {
  for (const [latitude, longitude] of [
    ...[[30, -40] as const, [0.1, 0.1] as const, [90, 0] as const, [-90, 0] as const, [90, 180] as const],
    ...[[0, 0] as const, [-0, 0] as const, [91, 2] as const, [48, 181] as const],
    ...[[Number.NaN, 2] as const, [48, Number.NaN] as const, [Infinity, 2] as const, [48, -Infinity] as const],
  ]) {
    assert.equal(await finder.placeAt(latitude, longitude), null, `${latitude}, ${longitude}`);
  }
});

test('towns are let go when nobody asks, and loaded again', async () => {
  const forgetful = createPlaceFinder({ idleMs: 1 });
  const first = await forgetful.placeAt(52.52, 13.405);
  await delay(20);
  assert.deepEqual(await forgetful.placeAt(52.52, 13.405), first);
});

test('countries have names', () => {
  assert.deepEqual(['FR', 'JP', 'XK', 'GB'].map(countryName), ['France', 'Japan', 'Kosovo', 'United Kingdom']);
  for (const code of ['ZZ', 'QX', 'fr', 'FRA', '', '001', '__proto__', 'é']) assert.equal(countryName(code), code);
});
