import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ago,
  bytes,
  count,
  counted,
  dayInWords,
  daysInWords,
  duration,
  exactly,
  offsetInWords,
  rate,
  weekdayInWords,
} from './words.ts';

test('numbers carry thousands separators and units', () => {
  assert.equal(count(1234567), '1,234,567');
  assert.equal(counted(1, 'file'), '1 file');
  assert.equal(counted(0, 'directory', 'directories'), '0 directories');
  assert.equal(bytes(812), '812 bytes');
  assert.equal(bytes(4_200_000), '4.2 MB');
  assert.equal(bytes(1000), '1 kB');
});

test('durations and rates are said as a person would', () => {
  assert.equal(duration(12.4), '12 s');
  assert.equal(duration(80), '1 min 20 s');
  assert.equal(duration(1200), '20 min');
  assert.equal(duration(7500), '2 h 5 min');
  assert.equal(duration(90_000), '1 day 1 h');
  assert.equal(rate(24.3), '24 files a second');
  assert.equal(rate(1), '1 file a second');
  assert.equal(rate(0.1), '6 files a minute');
});

test('times are told from now', () => {
  const now = new Date('2025-06-14T12:00:00Z');
  assert.equal(ago(new Date('2025-06-14T11:59:30Z'), now), 'just now');
  assert.equal(ago(new Date('2025-06-14T11:57:00Z'), now), '3 minutes ago');
  assert.equal(ago(new Date('2025-06-14T10:50:00Z'), now), '1 hour ago');
  assert.equal(ago(new Date('2024-06-01T10:50:00Z'), now), '1 year ago');
  assert.equal(exactly(now), '14 June 2025, 12:00:00 UTC');
});

test('days and spans of days', () => {
  assert.equal(weekdayInWords('2025-06-14T22:10:00'), 'Saturday 14 June 2025');
  assert.equal(daysInWords('2025-06-14T22:10:00', '2025-06-14T23:10:00'), 'Saturday 14 June 2025');
  assert.equal(daysInWords('2019-06-03', '2019-06-18'), '3 – 18 June 2019');
  assert.equal(daysInWords('2019-03-03', '2019-06-18'), '3 March – 18 June 2019');
  assert.equal(daysInWords('2018-03-03', '2019-06-18'), '3 March 2018 – 18 June 2019');
  assert.equal(dayInWords('not a date'), 'not a date');
  assert.equal(offsetInWords(60), 'UTC+1');
  assert.equal(offsetInWords(-210), 'UTC−3:30');
});

test('no size is told wrong by more than its last digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 2 ** 50 }), (n) => {
      const [value, unit] = bytes(n).replaceAll(',', '').split(' ');
      const factor = 1000 ** ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'].indexOf(unit ?? '');
      assert.ok(Math.abs(Number(value) * factor - n) <= factor * 0.0501);
    }),
  );
});
