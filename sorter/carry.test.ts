import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { isTemporary } from '../model/names.ts';
import { carryFiles } from './carry.ts';
import { createDisk, type Disk } from './disk.ts';
import { setTimes } from './system-calls.ts';
import { carriedIds, memoryJournal, swapped, temporaries } from '../tests/support/carries.ts';
import { hashesOf, sha, treeOf } from '../tests/support/tree.ts';
import { fileOf, markOf, type Carry, type Place } from './where.ts';

/** Two disks, where the machine has them: a copy is another way than a second name. */
const here = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-carry-'));
const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/photo-assistant-carry-') : here;
const hasTwoDisks = statSync(here).dev !== statSync(memory).dev;
after(() => {
  for (const dir of [here, memory]) rmSync(dir, { recursive: true, force: true });
});

interface Given {
  /** Files of the tree: its dir, its name, how long it is, and the unit it goes with. */
  files: { dir: string; name: string; length: number; unit: number; to: string; toName: string }[];
  /** Names at which something is already. */
  taken: boolean[];
  otherDisk: boolean;
  /** Whether the file system knows second names; whether the new place is on another one, as far as the sorter can tell. */
  links: boolean;
  across: boolean;
  /** Whether it can rename without replacing in one step. */
  inOneStep: boolean;
  /** Whether the new place keeps times to two seconds only; whether inodes are others after each kill. */
  coarse: boolean;
  madeUp: boolean;
}

const names = fc.constantFrom('a.jpg', 'A.jpg', 'a.CR2', 'b c.mov', 'ä.jpg', '.hidden', 'x'.repeat(255), 'e\u0301.jpg');
const dirs = fc.constantFrom('', 'one', 'one/two', 'drei', 'one/x');
const given: fc.Arbitrary<Given> = fc.record({
  files: fc.uniqueArray(
    fc.record({
      dir: dirs,
      name: names,
      length: fc.integer({ min: 0, max: 3000 }),
      unit: fc.nat(3),
      to: fc.constantFrom('', '2021/05', '2021/06', 'unsorted/one'),
      toName: names,
    }),
    { minLength: 1, maxLength: 7, selector: ({ dir, name }) => `${dir}/${name}` },
  ),
  taken: fc.oneof(
    fc.constant(Array.from({ length: 7 }, () => false)),
    fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  ),
  otherDisk: hasTwoDisks ? fc.boolean() : fc.constant(false),
  links: fc.boolean(),
  inOneStep: fc.boolean(),
  across: fc.boolean(),
  coarse: fc.boolean(),
  madeUp: fc.boolean(),
});

interface Ground {
  source: string;
  target: string;
  carries: Carry[];
}

let grounds = 0;
function prepare({ files, taken, otherDisk }: Given): Ground {
  const name = String(++grounds);
  const source = path.join(here, name, 'camera');
  const target = path.join(otherDisk ? memory : here, name, 'library');
  for (const root of [source, target]) mkdirSync(root, { recursive: true });
  const placeOf = (root: string, prefix: string, fname: string): Place => ({
    root,
    prefix,
    fname: Buffer.from(fname).toString('latin1'),
  });
  const planned = new Set<string>();
  const carries: Carry[] = [];
  for (const [i, file] of files.entries()) {
    const from = placeOf(source, file.dir, file.name);
    const to = placeOf(target, file.to, file.toName);
    mkdirSync(path.join(source, file.dir), { recursive: true });
    const text = `${i} `.repeat(file.length);
    const at = path.join(source, file.dir, file.name);
    writeFileSync(at, text);
    setTimes(fileOf(from), 5n, 1_500_000_000_123_456_789n + BigInt(i));
    // A plan gives no name twice.
    if (planned.has(fileOf(to))) continue;
    planned.add(fileOf(to));
    if (taken[i]) {
      mkdirSync(path.join(target, file.to), { recursive: true });
      writeFileSync(path.join(target, file.to, file.toName), `there before ${i}`);
    }
    const stat = lstatSync(at, { bigint: true });
    assert.equal(stat.mtimeNs, 1_500_000_000_123_456_789n + BigInt(i));
    const seen = { size: Number(stat.size), mtimeNs: String(stat.mtimeNs), inode: String(stat.ino), hash: sha(text) };
    carries.push({ id: i + 1, unit: file.unit, from, to, file: seen, restore: null, begun: false, copy: null });
  }
  return { source, target, carries };
}

class Killed extends Error {}

