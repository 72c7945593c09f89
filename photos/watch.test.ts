import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { temporaryName, toBytes, type ByteString } from '../model/names.ts';
import { eventually, temporaryDir } from '../tests/support/house.ts';
import { compileIgnore } from './ignore.ts';
import { watchTree, watchTrouble, type DirToWatch } from './watch.ts';

const onDisk = (root: string, prefix: ByteString) => Buffer.concat([Buffer.from(`${root}/`), toBytes(prefix)]);

/** Dirs as a scan would have stored them just now. */
const asRead = (root: string, ...prefixes: ByteString[]): DirToWatch[] =>
  prefixes.map((prefix) => {
    const { mtimeNs, ino } = lstatSync(onDisk(root, prefix), { bigint: true });
    return { prefix, mtimeNs: String(mtimeNs), inode: String(ino) };
  });

/** A watched tree and what it tells. `told` waits until it has told of just these dirs, and forgets them. */
async function watched(t: TestContext, rootPath: string, ignore: string[] = []) {
  const changes = new Set<ByteString>();
  const changed = (prefix: ByteString) => void changes.add(prefix);
  const tree = await watchTree({ rootPath, ignored: compileIgnore(ignore), changed });
  t.after(() => tree.close());
  const told = async (...prefixes: ByteString[]) => {
    await eventually(`changes in ${prefixes.join(', ')}`, 10_000, async () =>
      prefixes.every((each) => changes.has(each)),
    );
    assert.deepEqual([...changes].toSorted(), prefixes.toSorted());
    changes.clear();
  };
  /** Events come in their order: when this change is told, all before it were. */
  const nothingElse = async (mark: string | Buffer, prefix: ByteString) => {
    writeFileSync(mark, '');
    await told(prefix);
  };
  return { tree, told, nothingElse };
}

test('what comes, changes and goes in a dir is told as a change of that dir', async (t) => {
  const root = temporaryDir(t);
  for (const dir of ['a', 'b']) mkdirSync(path.join(root, dir));
  const { tree, told } = await watched(t, root);
  await tree.follow(asRead(root, '', 'a', 'b'));
  assert.equal(tree.size(), 3);

  writeFileSync(path.join(root, 'a', 'new.jpg'), '1');
  await told('a');
  appendFileSync(path.join(root, 'a', 'new.jpg'), '2');
  await told('a');
  renameSync(path.join(root, 'a', 'new.jpg'), path.join(root, 'b', 'new.jpg'));
  await told('a', 'b');
  rmSync(path.join(root, 'b', 'new.jpg'));
  await told('b');
  mkdirSync(path.join(root, 'c'));
  await told('');
});

test('reading tells nothing, nor do names that are passed over', async (t) => {
  const root = temporaryDir(t);
  for (const dir of ['a', 'b']) mkdirSync(path.join(root, dir));
  writeFileSync(path.join(root, 'a', 'old.jpg'), '1');
  const { tree, nothingElse } = await watched(t, root, ['Thumbs.db', '.hidden/']);
  await tree.follow(asRead(root, 'a', 'b'));

  readdirSync(path.join(root, 'a'));
  readFileSync(path.join(root, 'a', 'old.jpg'));
  writeFileSync(path.join(root, 'a', 'Thumbs.db'), '1');
  writeFileSync(path.join(root, 'a', temporaryName(12, '0123456789ab')), '1');
  await nothingElse(path.join(root, 'b', 'mark'), 'b');
});

test('a dir that is not as it was last read is told when it is watched', async (t) => {
  const root = temporaryDir(t);
  for (const dir of ['same', 'changed', 'unsettled']) mkdirSync(path.join(root, dir));
  const dirs = asRead(root, 'same', 'changed', 'unsettled');
  await sleep(20);
  writeFileSync(path.join(root, 'changed', 'new.jpg'), '1');
  const { tree, told } = await watched(t, root);
  await tree.follow(dirs.map((dir) => (dir.prefix === 'unsettled' ? { ...dir, mtimeNs: null } : dir)));
  await told('changed', 'unsettled');
});

