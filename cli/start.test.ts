import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { projectDir } from '../config.ts';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function photoAssistant(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const main = path.join(projectDir, 'cli', 'main.ts');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', main, ...args],
      { cwd: projectDir, env: { ...process.env, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('help names every command', async () => {
  const { code, stdout } = await photoAssistant(['--help']);
  assert.equal(code, 0);
  for (const name of ['start', 'worker', 'web', 'migrate', 'status', 'jobs', 'scan', 'import']) {
    assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'));
  }
});

test('a wrong environment is said with its code, and ends with 1', async () => {
  const { code, stderr } = await photoAssistant(['start'], { PORT: 'http' });
  assert.equal(code, 1);
  assert.equal(stderr, 'config.invalid: PORT is "http", but must be a whole number from 1 to 65535.\n');
});

test('paths are taken from where the user stands, drives as written, and a missing one is noted, not refused', async (t) => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'start-'));
  const server = net.createServer().listen(0, '127.0.0.1');
  t.after(() => {
    rmSync(dir, { recursive: true });
    server.close();
  });
  await once(server, 'listening');
  // The port is in use, so the start goes no further than its first lines.
  const env = {
    PORT: String((server.address() as net.AddressInfo).port),
    INIT_CWD: dir,
    PHOTO_ASSISTANT_DATA: 'data',
    DATABASE_URL: 'postgres://a@127.0.0.1:9/b',
    TEMPORAL_ADDRESS: '127.0.0.1:9',
  };
  const args = ['start', '--import', 'one', 'C:', '--import', 'D:\\photos', '.', '--storage', '/no/such/place'];
  const { code, stdout, stderr } = await photoAssistant(args, env);
  assert.equal(code, 1);
  assert.match(stderr, /^house\.port-in-use: /);
  assert.deepEqual(
    [...stdout.matchAll(/Note: (.*) does not exist now/g)].map(([, missing]) => missing),
    [path.join(dir, 'one'), 'C:', 'D:\\photos', '/no/such/place'],
  );
  assert.ok(existsSync(path.join(dir, 'data')));
});
