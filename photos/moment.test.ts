import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { growth } from '../tests/support/growth.ts';
import { asIfUtc, nonsense, parseMoment, parseOffset } from './moment.ts';

const now = new Date('2026-11-22T12:00:00Z');
const at = '2019-03-02T14:22:33';

test('every form that files hold is read', () => {
  const cases: [string, string, number | null][] = [
    ['2019:03:02 14:22:33', at, null],
    ['  2019:03:02 14:22:33 ', at, null],
    ['2019-03-02T14:22:33', at, null],
    ['2019/03/02 14:22:33', at, null],
    ['2019:03:02 14:22', '2019-03-02T14:22:00', null],
    ['2019-03-02T14:22+01:00', '2019-03-02T14:22:00', 60],
    ['2019:03:02 14:22:33.5', `${at}.500`, null],
    ['2019:03:02 14:22:33.853627-08:00', `${at}.853`, -480],
    ['2019:03:02 14:22:33.000001', `${at}.000`, null],
    ['2019:03:02 14:22:33Z', at, 0],
    ['2019:03:02 14:22:33 +0530', at, 330],
    ['2019:03:02 14:22:33+02:00 DST', at, 120],
    ['2019:03:02 14:22:33+25:00', at, null],
    ['Sat, 02 Mar 2019 14:22:33 GMT', at, 0],
    ['Sat, 2 Mar 2019 14:22:33 +0100', at, 60],
    ['2 Mar 2019 14:22', '2019-03-02T14:22:00', null],
    ['Sat Mar  2 14:22:33 2019', at, null],
    ['SAT MAR 02 14:22:33 2019', at, null],
  ];
  for (const [text, local, offset] of cases) {
    const moment = parseMoment(text);
    assert.deepEqual([moment?.local, moment?.offset, moment?.dateOnly], [local, offset, false], text);
  }
});

test('only a written UTC is UTC', () => {
  const utc = (text: string): boolean | undefined => parseMoment(text)?.utc;
  for (const text of ['2019:03:02 14:22:33Z', 'Sat, 02 Mar 2019 14:22:33 GMT', '2019:03:02 14:22:33 UTC']) {
    assert.equal(utc(text), true, text);
  }
  for (const text of ['2019:03:02 14:22:33', '2019:03:02 14:22:33+00:00', '2019:03:02']) {
    assert.equal(utc(text), false, text);
  }
});

test('a full day is a date, a month is not', () => {
  const day = { local: '2019-03-02T00:00:00', offset: null, utc: false, dateOnly: true };
  for (const text of ['2019:03:02', '2019-03-02', '2019:03:02 ', '2019:03:02 +01:00']) {
    assert.deepEqual(parseMoment(text), day, text);
  }
  const others = ['2019', '2019-03', '', '    :  :     :  :  ', '?008:09:08 09:42:29', 'yesterday', '5AUG2014'];
  const more = ['2019:03:02 14', '2019:3:2 14:22:33', 'Sat Foo  2 14:22:33 2019', '2 Foo 2019 14:22', `${at}x`];
  for (const value of [...others, ...more, 20190302, null, undefined, ['2019:03:02 10:00:00'], {}]) {
    assert.equal(parseMoment(value), null, JSON.stringify(value));
  }
});

test('an offset is at most 14 hours', () => {
  const cases: [string, number][] = [
    ['Z', 0],
    ['+05:30', 330],
    ['-0330', -210],
    ['+01', 60],
    ['-00:00', 0],
    [' +14:00 ', 840],
    ['-14:00', -840],
  ];
  for (const [text, minutes] of cases) assert.ok(Object.is(parseOffset(text), minutes), text);
  for (const value of ['+14:01', '+15:00', '+01:75', 'CET', '01:00', '', 7, null, '+01:00:00']) {
    assert.equal(parseOffset(value), null, String(value));
  }
});

