import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fromText, toBytes } from '../model/names.ts';
import { carryFiles } from '../sorter/carry.ts';
import { createDisk, type Disk } from '../sorter/disk.ts';
import { setTimes } from '../sorter/system-calls.ts';
import { fileOf, type Carry } from '../sorter/where.ts';
import { memoryJournal, swapped, temporaries } from './support/carries.ts';
import { temporaryDir } from './support/house.ts';
import { mountNew, type FileSystem, type Mount } from './support/mounts.ts';
import { hashesOf, sha, treeOf } from './support/tree.ts';

/** Files in a dir of this machine's own disk, and a library on another one. */
interface Ground {
  mount: Mount;
  source: string;
  library: string;
  /** Writes a file that is to go to `to`, below the library. Those of one unit go together. */
  add(fname: string, to: string, options?: { bytes?: number; unit?: number }): Carry;
  /** Moves all that was added. @returns why a file was not moved, or null, by its name in the source */
  move(disk?: Disk): Promise<Record<string, string | null>>;
  carries: Carry[];
}

const start = 1_500_000_001_123_456_789n;

/** Null, and the test skipped, where the machine has no such disk. */
function groundOn(t: TestContext, kind: FileSystem, megabytes = 12): Ground | null {
  const mount = mountNew(t, kind, megabytes);
  if (typeof mount === 'string') {
    t.skip(mount);
    return null;
  }
  const source = path.join(temporaryDir(t), 'camera');
  const library = path.join(mount.dir, 'library');
  for (const dir of [source, library]) mkdirSync(dir);
  const carries: Carry[] = [];
  return {
    ...{ mount, source, library, carries },
    add(fname, to, { bytes = 2000, unit } = {}) {
      const id = carries.length + 1;
      const from = { root: source, prefix: '', fname: fromText(fname) };
      const content = Buffer.alloc(bytes, `${id}: ${fname} `);
      writeFileSync(toBytes(fileOf(from)), content);
      setTimes(fileOf(from), 5n, start + BigInt(id) * 1_000_000_007n);
      const { ino, mtimeNs } = lstatSync(toBytes(fileOf(from)), { bigint: true });
      const carry: Carry = {
        ...{ id, unit: unit ?? id + 1000, from, begun: false, copy: null, restore: null },
        to: {
          root: library,
          prefix: fromText(path.dirname(to)).replace(/^\.$/, ''),
          fname: fromText(path.basename(to)),
        },
        file: { size: bytes, mtimeNs: String(mtimeNs), inode: String(ino), hash: sha(content) },
      };
      carries.push(carry);
      return carry;
    },
    async move(disk = createDisk()) {
      const outcomes = await carryFiles(disk, memoryJournal(carries).journal, carries);
      return Object.fromEntries(
        outcomes.map((outcome, i) => [
          Buffer.from(carries[i]!.from.fname, 'latin1').toString(),
          outcome.carried ? null : outcome.refused.code,
        ]),
      );
    },
  };
}

/** Every byte is there, once, where it is said to be, and nothing else. */
function isAllThere(
  { source, library, carries }: Ground,
  result: Record<string, string | null>,
  others: string[] = [],
) {
  assert.deepEqual(hashesOf(source, library), [...carries.map(({ file }) => file.hash!), ...others].sort());
  assert.deepEqual(temporaries(source, library), []);
  for (const carry of carries) {
    const isMoved = result[Buffer.from(carry.from.fname, 'latin1').toString()] === null;
    const at = treeOf(isMoved ? library : source).find(
      ({ path: each }) => each === pathOf(isMoved ? carry.to : carry.from),
    );
    assert.equal(at?.hash, carry.file.hash, `${carry.from.fname} is where it is said to be`);
  }
}
const pathOf = (place: Carry['to']): string => Buffer.from(fileOf(place), 'latin1').toString();

