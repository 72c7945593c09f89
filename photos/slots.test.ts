import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSlots } from './slots.ts';

/** Work that goes on until it is told to end, and says when it began. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const state = { begun: false, end: resolve, fail: reject };
  return { state, run: () => ((state.begun = true), promise) };
}

test('no more is held than there are places, first come first served', async () => {
  const slots = createSlots(2);
  const works = [work(), work(), work(), work()];
  const begun = (): boolean[] => works.map(({ state }) => state.begun);
  const all = works.map(({ run }) => slots.hold(run));
  await turn();
  assert.deepEqual(begun(), [true, true, false, false]);
  works[1]?.state.end();
  await turn();
  assert.deepEqual(begun(), [true, true, true, false]);
  slots.resize(3);
  await turn();
  assert.deepEqual(begun(), [true, true, true, true]);
  for (const { state } of works) state.end();
  await Promise.all(all);
});

test('work that fails gives its place back; fewer places only hold back what has not begun', async () => {
  const slots = createSlots(2);
  const [a, b, c] = [work(), work(), work()];
  const all = [a, b, c].map(({ run }) => slots.hold(run));
  slots.resize(1);
  a.state.fail(new Error('no luck'));
  await assert.rejects(all[0]!, /no luck/);
  await turn();
  assert.equal(c.state.begun, false);
  b.state.end();
  await turn();
  assert.equal(c.state.begun, true);
  c.state.end();
  await Promise.all(all.slice(1));
});
