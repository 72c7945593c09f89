import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { growth } from '../tests/support/growth.ts';
import { dateInName } from './name-date.ts';

const now = new Date('2026-11-22T12:00:00Z');
const read = (name: string): string | null => dateInName(name, now)?.local ?? null;

test('names of cameras, phones, messengers and screenshots hold a time', () => {
  const names = [
    ...['IMG_20190302_142233.jpg', 'IMG20190302142233', 'VID_20190302_142233.mp4', 'MVIMG_20190302_142233.jpg'],
    ...['PANO_20190302_142233.jpg', '20190302_142233(0).jpg', '20190302142233.jpg', 'IMG_20190302_142233_HDR.jpg'],
    ...['00001IMG_00001_BURST20190302142233.jpg', 'WP_20190302_14_22_33_Pro.jpg', 'img_20190302_142233~2.jpg'],
    ...['WhatsApp Image 2019-03-02 at 14.22.33.jpeg', 'WhatsApp Video 2019-03-02 at 2.22.33 PM (1).mp4'],
    ...[
      'Screenshot_20190302-142233.png',
      'Screenshot_20190302-142233_Maps.png',
      'Screenshot 2019-03-02 at 14.22.33.png',
    ],
    ...['Screen Shot 2019-03-02 at 2.22.33 PM.png', 'Screenshot 2019-03-02 at 2.22.33\u202fPM.png'],
    ...['Bildschirmfoto 2019-03-02 um 14.22.33.png', 'Capture d’écran 2019-03-02 a\u0300 14.22.33.png'],
    ...[
      'Screenshot from 2019-03-02 14-22-33.png',
      'signal-2019-03-02-142233.jpg',
      'signal-2019-03-02-14-22-33-123.jpg',
    ],
    ...['2019-03-02 14.22.33.jpg', '2019-03-02 14.22.33-1.jpg', '2019-03-02T14:22:33.jpg', '20190302T142233.jpg'],
    ...['photo_2019-03-02_14-22-33.jpg', 'photo_5@2019-03-02_14-22-33.jpg', '2019_03_02_14_22_33.jpg'],
    ...['scan 20200101 of IMG_20190302_142233.jpg', '20191399_IMG_20190302_142233.jpg'],
  ];
  for (const name of names) {
    assert.deepEqual(dateInName(name, now), { local: '2019-03-02T14:22:33', dateOnly: false, offset: null }, name);
  }
  assert.equal(read('IMG_20190302_142233123.jpg'), '2019-03-02T14:22:33.123');
  assert.equal(read('Screen Shot 2019-03-02 at 12.22.33 AM.png'), '2019-03-02T00:22:33');
  assert.equal(read('Screen Shot 2019-03-02 at 12.22.33 PM.png'), '2019-03-02T12:22:33');
});

test("Pixel's names are in UTC", () => {
  const expected = { local: '2021-03-02T14:22:33.123', dateOnly: false, offset: 0 };
  for (const ending of ['.jpg', '.MP.jpg', '~2.jpg', '.NIGHT.jpg']) {
    assert.deepEqual(dateInName(`PXL_20210302_142233123${ending}`, now), expected);
  }
});

test('names that hold a day', () => {
  const names = [
    ...['IMG-20190302-WA0001.jpg', '20190302.jpg', '2019-03-02.jpg', '2019-03-02-birthday.jpg', '2019.03.02 Anna.jpg'],
    ...['Anna 20190302.jpg', '20190302_0001.jpg', '20190302_1422331.jpg', '2019-03-02 at 13.22.33 PM.png'],
    ...['IMG_20190302_998877.jpg', '2019-03-02 at 24.00.00.png', '2019-03-02 14.22.jpg'],
  ];
  for (const name of names) {
    assert.deepEqual(dateInName(name, now), { local: '2019-03-02T00:00:00', dateOnly: true, offset: null }, name);
  }
});