test('nonsense is named', () => {
  const why = (text: string): string | null => {
    const moment = parseMoment(text);
    assert.ok(moment, text);
    return nonsense(moment, now);
  };
  const unset = /the clock was not set$/;
  const cases: [string, RegExp][] = [
    ['0000:00:00 00:00:00', /^the clock was not set$/],
    ['0000:00:00', /^the clock was not set$/],
    ['2019:02:29 10:00:00', /no such day/],
    ['2019:13:01 10:00:00', /no such day/],
    ['2019:00:00', /no such day/],
    ['2019:03:02 24:00:00', /no such time/],
    ['2019:03:02 10:60:00', /no such time/],
    ['2019:03:02 10:00:60', /no such time/],
    ['1825:12:31 23:59:59', /no photography/],
    ['1904:01:01 00:00:00', unset],
    ['1969:12:31 12:00:00', unset],
    ['1970:01:01 00:00:00', unset],
    ['1970:01:01 23:59:59.999', unset],
    ['1980:01:01 00:03:12', unset],
    ['2000:01:01', unset],
    ['2000:01:01 23:59:59', unset],
    ['2002:12:08 12:00:00', unset],
    ['2002:12:08 12:00:00.500', unset],
    ['2026:11:23 12:00:01', /future/],
    ['2026:11:23 12:30:00-01:00', /future/],
    ['9999:12:31 23:59:59', /future/],
  ];
  for (const [text, expected] of cases) assert.match(why(text) ?? '', expected, text);
  const fine = ['1826:01:01', '1904:01:02 00:00:00', '1969:12:31 11:59:59', '1970:01:02 00:00:00', '2000:02:29'];
  const more = ['1999:12:31 23:59:59', '2000:01:02 00:00:00', '2002:12:08 12:00:01', '2026:11:23 12:00:00'];
  for (const text of [...fine, ...more, '2026:11:23 12:30:00+01:00']) assert.equal(why(text), null, text);
});

/** A second between year 0 and 9999, as a clock shows it. */
const locals = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19));
const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
const written = (offset: number, colon = ':'): string => {
  const minutes = Math.abs(offset);
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return (offset < 0 ? '-' : '+') + parts.join(colon);
};

test('any moment in any form reads back', () => {
  const forms: ((local: string, zone: string) => string)[] = [
    (local, zone) => local + zone,
    (local, zone) => `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11)}${zone}`,
    (local, zone) => `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11)}${zone} DST`,
    (local, zone) => new Date(`${local}Z`).toUTCString().replace('GMT', zone.replace(':', '')),
  ];
  fc.assert(
    fc.property(locals, offsets, fc.constantFrom(...forms), (local, offset, form) => {
      const moment = parseMoment(form(local, written(offset)));
      assert.deepEqual(moment, { local, offset, utc: false, dateOnly: false });
    }),
  );
  fc.assert(
    fc.property(locals, fc.integer({ min: 0, max: 999 }), (local, ms) => {
      const exact = `${local}.${String(ms).padStart(3, '0')}`;
      assert.equal(parseMoment(exact)?.local, exact);
      assert.equal(asIfUtc(exact) - asIfUtc(local), ms);
    }),
  );
  fc.assert(
    fc.property(locals, (local) => {
      const [weekday, day, month, year, time] = new Date(`${local}Z`).toUTCString().split(' ');
      const text = `${weekday?.slice(0, 3)} ${month} ${day?.replace(/^0/, ' ')} ${time} ${year}`;
      assert.deepEqual(parseMoment(text), { local, offset: null, utc: false, dateOnly: false }, text);
    }),
  );
});

test('an offset written in any way reads back', () => {
  fc.assert(
    fc.property(offsets, fc.constantFrom(':', ''), (offset, colon) => {
      assert.equal(parseOffset(written(offset, colon)), offset);
    }),
  );
});

test('whatever is written, what is no nonsense is a time that a database takes', () => {
  const digits = fc.stringMatching(/^[0-9:. TZ+-]{0,40}$/);
  const nearly = fc
    .tuple(locals, fc.nat(18), fc.constantFrom('0', '9', ' ', 'x'))
    .map(([local, place, put]) => local.slice(0, place) + put + local.slice(place + 1));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), digits, nearly), (value) => {
      const moment = parseMoment(value);
      if (!moment || nonsense(moment, now) !== null) return;
      assert.equal(new Date(`${moment.local}Z`).toISOString().slice(0, moment.local.length), moment.local);
    }),
    { numRuns: 500 },
  );
});

test('the work on long texts does not grow with the square of their length', () => {
  for (const [start, more] of [
    ['2019:03:02 14:22:33.', '1'],
    ['2019:03:02', ' '],
    ['+', '1'],
    ['Sat ', ' '],
  ] as const) {
    const times = growth(25_000, (n) => {
      assert.equal(parseMoment(start + more.repeat(n)), null);
      assert.equal(parseOffset(start + more.repeat(n)), null);
    });
    assert.ok(times < 10, `${start}${more}…: ${times} times`);
  }
});