/** A disk that stops `before` or `after` its n-th step, as when it is killed, or fails there with a code of the system. */
function failing(disk: Disk, at: number, how: string): { disk: Disk; settled: () => Promise<void> } {
  let [steps, dead] = [0, false];
  const under = new Set<Promise<unknown>>();
  const proxy = new Proxy(disk, {
    get: (target, name: keyof Disk) => {
      return (...args: never[]) => {
        const run = (target[name] as (...given: never[]) => Promise<unknown>).bind(target);
        const work = async () => {
          if (dead) throw new Killed();
          const mine = ++steps === at;
          if (mine && how === 'before') dead = true;
          if (dead) throw new Killed();
          if (mine && how !== 'after') {
            throw Object.assign(new Error(`${how}: injected`), { code: how, syscall: name });
          }
          const result = await run(...args);
          if (mine) {
            dead = true;
            throw new Killed();
          }
          return result;
        };
        const promise = work();
        under.add(promise);
        return promise;
      };
    },
  });
  return { disk: proxy, settled: async () => void (await Promise.allSettled(under)) };
}

const refusal = (code: string) => Object.assign(new Error(code), { code, syscall: 'link' });

const rounded = (ns: bigint): bigint => ns - (ns % 2_000_000_000n);

let mounts = 0;
/** A disk as it is, or one such as cameras' cards have, or two of these; mounted anew each time. */
function diskOf({ links, inOneStep, across, coarse, madeUp }: Given): Disk {
  const disk = createDisk();
  const mount = ++mounts;
  return {
    ...disk,
    async look(path) {
      const seen = await disk.look(path);
      return seen && madeUp ? { ...seen, inode: `${seen.inode}.${mount}` } : seen;
    },
    async copy(from, to, mtimeNs) {
      const hash = await disk.copy(from, to, mtimeNs);
      if (coarse && to.includes('/library/')) {
        const { atimeNs, mtimeNs: exact } = lstatSync(Buffer.from(to, 'latin1'), { bigint: true });
        setTimes(to, atimeNs, rounded(exact));
      }
      return hash;
    },
    async rename(from, to) {
      if (!inOneStep) throw refusal('EINVAL');
      await disk.rename(from, to);
    },
    async link(from, to) {
      const isHidden = isTemporary(path.basename(from));
      if (across && !isHidden) throw refusal('EXDEV');
      if (!links) throw refusal('EPERM');
      await disk.link(from, to);
    },
  };
}

/** Runs until it is not killed any more. */
async function carryThroughKills(
  disk: () => Disk,
  carries: readonly Carry[],
  kills: readonly { at: number; how: string }[],
  check: () => void,
) {
  const { journal, rows } = memoryJournal(carries);
  for (const { at, how } of kills) {
    const { disk: mortal, settled } = failing(disk(), at, how);
    try {
      return await carryFiles(mortal, journal, rows());
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await settled();
      check();
    }
  }
  return await carryFiles(disk(), journal, rows());
}

test('killed at any step, any number of times, every byte is there, once, where it is said to be; undone, all is as before', async () => {
  const kills = fc.array(fc.record({ at: fc.integer({ min: 1, max: 90 }), how: fc.constantFrom('before', 'after') }), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(given, kills, kills, async (drawn, killsThere, killsBack) => {
      const { source, target, carries } = prepare(drawn);
      const disk = () => diskOf(drawn);
      const before = treeOf(source, target);
      const all = hashesOf(source, target);
      /** In between a file may be there twice, but never less. */
      const nothingIsLost = () => {
        const now = hashesOf(source, target);
        for (const hash of new Set(all)) {
          const count = (hashes: string[]) => hashes.filter((each) => each === hash).length;
          assert.ok(count(now) >= count(all), 'a file is gone');
        }
      };
      const outcomes = await carryThroughKills(disk, carries, killsThere, nothingIsLost);
      assert.deepEqual(hashesOf(source, target), all, 'every byte once');
      assert.deepEqual(temporaries(source, target), []);
      const carried = carriedIds(outcomes);
      for (const carry of carries) {
        const [from, to] = [carry.from, carry.to].map((place) => Buffer.from(fileOf(place), 'latin1'));
        const there = carried.has(carry.id) ? to! : from!;
        assert.equal(sha(readFileSync(there)), carry.file.hash);
        const exact = BigInt(carry.file.mtimeNs);
        const isRounded = drawn.coarse && (drawn.across || drawn.otherDisk) && carried.has(carry.id);
        assert.equal(lstatSync(there, { bigint: true }).mtimeNs, isRounded ? rounded(exact) : exact);
        if (carried.has(carry.id)) assert.ok(!existsSync(from!));
      }
      for (const unit of Map.groupBy(carries, (carry) => carry.unit).values()) {
        const known = new Set(unit.map(({ id }) => carried.has(id)));
        assert.equal(known.size, 1, 'a unit goes together');
      }
      const back = carries.flatMap((carry) => {
        const outcome = outcomes.find(({ id }) => id === carry.id);
        return outcome?.carried ? [swapped(carry, outcome.now)] : [];
      });
      const undone = await carryThroughKills(disk, back, killsBack, nothingIsLost);
      assert.equal(carriedIds(undone).size, back.length);
      assert.deepEqual(treeOf(source, target), before, 'the tree is what it was');
      rmSync(path.dirname(source), { recursive: true });
      rmSync(path.dirname(target), { recursive: true, force: true });
    }),
    { numRuns: 250 },
  );
});

