import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { someAtATime } from './some-at-a-time.ts';

async function* numbers(upTo: number): AsyncGenerator<number> {
  for (let n = 1; n <= upTo; n++) {
    await setImmediate();
    yield n;
  }
}

test('so many are worked on at a time, and all of them', async () => {
  const [done, under] = [new Set<number>(), new Set<number>()];
  let most = 0;
  let turns = 0;
  const work = async (n: number) => {
    under.add(n);
    most = Math.max(most, under.size);
    // The first takes longest.
    for (let i = 0; i < 20 / n; i++) await setImmediate();
    under.delete(n);
    done.add(n);
  };
  await someAtATime(2, numbers(30), work, async () => void turns++);
  assert.deepEqual([done.size, most, turns], [30, 3, 30]);
});

test('one that fails ends it, when those that were begun have ended, though nobody waited for it', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (n: number) => {
    begun.push(n);
    await setImmediate();
    if (n === 2) throw new Error('number 2');
    for (let i = 0; i < 20; i++) await setImmediate();
    ended.push(n);
  };
  await assert.rejects(
    someAtATime(50, numbers(30), work, () => Promise.resolve()),
    /number 2/,
  );
  assert.ok(begun.length < 10, `${begun.length} were begun`);
  assert.deepEqual([...ended, 2].toSorted(), begun);
});
