import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCursor, writeCursor } from './page-cursor.ts';

test('a cursor leads to the page it was made for, and one that was not given out nowhere', () => {
  const token = Buffer.from('{"CloseTime":"2026-01-01T00:00:00Z","RunID":"a"}');
  assert.deepEqual(readCursor(writeCursor(token)), token);
  for (const cursor of ['abc', '', '.', 'e30', `${writeCursor(token)}x`, `x${writeCursor(token)}`]) {
    assert.throws(() => readCursor(cursor), { code: 'request.invalid' }, cursor);
  }
});
