import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { metadataOf as metadataAt } from './metadata.ts';

const metadataOf = (raw: Record<string, unknown>) => metadataAt(raw, new Date('2026-01-01T00:00:00Z'));

test('a camera is named without saying its maker twice', () => {
  const camera = (Make: unknown, Model: unknown): string | null =>
    metadataOf({ 'EXIF:Make': Make, 'EXIF:Model': Model }).camera;
  assert.equal(camera('Canon', 'Canon EOS 40D'), 'Canon EOS 40D');
  assert.equal(camera('NIKON CORPORATION', 'NIKON D5000'), 'NIKON D5000');
  assert.equal(camera('EASTMAN KODAK COMPANY', 'KODAK DX4530 ZOOM'), 'KODAK DX4530 ZOOM');
  assert.equal(camera('SONY', 'DSC-H9'), 'SONY DSC-H9');
  assert.equal(camera('Hasselblad ', ' X1D  II'), 'Hasselblad X1D II');
  assert.equal(camera('Nokia', 6700), 'Nokia 6700');
  assert.equal(camera('Apple', undefined), 'Apple');
  assert.equal(camera(undefined, undefined), null);
  assert.equal(camera('', { odd: true }), null);
});

test('a position counts only where it is one', () => {
  const place = (GPSLatitude: unknown, GPSLongitude: unknown): unknown[] => {
    const { latitude, longitude } = metadataOf({
      'Composite:GPSLatitude': GPSLatitude,
      'Composite:GPSLongitude': GPSLongitude,
    });
    return [latitude, longitude];
  };
  assert.deepEqual(place(-33.86, 151.2), [-33.86, 151.2]);
  assert.deepEqual(place(0, 10), [0, 10]);
  for (const [latitude, longitude] of [
    [0, 0],
    [91, 10],
    [10, 181],
    [10, undefined],
    ['10 N', '10 E'],
    ['', ''],
  ]) {
    assert.deepEqual(place(latitude, longitude), [null, null]);
  }
});

test('a position is looked for wherever a file may have one', () => {
  const place = (tags: Record<string, unknown>): unknown[] => {
    const { latitude, longitude } = metadataOf(tags);
    return [latitude, longitude];
  };
  const empty = { 'Composite:GPSLatitude': '', 'Composite:GPSLongitude': '' };
  const written = { 'XMP:GPSLatitude': -48.9, 'XMP:GPSLongitude': 21 };
  assert.deepEqual(place({ ...empty, ...written }), [-48.9, 21]);
  const flir = {
    ...{ 'APP1:GPSLatitude': 34, 'APP1:GPSLatitudeRef': 'North' },
    ...{ 'APP1:GPSLongitude': 118.25, 'APP1:GPSLongitudeRef': 'West' },
  };
  assert.deepEqual(place(flir), [34, -118.25]);
  assert.deepEqual(place({ 'EXIF:GPSLatitude': 34 }), [null, null]);
});

test('sizes are upright', () => {
  const size = (tags: Record<string, unknown>): unknown[] => {
    const { width, height } = metadataOf(tags);
    return [width, height];
  };
  assert.deepEqual(size({ 'Composite:ImageSize': '4000x3000' }), [4000, 3000]);
  assert.deepEqual(size({ 'Composite:ImageSize': '4000x3000', 'EXIF:Orientation': 3 }), [4000, 3000]);
  assert.deepEqual(size({ 'Composite:ImageSize': '4000x3000', 'EXIF:Orientation': 8 }), [3000, 4000]);
  assert.deepEqual(size({ 'Composite:ImageSize': '1920x1080', 'Composite:Rotation': 90 }), [1080, 1920]);
  assert.deepEqual(size({ 'Composite:ImageSize': '1920x1080', 'Composite:Rotation': 180 }), [1920, 1080]);
  assert.deepEqual(
    size({ 'Composite:ImageSize': '3024x4032', 'QuickTime:Rotation': 'Rotate 270 CW', 'EXIF:Orientation': 1 }),
    [4032, 3024],
  );
  assert.deepEqual(
    size({ 'Composite:ImageSize': '3024x4032', 'QuickTime:Rotation': 'Horizontal (normal)', 'EXIF:Orientation': 6 }),
    [3024, 4032],
  );
  for (const ImageSize of ['4294967169x64', '0x0', '0x10', 'unknown', undefined]) {
    assert.deepEqual(size({ 'Composite:ImageSize': ImageSize }), [null, null]);
  }
});

test('an orientation is one of eight', () => {
  for (const value of [1, 8]) assert.equal(metadataOf({ 'EXIF:Orientation': value }).orientation, value);
  for (const value of [0, 9, 1.5, 'Rotate 90 CW', undefined]) {
    assert.equal(metadataOf({ 'EXIF:Orientation': value }).orientation, null);
  }
});

test('tags hold what is in the file, without its place, binary data, or what a database refuses', () => {
  const { tags } = metadataOf({
    SourceFile: '/home/anna/Pictures/a.jpg',
    'File:Directory': '/home/anna/Pictures',
    'File:FileName': 'a.jpg',
    'File:FileModifyDate': '2020:01:01 00:00:00+00:00',
    ThumbnailImage: '(Binary data 5234 bytes, use -b option to extract)',
    Title: 'a\0b \ud800 ü',
    Rating: 5,
    Odd: Number.POSITIVE_INFINITY,
    Nothing: null,
    Long: 'x'.repeat(1_000_000),
    Subject: ['one', '(Binary data 1 bytes, use -b option to extract)', 'two\0'],
    RegionInfo: { RegionList: [{ Name: 'Anna\0', Area: { X: 0.5 } }], Preview: '(Binary data 9 bytes)' },
  });
  const { Long, ...others } = tags;
  assert.equal(String(Long).length, 10_001);
  assert.deepEqual(others, {
    Title: 'ab \ufffd ü',
    Rating: 5,
    Subject: ['one', 'two'],
    RegionInfo: { RegionList: [{ Name: 'Anna', Area: { X: 0.5 } }] },
  });
});

test('whatever is said, nothing remains that a database refuses', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.anything()), (raw) => {
      assert.doesNotMatch(JSON.stringify(metadataOf(raw).tags), /\\u0000|\\ud[89a-f]/);
    }),
  );
});
