import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asIfUtc, nonsense } from './moment.ts';
import { takenInMetadata, whenTaken, type Taken } from './when.ts';

// Far from UTC, so that a time in UTC is not taken for one of this machine.
process.env.TZ = 'Asia/Kathmandu';

const now = new Date('2026-11-22T12:00:00Z');
const nowhere = { latitude: null, longitude: null };
const berlin = { latitude: 52.5, longitude: 13.4 };
type Position = Parameters<typeof takenInMetadata>[1];

const taken = (tags: Record<string, unknown>, position: Position = nowhere): unknown[] => {
  const { takenAt, takenOffset, takenZone, takenSource, takenCertainty } = takenInMetadata(tags, position, now);
  return [takenAt, takenOffset, takenZone, takenSource, takenCertainty];
};
const passed = (tags: Record<string, unknown>): string[] =>
  takenInMetadata(tags, nowhere, now).passedDates.map(({ source, value, why }) => `${source}|${value}|${why}`);

const at = '2019:03:02 14:22:33';
const local = '2019-03-02T14:22:33';
const original = 'EXIF:DateTimeOriginal';

test('a day without a time is likely at most, and gives way to a time of that day', () => {
  const midnight = '2019-03-02T00:00:00';
  const day = { 'XMP:DateCreated': '2019-03-02' };
  assert.deepEqual(taken({ [original]: '2019:03:02', 'EXIF:OffsetTimeOriginal': '+01:00' }, berlin), [
    ...[midnight, null, 'Europe/Berlin', original, 'likely'],
  ]);
  assert.deepEqual(taken({ 'RIFF:DateCreated': '2019:03:02' })[0], midnight);
  assert.deepEqual(taken({ ...day, 'XMP:CreateDate': at }), [local, null, null, 'XMP:CreateDate', 'likely']);
  assert.deepEqual(taken({ ...day, 'XMP:CreateDate': '2020:03:02 14:22:33' })[0], midnight);
  assert.deepEqual(taken({ ...day, 'XMP:ModifyDate': at }), [midnight, null, null, 'XMP:DateCreated', 'likely']);
  assert.deepEqual(taken({ 'XMP:ModifyDate': '2019:03:02' })[4], 'uncertain');
});

test('nonsense is passed over, and kept with its reason', () => {
  const tags = {
    'Composite:SubSecDateTimeOriginal': '0000:00:00 00:00:00.00',
    [original]: '0000:00:00 00:00:00',
    'QuickTime:CreateDate': '1904:01:01 00:00:00',
    'XMP:DateCreated': 2019,
    'Composite:DateTimeCreated': ' ',
    'IPTC:DateCreated': '',
    'EXIF:CreateDate': '    :  :     :  :  ',
    'XMP:CreateDate': `${'x'.repeat(99)}\u{1f4f7}`,
    'EXIF:ModifyDate': at,
    'XMP:ModifyDate': '0000:00:00 00:00:00',
  };
  assert.equal(taken(tags)[3], 'EXIF:ModifyDate');
  assert.deepEqual(passed(tags), [
    `${original}|0000:00:00 00:00:00|the clock was not set`,
    'QuickTime:CreateDate|1904:01:01 00:00:00|QuickTime counts from this day: the clock was not set',
    'XMP:DateCreated|2019|it is not a full date',
    'IPTC:DateCreated||it is empty',
    'EXIF:CreateDate|    :  :     :  :  |it is empty',
    `XMP:CreateDate|${'x'.repeat(99)}\ufffd|it is not a full date`,
  ]);
  assert.deepEqual(passed({ [original]: at, 'XMP:ModifyDate': '' }), []);
  assert.deepEqual(passed({ [original]: '0000:00:00 00:00:00' }).length, 1);
  assert.deepEqual(passed({ [original]: [at], 'XMP:CreateDate': null }), []);
});

test('a composite that is nonsense gives way to the date it is made of', () => {
  const tags = { 'Composite:DateTimeCreated': '2019:03:02 99:99:99', 'IPTC:DateCreated': '2019:03:02' };
  assert.equal(taken(tags)[0], '2019-03-02T00:00:00');
});

const mtime = new Date('2020-05-05T10:00:00.123Z');
const whole = { metadata: null, sidecar: null, name: 'a.jpg', mtime, zone: null, now };
const from = (tags: Record<string, unknown>): Taken => takenInMetadata(tags, nowhere, now);
const short = ({ takenAt, takenOffset, takenZone, takenSource, takenCertainty }: Taken): unknown[] => [
  ...[takenAt, takenOffset, takenZone, takenSource, takenCertainty],
];

test('the file itself, its sidecar, its name and its time are asked in this order', () => {
  const metadata = from({ [original]: at });
  const sidecar = from({ 'XMP:DateTimeOriginal': '2018:01:01 10:00:00+01:00' });
  const name = 'IMG_20170101_120000.jpg';
  assert.deepEqual(short(whenTaken({ ...whole, metadata, sidecar, name })), [local, null, null, original, 'likely']);
  assert.deepEqual(short(whenTaken({ ...whole, metadata: from({}), sidecar, name })), [
    ...['2018-01-01T10:00:00', 60, null, 'sidecar XMP:DateTimeOriginal', 'certain'],
  ]);
  assert.deepEqual(short(whenTaken({ ...whole, name })), ['2017-01-01T12:00:00', null, null, 'file name', 'likely']);
  assert.deepEqual(short(whenTaken(whole)), ['2020-05-05T15:45:00.123', 345, null, 'file time', 'uncertain']);
});

