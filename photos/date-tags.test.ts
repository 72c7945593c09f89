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

test('the originals of other containers, cameras and makers', () => {
  const names = ['RIFF', 'H264', 'MakerNotes', 'APP1', 'QuickTime'].map((group) => `${group}:DateTimeOriginal`);
  for (const name of names) {
    assert.deepEqual(taken({ [name]: at, 'QuickTime:CreateDate': at }), [local, null, null, name, 'likely']);
    assert.deepEqual(taken({ [name]: `${at}+02:00 DST` }), [local, 120, null, name, 'certain']);
  }
  // Composites of IPTC's two parts, which are read by themselves.
  assert.deepEqual(taken({ 'Composite:DateTimeOriginal': at })[0], null);
  const matroska = { 'Matroska:DateTimeOriginal': `${at}Z` };
  assert.deepEqual(taken(matroska, berlin), [
    ...['2019-03-02T15:22:33', 60, 'Europe/Berlin', 'Matroska:DateTimeOriginal', 'likely'],
  ]);
  assert.deepEqual(taken({ 'Matroska:DateTimeOriginal': `${at}+02:00` }, berlin).slice(0, 2), [local, 120]);
  assert.deepEqual(taken({ 'Matroska:DateTimeOriginal': at }).slice(1), [
    0,
    null,
    'Matroska:DateTimeOriginal',
    'likely',
  ]);
});

test('the most trusted date wins', () => {
  const inOrder: [string, string, string?][] = [
    [original, `${at}+01:00`],
    ['QuickTime:CreationDate', `${at}+01:00`],
    ['RIFF:DateTimeOriginal', at],
    ['QuickTime:ContentCreateDate', `${at}+01:00`],
    ['QuickTime:CreateDate', at],
    ['QuickTime:MediaCreateDate', at],
    ['QuickTime:TrackCreateDate', at],
    ['ASF:CreationDate', `${at}Z`],
    ['XMP:DateTimeOriginal', at],
    ['XMP:DateCreated', at],
    ['IPTC:DateCreated', `${at}+01:00`, 'Composite:DateTimeCreated'],
    ['EXIF:CreateDate', at, 'Composite:SubSecCreateDate'],
    ['XMP:DateTimeDigitized', at],
    ['IPTC:DigitalCreationDate', at, 'Composite:DigitalCreationDateTime'],
    ['XMP:CreateDate', at],
    ['XML:CreateDate', at],
    ['PNG:CreationTime', at],
    ['PNG:XmpCreateDate', at],
    ['EXIF:GPSDateStamp', `${at}Z`, 'Composite:GPSDateTime'],
    ['XMP:GPSDateTime', `${at}Z`],
    ['EXIF:ModifyDate', at, 'Composite:SubSecModifyDate'],
    ['XMP:ModifyDate', at],
    ['XML:ModifyDate', at],
    ['PNG:ModifyDate', at],
    ['QuickTime:ModifyDate', at],
    ['PNG:Datecreate', at],
    ['PNG:Datemodify', at],
    ['XMP:DateAcquired', at],
    ['XMP:MetadataDate', at],
  ];
  inOrder.forEach(([name], index) => {
    // The least trusted first, for the order must not be that of the tags.
    const tags = Object.fromEntries(
      inOrder
        .slice(index)
        .reverse()
        .map(([source, value, tag]) => [tag ?? source, value]),
    );
    const [takenAt, , , source, certainty] = taken(tags);
    assert.deepEqual([takenAt, source], [local, name]);
    assert.equal(certainty === 'uncertain', index >= inOrder.findIndex(([first]) => first === 'EXIF:ModifyDate'), name);
  });
  assert.deepEqual(taken({}), [null, null, null, null, null]);
});

test('some dates are in UTC and do not say so', () => {
  const created = ['QuickTime:CreateDate', 'QuickTime:MediaCreateDate', 'QuickTime:TrackCreateDate', 'XMP:GPSDateTime'];
  for (const name of [...created, 'QuickTime:ModifyDate', 'PNG:ModifyDate', 'Matroska:DateTimeOriginal']) {
    assert.deepEqual(taken({ [name]: at }, berlin).slice(0, 2), ['2019-03-02T15:22:33', 60], name);
  }
});

test('the day of the receiver is a day', () => {
  assert.deepEqual(taken({ 'EXIF:GPSDateStamp': '2019:03:02' }), [
    ...['2019-03-02T00:00:00', null, null, 'EXIF:GPSDateStamp', 'likely'],
  ]);
});