test('whatever the system refuses at any step, nothing is lost, and who was not moved has a reason', async () => {
  const errors = fc.constantFrom(
    'ENOSPC',
    'EROFS',
    'EACCES',
    'EIO',
    'ESTALE',
    'ENOENT',
    'EXDEV',
    'EPERM',
    'ENAMETOOLONG',
  );
  await fc.assert(
    fc.asyncProperty(given, fc.integer({ min: 1, max: 80 }), errors, async (drawn, at, code) => {
      const { source, target, carries } = prepare(drawn);
      const disk = diskOf(drawn);
      const all = hashesOf(source, target);
      const { journal, rows } = memoryJournal(carries);
      const outcomes = await carryFiles(failing(disk, at, code).disk, journal, carries);
      assert.deepEqual([...new Set(hashesOf(source, target))], [...new Set(all)]);
      const carried = carriedIds(outcomes);
      // With one thing wrong all is put right; where a name was taken, too, what is put right may be what fails.
      if (!drawn.taken.includes(true)) {
        assert.deepEqual(hashesOf(source, target), all, 'every byte once');
        assert.deepEqual(temporaries(source, target), []);
        for (const unit of Map.groupBy(carries, (carry) => carry.unit).values()) {
          const known = new Set(unit.map(({ id }) => carried.has(id)));
          assert.ok(known.size === 1 || drawn.otherDisk || drawn.across, 'a unit goes together');
        }
      }
      for (const { id, from, to, file } of carries) {
        const there = Buffer.from(fileOf(carried.has(id) ? to : from), 'latin1');
        assert.equal(sha(readFileSync(there)), file.hash);
      }
      for (const outcome of outcomes) if (!outcome.carried) assert.match(outcome.refused.code, /^(move|root)\./);
      // Tried again when nothing fails any more, what was left of the first time is put right as well.
      const again = rows().flatMap((row) => {
        const outcome = outcomes.find(({ id }) => id === row.id);
        if (!outcome || outcome.carried) return [];
        return [outcome.clean ? { ...row, begun: false, copy: null } : { ...row, begun: true }];
      });
      const second = carriedIds(await carryFiles(disk, journal, again));
      assert.deepEqual(hashesOf(source, target), all, 'every byte once');
      assert.deepEqual(temporaries(source, target), []);
      if (!drawn.taken.includes(true)) assert.equal(second.size, again.length);
      rmSync(path.dirname(source), { recursive: true });
      rmSync(path.dirname(target), { recursive: true, force: true });
    }),
    { numRuns: 250 },
  );
});

/** One file that has to be copied, and a disk that says so. */
function oneCopy(): { ground: Ground; carry: Carry; disk: Disk } {
  const file = { dir: 'one', name: 'a.mov', length: 3000, unit: 1, to: '2021/05', toName: 'a.mov' };
  const drawn: Given = {
    ...{ files: [file], taken: [], otherDisk: false },
    ...{ links: true, across: true, inOneStep: true, coarse: false, madeUp: false },
  };
  const ground = prepare(drawn);
  const [carry] = ground.carries;
  assert.ok(carry);
  return { ground, carry, disk: diskOf(drawn) };
}

