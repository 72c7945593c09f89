import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asIfUtc } from './moment.ts';
import { hasOffset, localIn, offsetBetween, offsetIn, zoneAt } from './zone.ts';

test('a place has a zone', () => {
  assert.equal(zoneAt(52.5, 13.4), 'Europe/Berlin');
  assert.equal(zoneAt(-33.86, 151.2), 'Australia/Sydney');
  assert.equal(zoneAt(27.7, 85.3), 'Asia/Kathmandu');
  for (const [latitude, longitude] of [
    [91, 0],
    [0, 181],
    [NaN, 0],
    [0, Infinity],
  ] as const) {
    assert.equal(zoneAt(latitude, longitude), null, `${latitude} ${longitude}`);
  }
});

test('a zone has an offset, in summer another', () => {
  assert.equal(offsetIn('Europe/Berlin', '2019-03-02T14:22:33'), 60);
  assert.equal(offsetIn('Europe/Berlin', '2019-07-02T14:22:33.500'), 120);
  assert.equal(offsetIn('Asia/Kathmandu', '2019-07-02T14:22:33'), 345);
  assert.equal(offsetIn('Europe/Berlin', '1880-07-02T14:22:33'), 53);
  assert.equal(offsetIn('Europe/Atlantis', '2019-07-02T14:22:33'), null);
  assert.equal(offsetIn('Europe/Berlin', '2019-02-30T14:22:33'), null);
});

test('UTC is told in local time', () => {
  assert.equal(localIn('Europe/Berlin', '2019-12-31T23:30:00'), '2020-01-01T00:30:00');
  assert.equal(localIn('America/Los_Angeles', '2021-05-16T19:27:55.250'), '2021-05-16T12:27:55.250');
  assert.equal(localIn('Europe/Atlantis', '2019-07-02T14:22:33'), null);
  assert.equal(localIn('Europe/Berlin', 'yesterday'), null);
});

test('an hour that clocks show twice has two offsets, an ordinary one has one', () => {
  const offsets = (local: string): number[] => [0, 60, 120, 180].filter((o) => hasOffset('Europe/Berlin', local, o));
  assert.deepEqual(offsets('2019-10-27T02:30:00'), [60, 120]);
  assert.deepEqual(offsets('2019-10-27T03:30:00'), [60]);
  assert.deepEqual(offsets('2019-03-31T02:30:00'), []);
  assert.equal(hasOffset('Europe/Atlantis', '2019-10-27T03:30:00', 60), false);
});

test('a clock beside one in UTC shows its offset', () => {
  const local = '2019-03-02T14:22:33';
  const cases: [string, number | null][] = [
    ['2019-03-02T13:22:30', 60],
    ['2019-03-02T14:22:40', 0],
    ['2019-03-02T08:37:33', 345],
    ['2019-03-03T00:22:33', -600],
    ['2019-03-02T13:17:33', 60],
    ['2019-03-02T13:16:33', null],
    ['2019-03-02T14:07:33', null],
    ['2019-03-02T00:22:33', 840],
    ['2019-03-01T23:22:33', null],
    ['2018-03-02T13:22:33', null],
    ['never', null],
  ];
  for (const [utc, offset] of cases) assert.ok(Object.is(offsetBetween(local, utc), offset), utc);
});

const zones = fc.constantFrom(...['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC']);
const moments = fc
  .date({ min: new Date('1850-01-01T00:00:00Z'), max: new Date('2037-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, -1));

test('local time less its offset is UTC', () => {
  fc.assert(
    fc.property(zones, moments, (zone, utc) => {
      const local = localIn(zone, utc);
      assert.ok(local !== null);
      const offset = (asIfUtc(local) - asIfUtc(utc)) / 60_000;
      assert.ok(Number.isInteger(offset));
      assert.ok(hasOffset(zone, local, offset));
      // A doubled hour has two right answers.
      assert.ok(hasOffset(zone, local, offsetIn(zone, local) ?? NaN));
    }),
  );
});

test('an offset of full hours is measured whatever both clocks lack of being exact', () => {
  const fiveMinutes = 5 * 60_000;
  fc.assert(
    fc.property(
      moments,
      fc.integer({ min: -14, max: 14 }),
      fc.integer({ min: -fiveMinutes, max: fiveMinutes }),
      (utc, hours, error) => {
        const local = new Date(asIfUtc(utc) + hours * 3_600_000 + error).toISOString().slice(0, -1);
        assert.equal(offsetBetween(local, utc), hours * 60);
      },
    ),
  );
});

test('no place and no time throws', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), fc.string(), fc.string(), (latitude, longitude, zone, time) => {
      const found = zoneAt(latitude, longitude);
      assert.ok(found === null || offsetIn(found, '2019-03-02T14:22:33') !== null);
      for (const name of [zone, 'Europe/Berlin']) {
        offsetIn(name, time);
        localIn(name, time);
        hasOffset(name, time, 60);
      }
      offsetBetween(time, zone);
    }),
  );
});
