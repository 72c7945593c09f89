import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLately } from './lately.ts';

/** Questions with answers 1, 2, 3, … that are given when the test says so. */
function questions() {
  let time = 0;
  const put: { resolve: () => void; reject: () => void }[] = [];
  const { lately, stale } = createLately(() => time);
  const read = lately(() => {
    const number = put.length + 1;
    return new Promise<number>((resolve, reject) =>
      put.push({ resolve: () => resolve(number), reject: () => reject(new Error('away')) }),
    );
  });
  return { put, read, stale, pass: (ms: number) => (time += ms) };
}

test('who asks while the first answer is on its way waits for it; then it is shared for a second', async () => {
  const { put, read, pass } = questions();
  const both = [read(), read()];
  put[0]?.resolve();
  assert.deepEqual(await Promise.all(both), [1, 1]);
  pass(900);
  assert.equal(await read(), 1);
  assert.equal(put.length, 1);
});

test('after a second it is asked anew, and nobody waits for that; after a few seconds all do', async () => {
  const { put, read, pass } = questions();
  const first = read();
  put[0]?.resolve();
  await first;
  pass(1000);
  assert.equal(await read(), 1);
  assert.equal(put.length, 2, 'it is being asked again');
  put[1]?.resolve();
  await new Promise(setImmediate);
  assert.equal(await read(), 2);
  pass(3001);
  const late = read();
  put[2]?.resolve();
  assert.equal(await late, 3);
});

test('what takes long is asked more seldom, but not for long', async () => {
  for (const [took, rests] of [
    [100, 2000],
    [60_000, 4000],
  ] as const) {
    const { put, read, pass } = questions();
    const first = read();
    pass(took);
    put[0]?.resolve();
    await first;
    pass(rests);
    assert.equal(await read(), 1);
    assert.equal(put.length, 1);
    pass(1);
    assert.equal(await read(), 1);
    assert.equal(put.length, 2, 'it is being asked again');
  }
});

test('after a change nobody gets an answer from before it, not even one that was on its way', async () => {
  const { put, read, stale } = questions();
  const before = read();
  stale();
  const after = read();
  put[0]?.resolve();
  await before;
  const afterwards = read();
  put[1]?.resolve();
  assert.deepEqual(await Promise.all([before, after, afterwards]), [1, 2, 2]);
});

test('a failure is told to those who wait, and asked again by the next', async () => {
  const { put, read } = questions();
  const failed = read();
  put[0]?.reject();
  await assert.rejects(failed);
  const next = read();
  put[1]?.resolve();
  assert.equal(await next, 2);
});
