import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryDir } from '../../tests/support/house.ts';
import { createChildRecord, endLeftovers } from './leftovers.ts';
import { processStart } from './process-identity.ts';

function recordFile(t: TestContext): string {
  const dir = temporaryDir(t);
  return path.join(dir, 'children.json');
}

async function program(t: TestContext, script: string): Promise<number> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  assert.ok(child.pid !== undefined);
  return child.pid;
}

test('without leftovers nothing is waited for and nothing is said', async (t) => {
  const file = recordFile(t);
  const said: string[] = [];
  await endLeftovers(file, (line) => said.push(line));
  const record = createChildRecord(file);
  const pid = await program(t, 'exec sleep 1000');
  record.add('io', pid);
  record.remove(pid);
  await endLeftovers(file, (line) => said.push(line));
  assert.deepEqual(said, []);
});

test('a leftover that ends by itself is waited for', async (t) => {
  const file = recordFile(t);
  const pid = await program(t, 'exec sleep 1');
  createChildRecord(file).add('postgres', pid);
  const said: string[] = [];
  await endLeftovers(file, (line) => said.push(line));
  assert.equal(processStart(pid), null);
  assert.match(said.join(), new RegExp(`postgres, process ${pid}`));
});

test('a leftover that nobody else ends is ended', async (t) => {
  const file = recordFile(t);
  const pid = await program(t, 'exec sleep 1000');
  createChildRecord(file).add('io', pid);
  await endLeftovers(file, () => undefined);
  assert.equal(processStart(pid), null);
});

test('another program that got the pid of a leftover is not touched', async (t) => {
  const file = recordFile(t);
  const pid = await program(t, 'exec sleep 1000');
  writeFileSync(file, JSON.stringify([{ name: 'io', pid, start: 'long ago' }]));
  await endLeftovers(file, () => undefined);
  assert.notEqual(processStart(pid), null);
});