const kinds: [FileSystem, { seconds: bigint; noCase: boolean }][] = [
  ['ext4', { seconds: 0n, noCase: false }],
  ['old ext4', { seconds: 1n, noCase: false }],
  ['tmpfs', { seconds: 0n, noCase: false }],
  ['vfat', { seconds: 2n, noCase: true }],
  ['exfat', { seconds: 2n, noCase: true }],
  ['ext4 that knows no case', { seconds: 0n, noCase: true }],
];
for (const [kind, { seconds, noCase }] of kinds) {
  test(`onto ${kind} and back: all is as it was, to the nanosecond`, async (t) => {
    const ground = groundOn(t, kind);
    if (!ground) return;
    for (const [i, name] of ['a.jpg', 'a.CR2', 'b c.mov', 'ä.jpg', 'empty'].entries()) {
      ground.add(name, `2017/0${i % 2}/${name}`, { bytes: name === 'empty' ? 0 : 100_000 + i, unit: i < 2 ? 1 : i });
    }
    const before = treeOf(ground.source);
    const outcomes = await carryFiles(createDisk(), memoryJournal(ground.carries).journal, ground.carries);
    isAllThere(
      ground,
      Object.fromEntries(ground.carries.map(({ from }) => [Buffer.from(from.fname, 'latin1').toString(), null])),
    );
    for (const { file, to } of ground.carries) {
      const { mtimeNs } = lstatSync(pathOf(to), { bigint: true });
      const lost = BigInt(file.mtimeNs) - mtimeNs;
      assert.ok(lost === 0n || (lost > 0n && lost < seconds * 1_000_000_000n), `${pathOf(to)} is ${lost} ns older`);
    }
    // Names move on within the disk as well, with or without second names.
    const within = ground.carries.map((carry, i) => {
      const outcome = outcomes[i];
      assert.ok(outcome?.carried);
      return { ...swapped(carry, outcome.now), to: { ...carry.to, prefix: 'else/where' }, restore: null };
    });
    const moved = await carryFiles(createDisk(), memoryJournal(within).journal, within);
    // A disk that was away may give other inodes.
    if (kind !== 'tmpfs') {
      ground.mount.unmount();
      ground.mount.mount();
    }
    const back = ground.carries.map((carry, i) => {
      const outcome = moved[i];
      assert.ok(outcome?.carried);
      return { ...swapped(carry, outcome.now), from: { ...carry.to, prefix: 'else/where' } };
    });
    for (const outcome of await carryFiles(createDisk(), memoryJournal(back).journal, back)) assert.ok(outcome.carried);
    assert.deepEqual(treeOf(ground.source), before);
    assert.deepEqual(treeOf(ground.library), []);
  });

  test(`names on ${kind}: none is replaced, in whatever case it is written`, async (t) => {
    const ground = groundOn(t, kind);
    if (!ground) return;
    const long = 'x'.repeat(251) + '.jpg';
    ground.add('1', 'Taken.jpg');
    ground.add('2', 'TAKEN.JPG');
    ground.add('3', 'new.jpg');
    ground.add('4', 'NEW.jpg');
    ground.add('5', long);
    ground.add('6', `x${long}`);
    writeFileSync(path.join(ground.library, 'Taken.jpg'), 'there before');
    const result = await ground.move();
    isAllThere(ground, result, [sha('there before')]);
    assert.equal(result[1], 'move.name-taken');
    assert.equal(result[2], noCase ? 'move.name-taken' : null);
    assert.deepEqual(
      [result[3], result[4]].filter((code) => code !== null),
      noCase ? ['move.name-taken'] : [],
    );
    assert.deepEqual([result[5], result[6]], [null, 'move.name-too-long']);
  });
}

for (const kind of ['vfat', 'exfat'] as const) {
  test(`a name that ${kind} can't hold is refused, and the rest is moved`, async (t) => {
    const ground = groundOn(t, kind);
    if (!ground) return;
    ground.add('1', 'a: b?.jpg');
    ground.add('2', 'fine.jpg');
    const result = await ground.move();
    isAllThere(ground, result);
    assert.match(result[1] ?? '', /^move\./);
    assert.equal(result[2], null);
  });
}

