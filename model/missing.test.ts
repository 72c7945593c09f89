import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTooMany } from './missing.ts';

const usual = { missingShare: 10, missingFiles: 500 };

test('a small path loses files without a question, a large share or a large number is asked about', () => {
  for (const [files, of, asked] of [
    [1, 5, false],
    [20, 20, false],
    [21, 21, true],
    [100, 1000, false],
    [101, 1000, true],
    [500, 100_000, false],
    [501, 100_000, true],
    [0, 0, false],
  ] as const) {
    assert.equal(isTooMany({ files, of }, usual), asked, `${files} of ${of}`);
  }
});

test('a number that is set low counts for small paths, too', () => {
  assert.equal(isTooMany({ files: 6, of: 10 }, { ...usual, missingFiles: 5 }), true);
  assert.equal(isTooMany({ files: 1, of: 1 }, { ...usual, missingFiles: 0 }), true);
});
