import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGuard } from './guard.ts';
import { processStart } from './process-identity.ts';

/** Waits for what must come; the test runner's own limit ends it when it does not. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await sleep(20);
}
const isGone = (pid: number) => processStart(pid) === null;

/** A supervisor with one obedient child, one that ignores TERM and has a child of its own, and one that was forgotten. */
const supervisor = `
  import { spawn } from 'node:child_process';
  import { createGuard } from ${JSON.stringify(path.join(import.meta.dirname, 'guard.ts'))};
  const guard = createGuard();
  const run = (script) => spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const obedient = run('exec sleep 1000');
  const stubborn = run('trap "" TERM; sleep 1000 & echo $!; while :; do sleep 1; done');
  const forgotten = run('exec sleep 1000');
  for (const child of [obedient, stubborn, forgotten]) guard.watch(child.pid, ['SIGTERM', 'SIGKILL']);
  guard.forget(forgotten.pid);
  stubborn.stdout.once('data', (text) => console.log(JSON.stringify({
    guard: guard.pid, obedient: obedient.pid, stubborn: stubborn.pid, grandchild: Number(text), forgotten: forgotten.pid,
  })));
  process.stdin.on('data', () => console.log(guard.pid));
`;

async function startSupervisor(t: TestContext) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', supervisor], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const pids = JSON.parse(await nextLine(child)) as Record<
    'guard' | 'obedient' | 'stubborn' | 'grandchild' | 'forgotten',
    number
  >;
  t.after(() => process.kill(pids.forgotten, 'SIGKILL'));
  return { child, pids };
}

async function nextLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return data.toString();
}

test('SIGKILL of the supervisor takes all its children along, stubborn ones and grandchildren too', async (t) => {
  const { child, pids } = await startSupervisor(t);
  for (const pid of Object.values(pids)) assert.ok(!isGone(pid));
  child.kill('SIGKILL');
  for (const pid of [pids.obedient, pids.stubborn, pids.grandchild, pids.guard]) await until(() => isGone(pid));
  assert.ok(!isGone(pids.forgotten), 'a child that was forgotten is not touched');
});

test('a watchdog that is killed harms nobody, and its successor knows all children', async (t) => {
  const { child, pids } = await startSupervisor(t);
  process.kill(pids.guard, 'SIGKILL');
  let successor = 0;
  while (successor === 0) {
    child.stdin.write('who\n');
    successor = Number(await nextLine(child)) || 0;
    if (successor === pids.guard) successor = 0;
    if (successor === 0) await sleep(20);
  }
  for (const pid of [pids.obedient, pids.stubborn, pids.grandchild]) assert.ok(!isGone(pid));
  child.kill('SIGKILL');
  for (const pid of [pids.obedient, pids.stubborn, pids.grandchild, successor]) await until(() => isGone(pid));
});

test('a guard that is closed in good order ends its watchdog', async () => {
  const guard = createGuard();
  const { pid } = guard;
  assert.ok(pid !== null && !isGone(pid));
  await guard.close();
  assert.ok(isGone(pid));
});