test('what is uncertain waits for what is not', () => {
  const changed = from({ 'EXIF:ModifyDate': at });
  const sidecar = from({ 'XMP:ModifyDate': '2018:01:01 10:00:00' });
  assert.equal(whenTaken({ ...whole, metadata: changed, sidecar, name: '20170101.jpg' }).takenSource, 'file name');
  assert.equal(whenTaken({ ...whole, metadata: changed, sidecar }).takenSource, 'EXIF:ModifyDate');
  assert.equal(whenTaken({ ...whole, sidecar }).takenSource, 'sidecar XMP:ModifyDate');
});

test('a name tells the time of the place, a Pixel’s UTC', () => {
  const named = (name: string, zone: string | null): unknown[] => short(whenTaken({ ...whole, name, zone }));
  const zone = 'Europe/Berlin';
  assert.deepEqual(named('IMG_20190302_142233.jpg', zone), [local, 60, zone, 'file name', 'likely']);
  assert.deepEqual(named('IMG-20190302-WA0001.jpg', zone), ['2019-03-02T00:00:00', null, zone, 'file name', 'likely']);
  const pixel = 'PXL_20210302_232233123.jpg';
  assert.deepEqual(named(pixel, null), ['2021-03-02T23:22:33.123', 0, null, 'file name', 'likely']);
  assert.deepEqual(named(pixel, zone), ['2021-03-03T00:22:33.123', 60, zone, 'file name', 'certain']);
});

test('what was passed over is told of all that was looked at', () => {
  const unset = '0000:00:00 00:00:00';
  const sources = (tried: { sidecar?: Taken; name: string }): string[] =>
    whenTaken({ ...whole, metadata: from({ [original]: unset }), ...tried }).passedDates.map(({ source }) => source);
  const sidecar = from({ 'XMP:CreateDate': unset });
  const name = 'IMG_20000101_000312.jpg';
  assert.deepEqual(sources({ sidecar, name }), [original, 'sidecar XMP:CreateDate', 'file name']);
  assert.deepEqual(sources({ sidecar: from({ 'XMP:CreateDate': at }), name }), [original]);
  assert.deepEqual(sources({ name: '20190302.jpg' }), [original]);
});

test('a file’s time can be nonsense too: it is told, but a picture has some date where there is one', () => {
  for (const date of ['1970-01-01T00:00:00Z', '1980-01-01T00:00:00Z', '2030-01-01T00:00:00Z']) {
    const { takenAt, takenSource, takenCertainty, passedDates } = whenTaken({ ...whole, mtime: new Date(date) });
    assert.deepEqual([takenSource, takenCertainty, passedDates.length], ['file time', 'uncertain', 1]);
    assert.equal(takenAt, passedDates[0]?.value);
  }
  for (const date of [new Date(8.64e15), new Date(1e15), new Date(NaN)]) {
    assert.deepEqual(short(whenTaken({ ...whole, mtime: date })), [null, null, null, null, null]);
  }
});

test('local time less its offset is when the receiver, or the file, says it was', () => {
  const seconds = fc
    .date({ min: new Date('1970-01-03T00:00:00Z'), max: now, noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19));
  const positions = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(seconds, fc.option(positions, { nil: nowhere }), (utc, position) => {
      const here = new Date(asIfUtc(utc) + 345 * 60_000).toISOString().slice(0, 19);
      fc.pre([utc, here].every((moment) => nonsense({ local: moment, offset: null }, now) === null));
      const value = utc.replace('T', ' ').replaceAll('-', ':');
      for (const { takenAt, takenOffset } of [
        takenInMetadata({ 'QuickTime:CreateDate': value }, position, now),
        takenInMetadata({ 'Composite:GPSDateTime': `${value}Z` }, position, now),
        whenTaken({ ...whole, mtime: new Date(`${utc}Z`) }),
      ]) {
        assert.ok(takenAt !== null && takenOffset !== null);
        assert.equal(asIfUtc(takenAt) - takenOffset * 60_000, asIfUtc(utc));
      }
    }),
  );
});

test('whatever the tags hold, a time that a database takes comes out, or none', () => {
  const names = fc.constantFrom(
    original,
    'XMP:DateCreated',
    'QuickTime:CreateDate',
    'Composite:GPSDateTime',
    'EXIF:OffsetTime',
  );
  const values = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(at, `${at}Z`, '+01:00'),
  );
  fc.assert(
    fc.property(fc.dictionary(names, values), fc.string({ unit: 'binary' }), fc.double(), (tags, name, degrees) => {
      const metadata = takenInMetadata(tags, { latitude: degrees, longitude: degrees }, now);
      const found = whenTaken({ ...whole, metadata, name });
      assert.match(found.takenAt ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?$/);
      for (const { value } of found.passedDates) assert.ok(value.length <= 100 && value.isWellFormed());
    }),
  );
});
