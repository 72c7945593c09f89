import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takenInMetadata } from './when.ts';

const nowhere = { latitude: null, longitude: null };
const berlin = { latitude: 52.5, longitude: 13.4 };

const taken = (tags: Record<string, unknown>, position: typeof berlin | typeof nowhere = nowhere): unknown[] => {
  const { takenAt, takenOffset, takenZone, takenSource, takenCertainty } = takenInMetadata(tags, position, new Date());
  return [takenAt, takenOffset, takenZone, takenSource, takenCertainty];
};

const at = '2019:03:02 14:22:33';
const local = '2019-03-02T14:22:33';
const original = 'EXIF:DateTimeOriginal';

test('the original date with its offset is certain', () => {
  const composite = { 'Composite:SubSecDateTimeOriginal': `${at}.853-08:00`, [original]: at };
  assert.deepEqual(taken(composite), [`${local}.853`, -480, null, original, 'certain']);
  assert.deepEqual(taken({ [original]: at, 'EXIF:OffsetTimeOriginal': '+05:45', 'EXIF:OffsetTime': '+01:00' }), [
    ...[local, 345, null, original, 'certain'],
  ]);
  assert.deepEqual(taken({ [original]: at, 'EXIF:OffsetTime': '+01:00' }), [local, 60, null, original, 'certain']);
  assert.deepEqual(taken({ [original]: at, 'EXIF:OffsetTimeDigitized': '+01:00' }), [
    ...[local, null, null, original, 'likely'],
  ]);
  assert.deepEqual(taken({ [original]: at, 'EXIF:OffsetTimeOriginal': '+15:00' })[1], null);
});

test('a camera set to UTC means it', () => {
  assert.deepEqual(taken({ [original]: `${at}Z` }, berlin), [local, 0, null, original, 'certain']);
});

test('the zone is named where the position does not contradict the offset', () => {
  const zone = (offset: string): unknown => taken({ [original]: at, 'EXIF:OffsetTimeOriginal': offset }, berlin)[2];
  assert.equal(zone('+01:00'), 'Europe/Berlin');
  assert.equal(zone('+02:00'), null);
});

test('without an offset a clock in UTC beside the camera’s tells it, else the place', () => {
  const gps = (utc: string): Record<string, string> => ({ [original]: at, 'Composite:GPSDateTime': utc });
  assert.deepEqual(taken(gps('2019:03:02 13:22:30.5Z')), [local, 60, null, original, 'certain']);
  assert.deepEqual(taken(gps('2019:03:02 13:22:30Z'), berlin), [local, 60, 'Europe/Berlin', original, 'certain']);
  assert.deepEqual(taken(gps('2019:03:02 12:22:30Z'), berlin), [local, 120, null, original, 'certain']);
  // The last signal was seven minutes ago, or on another day.
  assert.deepEqual(taken(gps('2019:03:02 13:29:33Z')), [local, null, null, original, 'likely']);
  assert.deepEqual(taken(gps('2019:03:02 13:29:33Z'), berlin), [local, 60, 'Europe/Berlin', original, 'certain']);
  assert.deepEqual(taken(gps('2017:01:01 00:00:00Z')), [local, null, null, original, 'likely']);
  assert.equal(taken({ [original]: at, 'XMP:GPSDateTime': '2019:03:02 13:22:30Z' })[1], 60);
  const samsung = { [original]: '2020:06:30 11:27:59', 'MakerNotes:TimeStamp': '2020:06:30 03:27:59.058Z' };
  assert.deepEqual(taken(samsung), ['2020-06-30T11:27:59', 480, null, original, 'certain']);
  assert.equal(taken({ ...samsung, 'MakerNotes:TimeStamp': '2020:06:30 11:27:59' })[1], null);
  assert.deepEqual(taken({ [original]: '2019:07:02 14:22:33' }, berlin), [
    ...['2019-07-02T14:22:33', 120, 'Europe/Berlin', original, 'certain'],
  ]);
  assert.deepEqual(taken({ [original]: at }), [local, null, null, original, 'likely']);
});

