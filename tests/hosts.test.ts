import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { projectDir } from '../config.ts';

test('three machines, each unplugged in mid-job, leave what one machine leaves', async (t) => {
  const drill = spawn(process.execPath, [path.join(projectDir, 'scripts', 'drills', 'hosts.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => drill.kill());
  const exited = once(drill, 'exit');
  const said = await text(drill.stdout);
  const reason = /^Skipped: (.*)$/m.exec(said)?.[1];
  if (reason !== undefined) return t.skip(reason);
  t.diagnostic(said);
  assert.equal((await exited)[0], 0, said);
  assert.match(said, /no worker can read this path: \/photos/);
  for (const host of ['reader', 'thinker', 'servers']) assert.match(said, new RegExp(`${host} is plugged in again`));
  assert.match(said, /Verdict: all is as on one machine/);
});