for (const kind of ['tmpfs', 'ext4', 'exfat'] as const) {
  test(`a full disk (${kind}): what has room is moved, of the rest nothing is left there`, async (t) => {
    const ground = groundOn(t, kind, kind === 'exfat' ? 4 : 1);
    if (!ground) return;
    const bytes = kind === 'exfat' ? 1_100_000 : 300_000;
    for (let i = 0; i < 5; i++) ground.add(`${i}`, `2017/${i}`, { bytes });
    ground.add('small', 'small', { bytes: 10 });
    ground.add('part 1', 'part 1', { bytes: 20, unit: 1 });
    ground.add('part 2', 'part 2', { bytes: 50 * bytes, unit: 1 });
    const result = await ground.move();
    isAllThere(ground, result);
    const reasons = new Set(Object.values(result));
    assert.deepEqual(reasons, new Set([null, 'move.no-room']));
    assert.deepEqual([result['part 1'], result['part 2']], ['move.no-room', 'move.no-room']);
  });
}

test('a disk that is read-only takes nothing and gives nothing', async (t) => {
  const ground = groundOn(t, 'ext4');
  if (!ground) return;
  ground.add('a', 'x/a');
  ground.add('b', 'b');
  writeFileSync(path.join(ground.library, 'stays'), 'stays');
  execFileSync('mount', ['-o', 'remount,ro', ground.mount.dir]);
  const result = await ground.move();
  isAllThere(ground, result, [sha('stays')]);
  assert.deepEqual(result, { a: 'move.not-allowed', b: 'move.not-allowed' });

  const { ino, mtimeNs } = lstatSync(path.join(ground.library, 'stays'), { bigint: true });
  const from = { root: ground.library, prefix: '', fname: 'stays' };
  const file = { size: 5, mtimeNs: String(mtimeNs), inode: String(ino), hash: sha('stays') };
  const out: Carry = {
    ...{ id: 9, unit: 9, from, to: { root: ground.source, prefix: '', fname: 'stays' }, file },
    ...{ restore: null, begun: false, copy: null },
  };
  const [outcome] = await carryFiles(createDisk(), memoryJournal([out]).journal, [out]);
  assert.ok(outcome && !outcome.carried && outcome.clean);
  assert.equal(outcome.refused.code, 'move.not-allowed');
  isAllThere(ground, result, [sha('stays')]);
});

test('dirs that may not be written: their files stay, the rest is moved', async (t) => {
  const ground = groundOn(t, 'ext4');
  if (!ground) return;
  const locked = path.join(ground.library, 'locked');
  mkdirSync(locked);
  ground.add('a', 'locked/a');
  ground.add('b', 'locked/new/b');
  ground.add('c', 'c');
  execFileSync('chattr', ['+i', locked]);
  try {
    const result = await ground.move();
    assert.deepEqual(result, { a: 'move.not-allowed', b: 'move.not-allowed', c: null });
    isAllThere(ground, result);
  } finally {
    execFileSync('chattr', ['-i', locked]);
  }
});

test('as a user who may not do everything: files of others are moved where dirs allow it, the rest is refused', async (t) => {
  const ground = groundOn(t, 'ext4');
  if (!ground) return;
  const [from, to, closed] = ['from', 'to', 'closed'].map((name) => path.join(ground.library, name)) as [
    string,
    string,
    string,
  ];
  for (const dir of [from, to, closed]) mkdirSync(dir);
  ground.add('a', 'to/a');
  ground.add('b', 'closed/b');
  ground.add('c', 'to/c');
  // Within the disk; the last one nobody else may read.
  for (const carry of ground.carries) {
    const there = path.join(from, carry.from.fname);
    execFileSync('cp', ['-p', pathOf(carry.from), there]);
    rmSync(pathOf(carry.from));
    carry.from = { root: ground.library, prefix: 'from', fname: carry.from.fname };
    carry.file.inode = String(lstatSync(there).ino);
    chmodSync(there, carry.from.fname === 'c' ? 0o600 : 0o644);
  }
  for (const dir of [from, to]) chmodSync(dir, 0o777);
  chmodSync(closed, 0o555);
  chmodSync(path.dirname(ground.mount.dir), 0o755);
  const nobody = 65_534;
  process.seteuid?.(nobody);
  let result;
  try {
    result = await ground.move();
  } finally {
    process.seteuid?.(0);
  }
  assert.deepEqual(result, { a: null, b: 'move.not-allowed', c: null });
  isAllThere({ ...ground, source: from, library: path.join(ground.library, 'to') }, result);
});

