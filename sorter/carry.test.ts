import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { carryFiles, type Journal, type Outcome } from './carry.ts';
import { createDisk, type Disk } from './disk.ts';
import { setTimes } from './system-calls.ts';
import { fileOf, type Carry, type Place } from './where.ts';
import { temporaryPrefix } from '../model/names.ts';

/** Two disks, where the machine has them: a copy is another way than a second name. */
const here = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-carry-'));
const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/photo-assistant-carry-') : here;
const hasTwoDisks = statSync(here).dev !== statSync(memory).dev;
after(() => {
  for (const dir of [here, memory]) rmSync(dir, { recursive: true, force: true });
});

const sha = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** All that is below some dirs: path, hash, and time to the nanosecond. */
function treeOf(...dirs: string[]): { path: string; hash: string; mtimeNs: bigint }[] {
  return dirs.flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(dir, name))
      .filter((each) => lstatSync(each).isFile())
      .sort()
      .map((each) => ({
        path: each,
        hash: sha(readFileSync(each)),
        mtimeNs: lstatSync(each, { bigint: true }).mtimeNs,
      })),
  );
}
const hashesOf = (...dirs: string[]): string[] =>
  treeOf(...dirs)
    .map(({ hash }) => hash)
    .sort();

interface Given {
  /** Files of the tree: its dir, its name, how long it is, and the unit it goes with. */
  files: { dir: string; name: string; length: number; unit: number; to: string; toName: string }[];
  /** Names at which something is already. */
  taken: boolean[];
  otherDisk: boolean;
  /** Whether the file system knows second names; whether the new place is on another one, as far as the sorter can tell. */
  links: boolean;
  across: boolean;
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
  across: fc.boolean(),
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
    carries.push({ id: i + 1, unit: file.unit, from, to, file: seen, begun: false, copy: null });
  }
  return { source, target, carries };
}

/** What the database would remember. */
function memoryJournal(carries: readonly Carry[]) {
  const rows = new Map(carries.map((carry) => [carry.id, { ...carry }]));
  const journal: Journal = {
    begun: async (ids) => {
      for (const id of ids) rows.get(id)!.begun = true;
    },
    copied: async (copies) => {
      for (const { id, inode } of copies) rows.get(id)!.copy = inode;
    },
  };
  return { journal, rows: () => [...rows.values()] };
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

/** A disk as it is, or one such as cameras' cards have, or two of these. */
function diskOf({ links, across }: Given): Disk {
  const disk = createDisk();
  return {
    ...disk,
    async link(from, to) {
      const isHidden = path.basename(from).startsWith(temporaryPrefix);
      if (across && !isHidden) throw refusal('EXDEV');
      if (!links) throw refusal('EPERM');
      await disk.link(from, to);
    },
  };
}

const swapped = (carry: Carry, now: { size: number; mtimeNs: string; inode: string }): Carry => ({
  ...carry,
  from: carry.to,
  to: carry.from,
  file: { ...carry.file, ...now },
  begun: false,
  copy: null,
});
const temporaries = (...dirs: string[]): string[] =>
  treeOf(...dirs)
    .map((each) => each.path)
    .filter((each) => path.basename(each).startsWith(temporaryPrefix));

/** Runs until it is not killed any more. */
async function carryThroughKills(
  disk: Disk,
  carries: readonly Carry[],
  kills: readonly { at: number; how: string }[],
  check: () => void,
) {
  const { journal, rows } = memoryJournal(carries);
  for (const { at, how } of kills) {
    const { disk: mortal, settled } = failing(disk, at, how);
    try {
      return await carryFiles(mortal, journal, rows());
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await settled();
      check();
    }
  }
  return await carryFiles(disk, journal, rows());
}

const carriedIds = (outcomes: readonly Outcome[]) =>
  new Set(outcomes.filter((each) => each.carried).map(({ id }) => id));

test('killed at any step, any number of times, every byte is there, once, where it is said to be; undone, all is as before', async () => {
  const kills = fc.array(fc.record({ at: fc.integer({ min: 1, max: 90 }), how: fc.constantFrom('before', 'after') }), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(given, kills, kills, async (drawn, killsThere, killsBack) => {
      const { source, target, carries } = prepare(drawn);
      const disk = diskOf(drawn);
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
        assert.equal(String(lstatSync(there, { bigint: true }).mtimeNs), carry.file.mtimeNs);
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
