import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { CodedError } from '../../model/errors.ts';
import { temporaryDir } from '../../tests/support/house.ts';
import { acquireLock } from './lock.ts';
import { processStart } from './process-identity.ts';

const page = 'http://127.0.0.1:4800';

function folder(t: TestContext): string {
  const dir = temporaryDir(t);
  return dir;
}

function writeLock(dir: string, number: number, holder: Partial<Record<string, unknown>>): string {
  const lockDir = path.join(dir, 'lock');
  acquireLock(dir, page).release();
  const file = path.join(lockDir, String(number));
  const all = {
    pid: process.pid,
    start: processStart(process.pid),
    host: os.hostname(),
    page,
    released: false,
    ...holder,
  };
  writeFileSync(file, JSON.stringify(all));
  return file;
}

const refused = (error: unknown) => error instanceof CodedError && error.code === 'house.already-running';

test('a second holder is refused, with the pid and the page of the first', (t) => {
  const dir = folder(t);
  const lock = acquireLock(dir, page);
  assert.throws(
    () => acquireLock(dir, page),
    (error: unknown) => {
      assert.ok(refused(error));
      assert.match(String(error), new RegExp(`process ${process.pid}\\b.*${page}`));
      return true;
    },
  );
  lock.release();
  acquireLock(dir, page).release();
});

test('who holds a folder learns that it was deleted, and leaves alone what is there now', async (t) => {
  const dir = folder(t);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const lock = acquireLock(dir, page);
  t.mock.timers.tick(60_000);
  assert.ok(lock.isHeld());
  rmSync(path.join(dir, 'lock'), { recursive: true });
  assert.ok(!lock.isHeld());
  const file = writeLock(dir, 1, { pid: process.ppid, start: processStart(process.ppid) });
  const theirs = readFileSync(file, 'utf8');
  t.mock.timers.tick(60_000);
  await lock.lost;
  lock.release();
  assert.equal(readFileSync(file, 'utf8'), theirs);
  assert.throws(() => acquireLock(dir, page), refused);
});

test('the lock of a process that is gone is taken over, also when its pid is used again', (t) => {
  const dir = folder(t);
  writeLock(dir, 5, { pid: 2 ** 22 + 1 });
  acquireLock(dir, page).release();
  writeLock(dir, 9, { start: 'another start' });
  acquireLock(dir, page).release();
  assert.deepEqual(readdirSync(path.join(dir, 'lock')), ['10']);
});

test('a lock cut off by a crash of the machine is taken over', (t) => {
  const dir = folder(t);
  writeFileSync(writeLock(dir, 5, {}), '\0\0\0');
  const lock = acquireLock(dir, page);
  assert.ok(lock.isHeld());
  assert.throws(() => acquireLock(dir, page), refused);
  assert.deepEqual(readdirSync(path.join(dir, 'lock')), ['6']);
  lock.release();
});

test('a holder on another machine is believed as long as it shows life', (t) => {
  const dir = folder(t);
  const file = writeLock(dir, 5, { host: 'elsewhere', pid: 1 });
  assert.throws(
    () => acquireLock(dir, page),
    (error: unknown) => refused(error) && String(error).includes('on elsewhere'),
  );
  const before = new Date(Date.now() - 3_600_000);
  utimesSync(file, before, before);
  acquireLock(dir, page).release();
});

/** Takes and gives back the lock many times, tells when someone else is inside too, and dies with the lock in hand. */
const contender = (dir: string) => `
  import { readFileSync, writeFileSync, rmSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { acquireLock } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))};
  import { processStart } from ${JSON.stringify(path.join(import.meta.dirname, 'process-identity.ts'))};
  const inside = ${JSON.stringify(path.join(dir, 'inside'))};
  const me = process.pid + ' ' + processStart(process.pid);
  let held = 0;
  while (held < 25) {
    let lock;
    try { lock = acquireLock(${JSON.stringify(dir)}, 'page'); } catch (error) {
      if (error.code !== 'house.already-running') throw error;
      await sleep(Math.random() * 3);
      continue;
    }
    let other = '';
    try { other = readFileSync(inside, 'utf8'); } catch {}
    const [pid, start] = other.split(' ');
    if (pid && processStart(Number(pid)) === start) console.log('two holders: ' + pid + ' and ' + process.pid);
    writeFileSync(inside, me);
    await sleep(Math.random() * 3);
    held += 1;
    if (readFileSync(inside, 'utf8') !== me) console.log('someone came in while ' + process.pid + ' held the lock');
    if (held === 25) { console.log('done'); process.kill(process.pid, 'SIGKILL'); }
    rmSync(inside);
    lock.release();
  }
`;

test('law: never two holders, however many take, give back and die', async (t) => {
  const dir = folder(t);
  writeLock(dir, 5, { pid: 2 ** 22 + 1 });
  const said = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', contender(dir)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      await once(child, 'close');
      return output;
    }),
  );
  assert.deepEqual(
    said,
    Array.from({ length: 5 }, () => 'done\n'),
  );
});
