import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClockIsKept } from './clock.ts';

test('a clock that nothing keeps in time is told, and what is not known is no fault', () => {
  assert.equal(checkClockIsKept(1_500).level, 'good');
  assert.equal(checkClockIsKept(15_999_999).level, 'good');
  assert.equal(checkClockIsKept(16_000_000).level, 'warning');
  const { level, text } = checkClockIsKept(null);
  assert.equal(level, 'good');
  assert.match(text, /does not tell/);
  // As it stands here.
  const { text: here } = checkClockIsKept();
  assert.match(here, process.platform === 'linux' ? /in time$/ : /does not tell/);
});