test('other numbers are no dates', () => {
  const names = [
    ...['', 'IMG_1034.jpg', 'DSC00123.JPG', '10153412345678901_n.jpg', '19900510_10153412345678901_1234567890_n.jpg'],
    ...['d41d8cd98f00b204e9800998ecf8427e.jpg', '20190302abcdef0123456789abcdef01.jpg', 'ab20190302.jpg'],
    ...['20190302-1422-4a3b-8c2d-1234567890ab.jpg', 'a20190302_142233.jpg', '2019030214.jpg', '201903021.jpg'],
    ...['120190302.jpg', '20190302142299.jpg', '201903021422331.jpg', '20191399.jpg', '20190229.jpg', '2019-13-01.jpg'],
    ...['18991231.jpg', '20280101.jpg', '00000000.jpg', '2019-03.jpg', '2019-03.02.jpg', '02-03-2019.jpg'],
    ...['1551536553123.jpg', '+49 2019 0302 142.jpg', `${'x'.repeat(300)} 20190302.jpg`],
  ];
  for (const name of names) assert.equal(read(name), null, name);
  assert.equal(read('19000101.jpg'), '1900-01-01T00:00:00');
  assert.equal(read('20271231.jpg'), '2027-12-31T00:00:00');
});

test('any moment put into any form comes back', () => {
  const seconds = fc
    .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2027-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19));
  const half = (hour: string): string => `${Number(hour) % 12 || 12}`;
  const withTime: ((day: string, h: string, m: string, s: string) => string)[] = [
    (day, ...time) => `IMG_${day.replaceAll('-', '')}_${time.join('')}.jpg`,
    (day, ...time) => `IMG${day.replaceAll('-', '')}${time.join('')}`,
    (day, ...time) => `${day.replaceAll('-', '')}_${time.join('')}(0).jpg`,
    (day, ...time) => `PXL_${day.replaceAll('-', '')}_${time.join('')}.jpg`,
    (day, ...time) => `Screenshot_${day.replaceAll('-', '')}-${time.join('')}.png`,
    (day, ...time) => `WhatsApp Image ${day} at ${time.join('.')}.jpeg`,
    (day, h, m, s) => `Screen Shot ${day} at ${half(h)}.${m}.${s} ${Number(h) < 12 ? 'AM' : 'PM'}.png`,
    (day, ...time) => `signal-${day}-${time.join('')}.jpg`,
    (day, ...time) => `${day} ${time.join('.')}.jpg`,
    (day, ...time) => `photo_${day}_${time.join('-')}.jpg`,
  ];
  fc.assert(
    fc.property(seconds, fc.constantFrom(...withTime), (local, form) => {
      const [hour = '', minute = '', second = ''] = local.slice(11).split(':');
      assert.equal(read(form(local.slice(0, 10), hour, minute, second)), local);
    }),
    { numRuns: 300 },
  );
  const dayOnly: ((day: string) => string)[] = [
    (day) => `IMG-${day.replaceAll('-', '')}-WA0001.jpg`,
    (day) => `${day.replaceAll('-', '')}.jpg`,
    (day) => `${day}-party.jpg`,
  ];
  fc.assert(
    fc.property(seconds, fc.constantFrom(...dayOnly), (local, form) => {
      assert.equal(read(form(local.slice(0, 10))), `${local.slice(0, 10)}T00:00:00`);
    }),
  );
});

test('hostile names are read at once, and what is read is a time', () => {
  const parts = fc.constantFrom(
    '2019',
    '03',
    '02',
    '-',
    '_',
    '.',
    ' ',
    ' at ',
    'IMG',
    'PM',
    '1',
    'é',
    '\ud800',
    '2019-03-02',
  );
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(parts, { maxLength: 100 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(names, (name) => {
      const local = read(name);
      if (local !== null) assert.equal(new Date(`${local}Z`).toISOString().slice(0, local.length), local);
    }),
    { numRuns: 500 },
  );
  for (const part of ['2', '20190302', '2019-03-02 ', '_', 'IMG', '2019-03-02 at ', 'a1-', ' ']) {
    read(part.repeat(Math.floor(255 / part.length)));
    const times = growth(25_000, (n) => void read(part.repeat(n)));
    assert.ok(times < 10, `${part}: ${times} times`);
  }
});