test('a dir that was made anew at the same place is watched again, and one that is gone is no trouble', async (t) => {
  const root = temporaryDir(t);
  for (const dir of ['a', 'gone']) mkdirSync(path.join(root, dir));
  const before = asRead(root, 'a', 'gone');
  const { tree, told } = await watched(t, root);
  await tree.follow(before);
  // The old one is kept, so that the new one is another inode.
  renameSync(path.join(root, 'a'), path.join(root, 'z'));
  mkdirSync(path.join(root, 'a'));
  rmSync(path.join(root, 'gone'), { recursive: true });
  await told('a', 'gone');
  await tree.follow([...asRead(root, 'a'), ...before.filter(({ prefix }) => prefix === 'gone')]);
  assert.equal(tree.size(), 2);
  writeFileSync(path.join(root, 'a', 'new.jpg'), '1');
  await told('a');
});

test('dirs that are not followed any more are quiet, and others go on', async (t) => {
  const root = temporaryDir(t);
  for (const dir of ['a', 'b']) mkdirSync(path.join(root, dir));
  const { tree, nothingElse } = await watched(t, root);
  await tree.follow(asRead(root, 'a', 'b'));
  await tree.follow(asRead(root, 'b'));
  assert.equal(tree.size(), 1);
  writeFileSync(path.join(root, 'a', 'x.jpg'), '1');
  await nothingElse(path.join(root, 'b', 'mark'), 'b');
});

test('names that are not UTF-8 are watched, and links below the root are not followed', async (t) => {
  const root = temporaryDir(t);
  const odd = 'caf\xe9';
  mkdirSync(onDisk(root, odd));
  const elsewhere = temporaryDir(t);
  symlinkSync(elsewhere, path.join(root, 'link'));
  const { tree, nothingElse } = await watched(t, root);
  await tree.follow([...asRead(root, odd), { prefix: 'link', mtimeNs: null, inode: null }]);
  assert.equal(tree.size(), 1);
  writeFileSync(path.join(elsewhere, 'x.jpg'), '1');
  await nothingElse(onDisk(root, `${odd}/mark`), odd);
});

test('a root that is gone or another one is told apart', async (t) => {
  const root = path.join(temporaryDir(t), 'root');
  await assert.rejects(watchTree({ rootPath: root, ignored: () => false, changed: () => undefined }), {
    code: 'ENOENT',
  });
  mkdirSync(root);
  const { tree } = await watched(t, root);
  assert.equal(await tree.isThere(), true);
  renameSync(root, `${root}-away`);
  assert.equal(await tree.isThere(), false);
  mkdirSync(root);
  assert.equal(await tree.isThere(), false);
});

test('a dir that may not be read is left out', { skip: process.getuid?.() === 0 && 'root may read all' }, async (t) => {
  const root = temporaryDir(t);
  mkdirSync(path.join(root, 'secret'), { mode: 0o000 });
  t.after(() => chmodSync(path.join(root, 'secret'), 0o700));
  const { tree } = await watched(t, root);
  await tree.follow([...asRead(root, '', 'secret')]);
  assert.equal(tree.size(), 1);
});

/** Runs a program that the kernel allows only so many watches; null where this system can't do that. */
function withFewWatches(watches: number, script: string): string | null {
  const shell = 'echo "$1" > /proc/sys/user/max_inotify_watches && exec "$2" --import tsx --input-type=module -e "$3"';
  const args = ['-Ur', 'sh', '-c', shell, 'sh', String(watches), process.execPath, script];
  const { status, stdout } = spawnSync('unshare', args, {
    encoding: 'utf8',
    cwd: path.join(import.meta.dirname, '..'),
  });
  return status === 0 ? stdout : null;
}

test('where the system allows too few watches it says so, and leaves none to itself', (t) => {
  const root = temporaryDir(t);
  for (let i = 0; i < 5; i++) mkdirSync(path.join(root, `d${i}`));
  const told = withFewWatches(
    3,
    `import { watchTree, watchTrouble } from './photos/watch.ts';
     const tree = await watchTree({ rootPath: ${JSON.stringify(root)}, ignored: () => false, changed: () => {} });
     const dirs = [0, 1, 2, 3, 4].map((i) => ({ prefix: 'd' + i, mtimeNs: null, inode: null }));
     await tree.follow(dirs).catch((error) => console.log(watchTrouble(error), tree.size()));`,
  );
  if (told === null) return t.skip('no user namespaces here');
  assert.match(told, /^The system watches no more directories .*max_user_watches\)\. 0$/m);
});

test('other troubles are told as they are', () => {
  assert.equal(watchTrouble(new Error('It is away.')), 'It is away.');
  assert.equal(watchTrouble(new Error('EMFILE: too many open files')), 'EMFILE: too many open files.');
});
