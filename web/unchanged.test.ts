import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whileUnchanged } from './unchanged.ts';

test('an answer is kept until something changes; a failure is not kept', async () => {
  let stamp = 'a';
  let asked = 0;
  const kept = whileUnchanged<number>(async () => stamp, 2);
  const ask = async () => ++asked;
  assert.deepEqual([await kept('x', ask), await kept('x', ask), await kept('y', ask)], [1, 1, 2]);
  stamp = 'b';
  assert.equal(await kept('x', ask), 3);
  await kept('y', ask);
  await kept('z', ask);
  assert.equal(await kept('x', ask), 6, 'only the last two are kept');
  await assert.rejects(kept('bad', () => Promise.reject(new Error('no'))));
  assert.equal(await kept('bad', ask), 7);
});
