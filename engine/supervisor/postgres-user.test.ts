import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { temporaryDir } from '../../tests/support/house.ts';
import { findPostgresUser } from './postgres-user.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A directory that only root may enter. */
function rootsFolder(t: TestContext): string {
  const dir = temporaryDir(t);
  return dir;
}

test('an ordinary user runs Postgres as itself', { skip: isRoot }, async () => {
  const user = await findPostgresUser('/no/such/directory');
  assert.equal(user.owner, null);
  assert.deepEqual(user.as(['postgres']), { command: ['postgres'] });
});

test(
  'root runs it as someone else, who may run what lies where only root may go',
  { skip: !isRoot || process.platform !== 'linux' },
  async (t) => {
    const dir = rootsFolder(t);
    const program = path.join(dir, 'node');
    copyFileSync(process.execPath, program);
    const { owner, as } = await findPostgresUser(path.join(dir, 'not made yet'));
    assert.ok(owner !== null && owner.uid !== 0);

    // As Postgres does, the program asks whether it may run itself.
    const script = `fs.accessSync(${JSON.stringify(program)}, fs.constants.X_OK); console.log(process.getuid(), process.geteuid(), process.getgid())`;
    const { command, ...options } = as([program, '-e', script]);
    const { stdout } = await run(command[0] ?? '', command.slice(1), { ...options, cwd: '/' });
    assert.equal(stdout.trim(), `${owner.uid} ${owner.uid} ${owner.gid}`);
  },
);

test('root keeps to the owner of files that are there already', { skip: !isRoot }, async (t) => {
  const dir = path.join(rootsFolder(t), 'postgres');
  mkdirSync(dir);
  chownSync(dir, 4711, 4712);
  assert.deepEqual((await findPostgresUser(dir)).owner, { uid: 4711, gid: 4712 });
});
