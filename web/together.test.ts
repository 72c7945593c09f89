import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { together } from './together.ts';

test('those who ask the same at the same time are answered by one question, others by their own', async () => {
  const put: unknown[][] = [];
  const ask = together((...asked: unknown[]) => {
    put.push(asked);
    return Promise.resolve({ asked });
  });
  const [a, b, c] = await Promise.all([ask(1, { q: 'x' }), ask(1, { q: 'x' }), ask(2)]);
  assert.equal(a, b, 'the very same answer');
  assert.deepEqual(c.asked, [2]);
  assert.deepEqual(put, [[1, { q: 'x' }], [2]]);
});

test('a failure is told to all who asked, and not kept', async () => {
  let times = 0;
  const ask = together(() => (++times === 1 ? Promise.reject(new Error('away')) : Promise.resolve(times)));
  const both = await Promise.allSettled([ask(), ask()]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await ask(), 2);
});

test('whatever the order of questions, changes and answers: no answer is older than its question, and one is under way', async () => {
  const steps = fc.array(fc.constantFrom('ask', 'change', 'answer', 'turn'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      let truth = 0;
      let underWay = 0;
      const waiting: (() => void)[] = [];
      const ask = together(async () => {
        const seen = truth;
        assert.equal(++underWay, 1);
        await new Promise<void>((done) => waiting.push(done));
        underWay--;
        return seen;
      });
      const answers: Promise<void>[] = [];
      for (const step of script) {
        if (step === 'change') truth++;
        if (step === 'answer') waiting.shift()?.();
        if (step === 'turn') await turn();
        if (step === 'ask') {
          const then = truth;
          answers.push(ask().then((seen) => assert.ok(seen >= then, `${seen} was so before ${then}`)));
        }
      }
      // Each round of questions takes a few turns, and there are no more rounds than questions.
      for (let i = 0; i < 3 * script.length; i++) {
        await turn();
        waiting.shift()?.();
      }
      await Promise.all(answers);
    }),
    { numRuns: 300 },
  );
});
