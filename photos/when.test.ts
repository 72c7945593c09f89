import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whenTaken } from './when.ts';

const taken = (tags: Record<string, unknown>): unknown[] => {
  const { takenAt, takenOffset, takenSource } = whenTaken(tags);
  return [takenAt, takenOffset, takenSource];
};

test('the most trusted tag that makes sense wins, and is named', () => {
  const tags = {
    GPSDateTime: '2019:03:02 13:22:30Z',
    CreateDate: '2019:03:02 14:22:34',
    DateTimeOriginal: '2019:03:02 14:22:33',
    SubSecDateTimeOriginal: '2019:03:02 14:22:33.5+01:00',
  };
  assert.deepEqual(taken(tags), ['2019-03-02T14:22:33.500', 60, 'SubSecDateTimeOriginal']);
  assert.deepEqual(taken({ ...tags, SubSecDateTimeOriginal: undefined }), [
    ...['2019-03-02T14:22:33', null, 'DateTimeOriginal'],
  ]);
  assert.deepEqual(taken({ GPSDateTime: tags.GPSDateTime }), ['2019-03-02T13:22:30', 0, 'GPSDateTime']);
  assert.deepEqual(taken({}), [null, null, null]);
});

test('the zone comes from the date itself, else from its own tag', () => {
  const at = '2019:03:02 14:22:33';
  const offset = (tags: Record<string, unknown>): unknown => whenTaken(tags).takenOffset;
  assert.equal(offset({ DateTimeOriginal: at, OffsetTimeOriginal: '-03:30' }), -210);
  assert.equal(offset({ DateTimeOriginal: at, OffsetTimeDigitized: '+01:00' }), null);
  assert.equal(offset({ CreateDate: at, OffsetTimeDigitized: '+05:45' }), 345);
  assert.equal(offset({ DateTimeOriginal: `${at}Z`, OffsetTimeOriginal: '+01:00' }), 0);
  assert.equal(offset({ DateTimeOriginal: `${at}-00:00` }), 0);
  assert.equal(offset({ CreationDate: `${at}+1400` }), 840);
  for (const zone of ['+15:00', '+01:75', 'CET', 7, '']) {
    assert.equal(offset({ DateTimeOriginal: at, OffsetTimeOriginal: zone }), null, String(zone));
  }
});

test('QuickTime containers count in UTC', () => {
  const CreateDate = '2019:03:02 14:22:33';
  assert.deepEqual(taken({ CreateDate, MIMEType: 'video/mp4' }), ['2019-03-02T14:22:33', 0, 'CreateDate']);
  assert.deepEqual(taken({ CreateDate, MIMEType: 'image/heic' }), ['2019-03-02T14:22:33', null, 'CreateDate']);
  assert.deepEqual(taken({ CreateDate, CreationDate: '2019:03:02 16:22:33+02:00', MIMEType: 'video/quicktime' }), [
    '2019-03-02T16:22:33',
    120,
    'CreationDate',
  ]);
});

test('dates that cannot be true are passed over', () => {
  const impossible = [
    ...['0000:00:00 00:00:00', '1899:12:31 23:59:59', '2019:02:29 10:00:00', '2019:13:01 10:00:00'],
    ...['2019:03:02 25:00:00', '2019:03:02 10:60:00', '    :  :     :  :  ', '2019', '2019:03:02', 'yesterday'],
    ...['1904:01:01 00:00:00', '1970:01:01 00:00:00', '', 20190302, null, ['2019:03:02 10:00:00'], {}],
  ];
  for (const DateTimeOriginal of impossible) {
    const found = taken({ DateTimeOriginal, CreateDate: '2020:02:29 23:59:59' });
    assert.deepEqual(found, ['2020-02-29T23:59:59', null, 'CreateDate'], JSON.stringify(DateTimeOriginal));
  }
});

test('fractions are cut to milliseconds', () => {
  for (const [fraction, expected] of [
    ['.1', '.100'],
    ['.1239', '.123'],
    ['.000001', '.000'],
    ['', ''],
  ]) {
    assert.equal(whenTaken({ CreateDate: `2019:03:02 10:00:00${fraction}` }).takenAt, `2019-03-02T10:00:00${expected}`);
  }
});
