import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText } from '../model/names.ts';
import { fill } from './fill.ts';
import { parsePattern } from './pattern.ts';
import type { PhotoToSort } from '../model/sorting.ts';

const photo: PhotoToSort = {
  fname: 'IMG_1.JPG',
  type: 'image',
  taken: { local: '2021-01-03T09:04:31.250', source: 'EXIF:DateTimeOriginal', certainty: 'certain' },
  camera: 'Canon EOS 70D',
  town: 'Bergen',
  region: 'Vestland',
  country: 'NO',
  title: null,
  dir: '100CANON',
};
const pathOf = (pattern: string, change: Partial<PhotoToSort> = {}, counter?: number): string | null => {
  const filled = fill(parsePattern(pattern), { ...photo, ...change }, counter);
  return filled && [...filled.dirs, filled.name].join('/');
};

test('tokens stand for what is known of a photo', () => {
  assert.equal(pathOf('{year}/{month}/{day}/{hour}{minute}{second}'), '2021/01/03/090431.JPG');
  assert.equal(pathOf('{weekyear}-W{week} {monthname}'), '2020-W53 January.JPG');
  assert.equal(pathOf('{date}T{time}'), '2021-01-03T090431.JPG');
  assert.equal(pathOf('{country}/{region}/{town}'), 'Norway/Vestland/Bergen.JPG');
  assert.equal(pathOf('{place}', { town: null }), 'Vestland.JPG');
  assert.equal(pathOf('{place}', { town: null, region: null }), 'Norway.JPG');
  assert.equal(pathOf('{type}/{ext}/{name}', { type: 'video', fname: 'a.MOV' }), 'video/mov/a.MOV');
  assert.equal(pathOf('{ext}/{name}', { fname: 'a.jpg.XMP' }), 'xmp/a.jpg.XMP');
  assert.equal(pathOf('{title}/{name}', { title: `${'x'.repeat(98)} é` }), `${'x'.repeat(98)}/IMG_1.JPG`);
});

test('the counter is the plan’s', () => {
  assert.equal(pathOf('{counter}'), '001.JPG');
  assert.equal(pathOf('{date} {counter:4}', {}, 12), '2021-01-03 0012.JPG');
  assert.equal(pathOf('{counter:1}', {}, 1234), '1234.JPG');
});

test('what was used is told, with where it came from', () => {
  const filled = fill(parsePattern("{year}/{place|event|''}{title}/{name|counter}"), { ...photo, town: null });
  assert.deepEqual(filled?.used, [
    { token: 'year', text: '2021', from: 'EXIF:DateTimeOriginal' },
    { token: 'place', text: 'Vestland', from: 'region' },
    { token: 'name', text: 'IMG_1', from: 'name' },
  ]);
});

test('a photo without a date has no path where the pattern wants one and does not say what else', () => {
  const unreal = { source: 'x', certainty: 'likely' } as const;
  for (const taken of [
    null,
    { ...unreal, local: 'soon' },
    { ...unreal, local: '2021-05-17 09:04:31' },
    { ...unreal, local: '2021-02-30T00:00:00' },
  ]) {
    assert.equal(pathOf('{year}/{name}', { taken }), null);
    assert.equal(pathOf('{name}/{date|title}', { taken }), null);
    assert.equal(pathOf('{date|place}/{name}', { taken }), 'Bergen/IMG_1.JPG');
    assert.equal(pathOf("{year|'undated'}/{name}", { taken }), 'undated/IMG_1.JPG');
    assert.equal(pathOf("{year|default:''}/{month|}/{name}", { taken }), 'IMG_1.JPG');
    assert.equal(pathOf('{dir}/{name}', { taken }), '100CANON/IMG_1.JPG');
  }
});

test('dirs without a name are left out, and names that are empty are the original', () => {
  assert.equal(pathOf('{title}/{event}/{title}'), 'IMG_1.JPG');
  assert.equal(pathOf('{title}/{name}', { title: '..' }), 'IMG_1.JPG');
  assert.equal(pathOf('{title}/{name}', { title: '\u200b. ' }), 'IMG_1.JPG');
  assert.equal(pathOf("{'..'}/{name}"), 'IMG_1.JPG');
  assert.equal(pathOf('{title}', { fname: '...' }), 'unnamed');
  assert.equal(pathOf('{name}', { fname: '..jpg' }), 'unnamed.jpg');
});

test('names are safe, and stay as they are where they were', () => {
  const names: [old: string, name: string][] = [
    ['IMG_1.JPG', 'IMG_1.JPG'],
    ['a  b - .jpg', 'a  b -.jpg'],
    ['.hidden.jpg', '.hidden.jpg'],
    ['..x.jpg', '.x.jpg'],
    ['CON.jpg', '_CON.jpg'],
    ['a:b.jpg', 'a_b.jpg'],
    ['e\u0301.jpg', 'é.jpg'],
    [`${'x'.repeat(251)}.jpg`, `${'x'.repeat(251)}.jpg`],
  ];
  for (const [old, name] of names) assert.equal(pathOf('{name}', { fname: fromText(old) }), name);
  assert.equal(pathOf('{name}', { fname: 'Gr\xfc\xdfe.jpg' }), 'Gr__e.jpg');
  assert.equal(pathOf('{dir}/x', { dir: fromText('.. ') }), 'x.JPG');
  assert.equal(pathOf('{title}', { title: '.x' }), 'x.JPG');
  assert.equal(pathOf('{camera}', { camera: '../../etc/passwd' }), '_.._etc_passwd.JPG');
});

test('names that a pattern makes longer leave room for the extension of a sidecar', () => {
  const fname = `${'x'.repeat(251)}.jpg`;
  assert.equal(pathOf('{date} {name}', { fname }), `2021-01-03 ${'x'.repeat(219)}.jpg`);
});
