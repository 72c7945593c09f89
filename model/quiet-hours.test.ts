import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { clockOf, minutesOf, quietMinutesLeft } from './quiet-hours.ts';

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const allDay = Array.from({ length: 1440 }, (_, minute) => clock(minute));
const minute = fc.integer({ min: 0, max: 1439 }).map(clock);

const { TZ } = process.env;
after(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

test('quiet hours over midnight, and their ends', () => {
  const night = { quietFrom: '22:00', quietTo: '07:30' };
  assert.equal(quietMinutesLeft('21:59', night), 0);
  assert.equal(quietMinutesLeft('22:00', night), 570);
  assert.equal(quietMinutesLeft('00:00', night), 450);
  assert.equal(quietMinutesLeft('07:29', night), 1);
  assert.equal(quietMinutesLeft('07:30', night), 0);
});

test('without one of its ends there are no quiet hours', () => {
  for (const hours of [
    { quietFrom: '', quietTo: '' },
    { quietFrom: '22:00', quietTo: '' },
    { quietFrom: '', quietTo: '07:00' },
    { quietFrom: '07:00', quietTo: '07:00' },
  ])
    assert.ok(allDay.every((now) => quietMinutesLeft(now, hours) === 0));
});

test('law: of two ends, each minute of the day is quiet in one order or in the other', () => {
  fc.assert(
    fc.property(minute, minute, (a, b) => {
      fc.pre(a !== b);
      const quiet = allDay.filter((now) => quietMinutesLeft(now, { quietFrom: a, quietTo: b }) > 0);
      const other = allDay.filter((now) => quietMinutesLeft(now, { quietFrom: b, quietTo: a }) > 0);
      assert.deepEqual([...quiet, ...other].toSorted(), allDay);
      assert.equal(quiet.length, (minutesOf(b) - minutesOf(a) + 1440) % 1440);
    }),
    { numRuns: 50 },
  );
});

test('law: after the minutes that are left it is not quiet, and until then it is', () => {
  fc.assert(
    fc.property(minute, minute, minute, (now, quietFrom, quietTo) => {
      const hours = { quietFrom, quietTo };
      const left = quietMinutesLeft(now, hours);
      for (let i = 0; i <= left; i++) {
        assert.equal(quietMinutesLeft(clock((minutesOf(now) + i) % 1440), hours), left - i);
      }
    }),
  );
});

// In spring the clock jumps from 2 to 3, in autumn it shows the hour from 2 to 3 twice.
for (const [day, hours, quietMinutes] of [
  ['2026-03-29', 23, 240],
  ['2026-10-25', 25, 360],
] as const) {
  test(`quiet hours go by the clock on a day of ${hours} hours`, () => {
    process.env.TZ = 'Europe/Berlin';
    const from = DateTime.fromISO(`${day}T00:00`, { zone: 'Europe/Berlin' });
    const times = Array.from({ length: hours * 60 }, (_, i) => from.plus({ minutes: i }));
    const quiet = times.filter(
      (when) => quietMinutesLeft(clockOf(when.toJSDate()), { quietFrom: '01:00', quietTo: '06:00' }) > 0,
    );
    assert.equal(quiet.length, quietMinutes);
    assert.ok(quiet.every((when) => when.toFormat('HH:mm') >= '01:00' && when.toFormat('HH:mm') < '06:00'));
  });
}
