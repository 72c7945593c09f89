import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventOf } from './event.ts';

test('an event is what people wrote', () => {
  const events: [dir: string, event: string][] = [
    ['2021-05-17 Norway trip', 'Norway trip'],
    ['Hochzeit Anna & Tom', 'Hochzeit Anna & Tom'],
    ['20210517_Norway', 'Norway'],
    ['Norway 2021', 'Norway'],
    ['Norway - 2021-05', 'Norway'],
    ['2021-05-17-20 Norway', 'Norway'],
    ['2021-05-17 - 2021-05-20 Norway', 'Norway'],
    ['17.5.2021 Norwegen', 'Norwegen'],
    ['2021-05-17 14.30.22 Fest', 'Fest'],
    ['90. Geburtstag Oma', '90. Geburtstag Oma'],
    ['18th birthday', '18th birthday'],
    ['2021-05-10 10 Jahre Verein', '10 Jahre Verein'],
    ['2020-12 12 Apostles', '12 Apostles'],
    ['2019er Riesling', '2019er Riesling'],
    ['5. Klasse 2021', '5. Klasse'],
    ['In May', 'In May'],
    ['Camera club', 'Camera club'],
    ['100 years', '100 years'],
    ['2021 東京', '東京'],
  ];
  for (const [dir, event] of events) assert.equal(eventOf(dir), event, dir);
});

test("cameras' dirs, dates and numbers are no events", () => {
  const cameras = [
    'DCIM',
    '100CANON',
    '101APPLE',
    '100_PANA',
    '100MSDCF',
    '100D7000',
    '202105_a',
    'Camera',
    'Camera Roll',
  ];
  const programs = ['Screenshots', 'Photos from 2019', 'My Pictures', 'Bilder', 'Camera Uploads', '2021-05-17 DCIM'];
  const dates = [
    '2021-05-17',
    '20210517',
    '2021',
    '17.5.21',
    '2021-05 Mai',
    'May 2021',
    '17. März 2021',
    '2021年5月17日',
  ];
  for (const dir of [...cameras, ...programs, ...dates, '', ' ', '001', '- _ -', '#3'])
    assert.equal(eventOf(dir), '', dir);
});

test('an event is a part of the name, and its own event', () => {
  const word = fc.constantFrom('2021', '-', '05', '17', ' ', 'Norway', '_', '.', 'DCIM', 'May', '3', 'é');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(word).map((words) => words.join('')),
      ),
      (dir) => {
        const event = eventOf(dir);
        assert.ok(dir.normalize('NFC').includes(event));
        assert.equal(event, event.trim());
        assert.ok(event === '' || /\p{L}/u.test(event));
      },
    ),
  );
});