test('QuickTime: what has an offset is certain, the rest is UTC, told in local time where the place is known', () => {
  const utc = { 'QuickTime:CreateDate': '2019:07:24 22:25:57', 'QuickTime:MediaCreateDate': '2019:07:24 22:25:58' };
  assert.deepEqual(taken(utc), ['2019-07-24T22:25:57', 0, null, 'QuickTime:CreateDate', 'likely']);
  assert.deepEqual(taken(utc, berlin), [
    ...['2019-07-25T00:25:57', 120, 'Europe/Berlin', 'QuickTime:CreateDate', 'likely'],
  ]);
  const unset = { ...utc, 'QuickTime:CreateDate': '0000:00:00 00:00:00' };
  assert.equal(taken(unset)[3], 'QuickTime:MediaCreateDate');
  assert.equal(taken({ 'QuickTime:TrackCreateDate': at })[1], 0);
  assert.deepEqual(taken({ ...utc, 'QuickTime:CreationDate': '2019:07:25 01:25:40+03:00' }), [
    ...['2019-07-25T01:25:40', 180, null, 'QuickTime:CreationDate', 'certain'],
  ]);
  assert.deepEqual(taken({ ...utc, 'XML:CreationDateValue': '2019:07:25 00:25:57+02:00' }).slice(0, 2), [
    ...['2019-07-25T00:25:57', 120],
  ]);
  assert.deepEqual(taken({ 'EXIF:CreateDate': at, 'File:MIMEType': 'video/mp4' })[1], null);
});

test('of documents a date with an offset is certain, but for IPTC, which demands one, and for UTC', () => {
  assert.deepEqual(taken({ 'XMP:CreateDate': `${at}+01:00` }), [local, 60, null, 'XMP:CreateDate', 'certain']);
  assert.deepEqual(taken({ 'EXIF:CreateDate': at, 'EXIF:OffsetTimeDigitized': '+02:00' }), [
    ...[local, 120, null, 'EXIF:CreateDate', 'certain'],
  ]);
  assert.deepEqual(taken({ 'EXIF:CreateDate': at, 'EXIF:OffsetTimeOriginal': '+02:00' })[1], null);
  assert.deepEqual(taken({ 'XMP:DateCreated': at }, berlin), [
    ...[local, 60, 'Europe/Berlin', 'XMP:DateCreated', 'likely'],
  ]);
  assert.deepEqual(taken({ 'Composite:DateTimeCreated': `${at}+00:00`, 'IPTC:DateCreated': '2019:03:02' }), [
    ...[local, 0, null, 'IPTC:DateCreated', 'likely'],
  ]);
  assert.deepEqual(taken({ 'XMP:CreateDate': `${at}Z` }), [local, 0, null, 'XMP:CreateDate', 'likely']);
  assert.deepEqual(taken({ 'XMP:CreateDate': `${at}Z` }, berlin).slice(0, 3), [
    ...['2019-03-02T15:22:33', 60, 'Europe/Berlin'],
  ]);
  assert.deepEqual(taken({ 'PNG:CreationTime': 'Sat, 02 Mar 2019 14:22:33 +0100' }).slice(0, 2), [local, 60]);
  assert.deepEqual(taken({ 'Composite:GPSDateTime': `${at}Z` }, berlin), [
    ...['2019-03-02T15:22:33', 60, 'Europe/Berlin', 'EXIF:GPSDateStamp', 'likely'],
  ]);
});

test('a change is uncertain, and was not made at the place', () => {
  assert.deepEqual(taken({ 'EXIF:ModifyDate': at, 'EXIF:OffsetTime': '+03:00' }), [
    ...[local, 180, null, 'EXIF:ModifyDate', 'uncertain'],
  ]);
  assert.deepEqual(taken({ 'XMP:ModifyDate': at }, berlin), [
    ...[local, null, 'Europe/Berlin', 'XMP:ModifyDate', 'uncertain'],
  ]);
});