test('what another run is writing is never taken for the copy: the original stays', async () => {
  const { ground, carry, disk } = oneCopy();
  const { journal } = memoryJournal(ground.carries);
  const halfWritten = Promise.withResolvers<undefined>();
  const mayGoOn = Promise.withResolvers<undefined>();
  const other: Disk = {
    ...disk,
    async copy(_, to) {
      writeFileSync(Buffer.from(to, 'latin1'), 'half', { flag: 'wx' });
      halfWritten.resolve(undefined);
      await mayGoOn.promise;
      throw Object.assign(new Error('gone'), { code: 'EIO', syscall: 'write' });
    },
  };
  let second: Promise<unknown> = Promise.resolve();
  const [outcome] = await carryFiles(
    disk,
    {
      ...journal,
      // It does not know yet that the plan is not its own any more, and another run begins with what it finds.
      copied: async () => {
        second = carryFiles(other, memoryJournal(ground.carries).journal, [{ ...carry, begun: true }]);
        await halfWritten.promise;
      },
    },
    [carry],
  );
  assert.equal(outcome?.carried, false);
  assert.equal(sha(readFileSync(Buffer.from(fileOf(carry.from), 'latin1'))), carry.file.hash);
  mayGoOn.resolve(undefined);
  await second;
  assert.equal(sha(readFileSync(Buffer.from(fileOf(carry.from), 'latin1'))), carry.file.hash);
});

for (const moment of ['begun', 'copied'] as const) {
  test(`a run that loses its plan when it has ${moment} takes no step any more, and the next one does the rest`, async () => {
    const { ground, carry, disk } = oneCopy();
    const { journal, rows } = memoryJournal(ground.carries);
    const lost = new AbortController();
    const reason = new Error('lost');
    const noting: typeof journal = {
      ...journal,
      lost: lost.signal,
      begun: async (...given) => {
        await journal.begun(...given);
        if (moment === 'begun') lost.abort(reason);
      },
      copied: async (copy) => {
        await journal.copied(copy);
        if (moment === 'copied') lost.abort(reason);
      },
    };
    await assert.rejects(carryFiles(disk, noting, ground.carries), reason);
    assert.ok(existsSync(Buffer.from(fileOf(carry.from), 'latin1')));
    assert.ok(!existsSync(Buffer.from(fileOf(carry.to), 'latin1')));
    const [outcome] = await carryFiles(disk, journal, rows());
    assert.equal(outcome?.carried, true);
    assert.deepEqual(hashesOf(ground.source, ground.target), [carry.file.hash]);
    assert.deepEqual(temporaries(ground.source, ground.target), []);
  });
}

test('a name that a killed run has taken for a file is free for that file; nothing else at it is taken away, be it empty', async () => {
  const file = { dir: '', name: 'a.jpg', length: 9, unit: 1, to: '2021', toName: 'a.jpg' };
  const plain = { files: [file], taken: [], otherDisk: false, links: false, across: false, inOneStep: false };
  const drawn = { ...plain, coarse: false, madeUp: false };
  for (const there of ['ours', 'of another file', '']) {
    const { target, carries } = prepare(drawn);
    const begun = carries.map((carry) => ({ ...carry, begun: true }));
    const [carry] = begun;
    assert.ok(carry);
    const at = path.join(target, '2021', 'a.jpg');
    const text = there === 'ours' ? markOf(carry) : there && markOf({ ...carry, id: carry.id + 1 });
    mkdirSync(path.dirname(at));
    writeFileSync(at, text);
    const { journal } = memoryJournal(begun);
    const [outcome] = await carryFiles(diskOf(drawn), journal, begun);
    if (there === 'ours') assert.equal(sha(readFileSync(at)), carry.file.hash);
    else {
      assert.ok(outcome && !outcome.carried);
      assert.equal(outcome.refused.code, 'move.name-taken');
      assert.equal(readFileSync(at, 'utf8'), text);
    }
  }
});

test('a new name is on the disk, with the dirs that were made for it, before the old one goes', async () => {
  for (const links of [true, false]) {
    const file = { dir: '', name: 'a.jpg', length: 9, unit: 1, to: '2021/05', toName: 'a.jpg' };
    const drawn = { files: [file], taken: [], otherDisk: false, links, across: false, inOneStep: true };
    const { source, target, carries } = prepare({ ...drawn, coarse: false, madeUp: false });
    const disk = diskOf({ ...drawn, coarse: false, madeUp: false });
    const flushed: string[] = [];
    const leaves = (path: string) => {
      if (path.startsWith(source)) assert.deepEqual(flushed, ['2021/05', '2021', '']);
    };
    const { journal } = memoryJournal(carries);
    const [outcome] = await carryFiles(
      {
        ...disk,
        async flushDir(path) {
          flushed.push(path.slice(target.length + 1));
          await disk.flushDir(path);
        },
        async rename(from, to) {
          leaves(from);
          await disk.rename(from, to);
        },
        async unlink(path) {
          leaves(path);
          await disk.unlink(path);
        },
      },
      journal,
      carries,
    );
    assert.ok(outcome?.carried);
    assert.equal(flushed.length, 3);
  }
});