/** Does something once, just after the disk has done a step. */
function after(step: 'copy' | 'flushDir' | 'look', what: () => void): Disk {
  const disk = createDisk();
  let done = false;
  const then = <T>(result: T): T => {
    if (!done) what();
    done = true;
    return result;
  };
  switch (step) {
    case 'copy':
      return { ...disk, copy: async (...args) => then(await disk.copy(...args)) };
    case 'flushDir':
      return { ...disk, flushDir: async (...args) => then(await disk.flushDir(...args)) };
    case 'look':
      return { ...disk, look: async (...args) => then(await disk.look(...args)) };
  }
}

for (const step of ['copy', 'flushDir', 'look'] as const) {
  test(`a disk that is unmounted meanwhile (after the first ${step}) loses nothing; when it is back, all is moved`, async (t) => {
    const ground = groundOn(t, 'ext4');
    if (!ground) return;
    for (let i = 0; i < 6; i++) ground.add(`${i}`, `2017/${i}`, { bytes: 200_000, unit: i >> 1 });
    const { journal, rows } = memoryJournal(ground.carries);
    const outcomes = await carryFiles(
      after(step, () => ground.mount.unmount()),
      journal,
      ground.carries,
    );
    assert.deepEqual(readdirSync(ground.mount.dir), [], 'nothing is written below the mount point');
    for (const outcome of outcomes) {
      assert.ok(!outcome.carried);
      assert.match(outcome.refused.code, /^(move\.disk-failed|root\.missing)$/);
    }
    assert.deepEqual(hashesOf(ground.source), ground.carries.map(({ file }) => file.hash).sort());

    ground.mount.mount();
    const again = rows().map((row) => ({ ...row, begun: true }));
    for (const outcome of await carryFiles(createDisk(), journal, again)) assert.ok(outcome.carried);
    isAllThere(ground, Object.fromEntries(ground.carries.map(({ from }) => [from.fname, null])));
  });
}

for (const kind of ['ext4', 'exfat'] as const) {
  test(`onto ${kind}, files and names that are others than when it was planned: these stay, the rest is moved`, async (t) => {
    const ground = groundOn(t, kind);
    if (!ground) return;
    for (const name of ['written', 'replaced', 'gone', 'taken', 'late', 'fine']) ground.add(name, `2017/${name}`);
    const at = (name: string) => path.join(ground.source, name);
    const carry = (name: string) => ground.carries.find(({ from }) => from.fname === name)!;
    appendFileSync(at('written'), 'more');
    // Of the same size and time.
    writeFileSync(at('other'), Buffer.alloc(2000, 'other'));
    renameSync(at('other'), at('replaced'));
    setTimes(at('replaced'), 5n, BigInt(carry('replaced').file.mtimeNs));
    rmSync(at('gone'));
    mkdirSync(path.join(ground.library, '2017'));
    writeFileSync(path.join(ground.library, '2017', 'taken'), 'taken');
    const late = path.join(ground.library, '2017', 'late');
    const result = await ground.move(after('copy', () => writeFileSync(late, 'late')));
    assert.deepEqual(result, {
      ...{ written: 'move.source-changed', replaced: 'move.source-changed', gone: 'move.source-gone' },
      ...{ taken: 'move.name-taken', late: 'move.name-taken', fine: null },
    });
    assert.deepEqual(temporaries(ground.source, ground.library), []);
    assert.deepEqual(hashesOf(ground.library), [sha('taken'), sha('late'), carry('fine').file.hash!].sort());
    assert.deepEqual(readdirSync(ground.source).sort(), ['late', 'replaced', 'taken', 'written']);
    assert.equal(statSync(at('written')).size, 2004);
  });
}

test('a file that is written to while it is copied stays', async (t) => {
  const ground = groundOn(t, 'ext4');
  if (!ground) return;
  const { from } = ground.add('a', 'a');
  const result = await ground.move(after('flushDir', () => appendFileSync(pathOf(from), 'more')));
  assert.deepEqual(result, { a: 'move.source-changed' });
  assert.deepEqual(treeOf(ground.library), []);
  assert.equal(statSync(pathOf(from)).size, 2004);
});
