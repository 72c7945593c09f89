import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Part as PartState } from '../../model/house.ts';
import { temporaryDir } from '../../tests/support/house.ts';
import { createPart, nextDelay, type PartPlan } from './part.ts';
import { processStart } from './process-identity.ts';

function fixture(t: TestContext, script: string, plan: Partial<PartPlan> = {}) {
  const dir = temporaryDir(t);
  const states: PartState[] = [];
  const calls: string[] = [];
  const part = createPart(
    {
      name: 'sample',
      launch: async () => ({ command: ['sh', '-c', script], env: process.env, cwd: dir }),
      ready: /^ready$/,
      readyWithinSeconds: 60,
      stopSignal: 'SIGTERM',
      killSignal: 'SIGKILL',
      graceSeconds: 60,
      ...plan,
    },
    {
      logsDir: path.join(dir, 'logs'),
      started: (_, pid) => calls.push(`started ${pid}`),
      ended: (pid) => calls.push(`ended ${pid}`),
      changed: (state) => states.push(state),
    },
  );
  t.after(() => part.stop());
  return { dir, part, states, calls, log: () => readFileSync(path.join(dir, 'logs', 'sample.log'), 'utf8') };
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await sleep(10);
}

test('it runs once it says that it is ready, and stops by the signal it was promised', async (t) => {
  const { part, states, calls, log } = fixture(
    t,
    'trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done',
  );
  assert.equal(await part.start(), true);
  const { pid } = part.state;
  assert.ok(pid !== null && processStart(pid) !== null);
  await part.stop();
  assert.equal(processStart(pid), null);
  assert.deepEqual(
    states.map(({ status }) => status),
    ['starting', 'starting', 'running', 'stopped'],
  );
  assert.deepEqual(calls, [`started ${pid}`, `ended ${pid}`]);
  assert.equal(log(), 'ready\nbye\n');
});

test('it is started again when it dies, with the reason and how often, until it runs', async (t) => {
  const { part, states } = fixture(
    t,
    'if [ -e two ]; then echo ready; exec sleep 1000; fi; if [ -e one ]; then touch two; fi; touch one; echo no disk >&2; exit 3',
  );
  assert.equal(await part.start(), true);
  assert.equal(part.state.restarts, 2);
  assert.match(part.state.lastExit ?? '', /code 3.*no disk/);
  assert.ok(states.some(({ status, pid }) => status === 'restarting' && pid === null));

  process.kill(part.state.pid ?? 0, 'SIGKILL');
  await until(() => part.state.status === 'running' && part.state.restarts === 3);
  assert.match(part.state.lastExit ?? '', /SIGKILL/);
});

test('what it started itself goes when it dies', async (t) => {
  const { part, log } = fixture(t, 'sleep 1000 & echo $!; echo ready; wait');
  await part.start();
  const grandchild = Number(log().split('\n')[0]);
  assert.ok(processStart(grandchild) !== null);
  process.kill(part.state.pid ?? 0, 'SIGKILL');
  await until(() => processStart(grandchild) === null);
});

test('one that ignores the request to stop is ended by force', async (t) => {
  const { part } = fixture(t, 'trap "" TERM; echo ready; while :; do sleep 0.1; done', { graceSeconds: 0.2 });
  await part.start();
  const { pid } = part.state;
  await part.stop();
  assert.equal(processStart(pid ?? 0), null);
  assert.equal(part.state.status, 'stopped');
});

test('one that never gets ready is ended and started again', async (t) => {
  const { part } = fixture(t, 'exec sleep 1000', { readyWithinSeconds: 0.2 });
  const started = part.start();
  await until(() => part.state.restarts === 2);
  assert.equal(part.state.lastExit, 'was not ready within 0.2 s');
  await part.stop();
  assert.equal(await started, false);
});

test('a launch that fails, or a program that is not there, counts as having died', async (t) => {
  let attempt = 0;
  const { part, states } = fixture(t, '', {
    launch: async () => {
      attempt += 1;
      if (attempt === 1) throw new Error('its port is taken');
      if (attempt === 2) return { command: ['/no/such/program'], env: {} };
      return { command: ['sh', '-c', 'echo ready; exec sleep 1000'], env: process.env };
    },
  });
  assert.equal(await part.start(), true);
  const reasons = states.filter(({ status }) => status === 'restarting').map(({ lastExit }) => lastExit);
  assert.ok(reasons.includes('its port is taken'));
  assert.ok(reasons.some((reason) => reason?.includes('/no/such/program')));
});

test('it can be stopped while it waits for its next start, and before it was ever started', async (t) => {
  const { part, states } = fixture(t, 'exit 1');
  const started = part.start();
  await until(() => part.state.status === 'restarting');
  await part.stop();
  assert.equal(await started, false);
  assert.equal(states.at(-1)?.status, 'stopped');

  const never = fixture(t, 'echo ready; sleep 1000');
  await never.part.stop();
  assert.equal(await never.part.start(), false);
  assert.deepEqual(never.calls, []);
});

test('its log can not be opened: it runs all the same, and its last words are known', async (t) => {
  const { dir, part } = fixture(
    t,
    'if [ -e one ]; then echo ready; exec sleep 1000; fi; touch one; echo no disk; exit 3',
  );
  writeFileSync(path.join(dir, 'logs'), 'in the way');
  assert.equal(await part.start(), true);
  assert.match(part.state.lastExit ?? '', /code 3.*no disk/);
});

test('law: pauses double from a quarter of a second up to half a minute, and begin anew after a minute of health', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 1, maxLength: 40 }), (lives) => {
      let last = 0;
      for (const healthy of lives) {
        const next = nextDelay(last, healthy);
        const expected = last === 0 || healthy >= 60_000 ? 250 : Math.min(2 * last, 30_000);
        assert.equal(next, expected);
        assert.ok(next >= 250 && next <= 30_000);
        last = next;
      }
    }),
  );
});
