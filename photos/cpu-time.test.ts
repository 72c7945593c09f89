import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { cpuMs, watchWork } from './cpu-time.ts';

const onLinux = { skip: process.platform !== 'linux' && 'Linux only' };

function started(t: TestContext, script: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

const busy = 'for (;;);';
const idle = 'setInterval(() => {}, 1e9)';

const limitOf = (child: ChildProcess, limits: { silenceMs: number; workMs: number }): Promise<string> =>
  new Promise((resolve) => watchWork(child.pid, limits, (limit) => resolve(limit)));

test('only who works uses a processor', onLinux, () => {
  const before = cpuMs(process.pid) ?? NaN;
  const end = Date.now() + 60_000;
  while ((cpuMs(process.pid) ?? NaN) < before + 50) assert.ok(Date.now() < end, 'this test uses it all the time');
  assert.equal(cpuMs(undefined), null);
  assert.equal(cpuMs(2 ** 30), null, 'there is no such process');
});

test('who works for too long is told of, and so is who does nothing', onLinux, async (t) => {
  assert.equal(await limitOf(started(t, busy), { silenceMs: 60_000, workMs: 300 }), 'work');
  assert.equal(await limitOf(started(t, idle), { silenceMs: 2000, workMs: 60_000 }), 'silence');
});

test('who works is not silent', onLinux, async (t) => {
  // Silence that is long enough for a busy machine to give it a turn, and work that is longer.
  assert.equal(await limitOf(started(t, busy), { silenceMs: 6000, workMs: 7000 }), 'work');
});

test('a watch that has ended says nothing', async (t) => {
  const child = started(t, idle);
  let told = 0;
  watchWork(child.pid, { silenceMs: 100, workMs: 100 }, () => told++)();
  await limitOf(child, { silenceMs: 1000, workMs: 60_000 });
  assert.equal(told, 0);
});
