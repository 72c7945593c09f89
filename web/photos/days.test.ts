import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PhotoFile } from '../../model/library.ts';
import { photoFile } from '../../tests/support/photo-file.ts';
import { daySections } from './days.ts';

let id = 0;
const photo = (takenAt: string): PhotoFile => photoFile({ id: ++id, takenAt });
const day = (date: string, n: number) => Array.from({ length: n }, () => photo(`${date}T12:00:00`));

test('a day of many photos has a section of its own', () => {
  const sections = daySections([...day('2025-06-14', 9), ...day('2025-06-13', 6)], null);
  assert.deepEqual(
    sections.map((s) => s.heading),
    ['Saturday 14 June 2025', 'Friday 13 June 2025'],
  );
  assert.ok(sections.every((s) => s.photos.every((p) => p.day === null)));
});

test('days of few photos share a section, and each says its day', () => {
  const [section, ...rest] = daySections(
    [...day('2025-06-14', 2), ...day('2025-06-12', 1), ...day('2025-06-03', 2)],
    null,
  );
  assert.equal(rest.length, 0);
  assert.equal(section?.heading, '3 – 14 June 2025');
  assert.deepEqual(
    section.photos.map((p) => p.day),
    ['14 June', null, '12 June', '3 June', null],
  );
});

test('a day that goes on from the page before gets no heading again', () => {
  assert.equal(daySections(day('2025-06-14', 3), '2025-06-14')[0]?.continued, true);
  assert.equal(daySections(day('2025-06-14', 3), '2025-06-15')[0]?.continued, false);
});

test('every photo is shown once, in the same order', () => {
  const dates = fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 60 });
  fc.assert(
    fc.property(dates, (days) => {
      const files = days.toSorted((a, b) => b - a).map((d) => photo(`2025-02-${String(d).padStart(2, '0')}T10:00:00`));
      assert.deepEqual(
        daySections(files, null).flatMap((s) => s.photos.map((p) => p.file)),
        files,
      );
    }),
  );
});
