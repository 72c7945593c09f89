import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { findProgram, idlePriorityCommand, readPriority } from './priority.ts';

const hasTools = process.platform === 'linux' && findProgram('ionice') !== null && findProgram('nice') !== null;

test(
  'a process started at idle priority is told to be so by the system, under its own pid',
  { skip: !hasTools },
  async (t) => {
    const [program, ...args] = idlePriorityCommand([
      process.execPath,
      '-e',
      'console.log(process.pid); setInterval(() => {}, 1000)',
    ]);
    assert.ok(program);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(Number(line.toString()), child.pid);
    assert.deepEqual(await readPriority(child.pid ?? 0), { ioClass: 'idle', niceness: 19 });
  },
);

const comesLast = `
  import { readFileSync } from 'node:fs';
  import os from 'node:os';
  import { letOthersFirst } from ${JSON.stringify(new URL('priority.ts', import.meta.url).href)};
  // Says nothing where the session is the system's first, which is in no group.
  const sessionNiceness = () => /nice (-?\\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8'))?.[1] ?? 'none';
  const before = sessionNiceness();
  await letOthersFirst();
  console.log(JSON.stringify({ niceness: os.getPriority(), before, after: sessionNiceness() }));`;

test(
  'what comes last does so for other sessions too, and takes no session along that is not its own',
  { skip: !existsSync('/proc/self/autogroup') },
  async () => {
    const said = async (detached: boolean) => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--eval', comesLast], {
        detached,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return JSON.parse(await text(child.stdout)) as { niceness: number; before: string; after: string };
    };
    // Several at a time, as workers are started.
    const last = { niceness: 19, before: '0', after: '19' };
    assert.deepEqual(await Promise.all([said(true), said(true), said(true)]), [last, last, last]);
    const shared = await said(false);
    assert.equal(shared.niceness, 19);
    assert.equal(shared.after, shared.before);
  },
);

test('an ordinary process is not at idle priority', { skip: !hasTools }, async () => {
  assert.notEqual((await readPriority(process.pid)).ioClass, 'idle');
});

test('programs are found on PATH only', () => {
  assert.match(findProgram('sh') ?? '', /\/sh$/);
  assert.equal(findProgram('no-such-program-here'), null);
});
