import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { quickDatabase } from './support/database.ts';
import { temporaryDir } from './support/house.ts';
import { scannedLibrary, type ScannedLibrary } from './support/scanned-library.ts';

const { sql, stop } = await quickDatabase();
after(stop);

/** What people do to their files by hand, and scans in between. Numbers choose among what there is. */
type Deed =
  | { do: 'write' }
  | { do: 'move file' | 'copy to the other disk, then delete'; file: number; to: number; name: number }
  | { do: 'move dir'; dir: number; to: number; name: number }
  | { do: 'exchange'; file: number; with: number }
  | { do: 'delete'; file: number }
  | { do: 'scan' | 'scan and read'; root: number };

const number = fc.nat(30);
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('write' as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('move file' as const, 'copy to the other disk, then delete' as const),
      ...{ file: number, to: number, name: fc.nat(4) },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move dir' as const), dir: number, to: number, name: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('exchange' as const), file: number, with: number }) },
  fc.record({ do: fc.constant('delete' as const), file: number }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('scan' as const, 'scan and read' as const),
      root: fc.constantFrom(1, 2),
    }),
  },
);

/** Two roots on disk. Each file holds bytes of its own, and every change leaves another time on its dirs. */
function twoRootsOnDisk(base: string) {
  let written = 0;
  let clock = 0;
  const touched = (...dirs: string[]) => {
    for (const dir of dirs) utimesSync(dir, 1_600_000_000 + ++clock, 1_600_000_000 + clock);
  };
  const entries = (dir: string): { dirs: string[]; files: string[] } => {
    const below = readdirSync(dir, { withFileTypes: true }).toSorted((x, y) => (x.name < y.name ? -1 : 1));
    const inner = below.filter((entry) => entry.isDirectory()).map((entry) => entries(path.join(dir, entry.name)));
    return {
      dirs: [dir, ...inner.flatMap((each) => each.dirs)],
      files: [
        ...below.filter((entry) => entry.isFile()).map((entry) => path.join(dir, entry.name)),
        ...inner.flatMap((each) => each.files),
      ],
    };
  };
  const roots = ['a', 'b'].map((name) => path.join(base, name));
  const all = () => {
    const both = roots.map(entries);
    return { dirs: both.flatMap((each) => each.dirs), files: both.flatMap((each) => each.files) };
  };
  const write = (file: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `file ${++written}`);
    utimesSync(file, 1_500_000_000 + written, 1_500_000_000 + written);
  };
  for (const root of roots) for (const place of ['0', 'd0/0', 'd0/1', 'd1/d0/0']) write(path.join(root, place));
  touched(...all().dirs);

  return {
    roots,
    all,
    perform(deed: Deed): void {
      const { dirs, files } = all();
      const pick = <T>(of: readonly T[], n: number): T | undefined => of[n % of.length];
      switch (deed.do) {
        case 'write': {
          write(path.join(dirs[written % dirs.length]!, `new ${written}`));
          return touched(...dirs);
        }
        case 'move file':
        case 'copy to the other disk, then delete': {
          const [file, to] = [pick(files, deed.file), pick(dirs, deed.to)];
          if (file === undefined || to === undefined) return;
          const target = path.join(to, String(deed.name));
          if (existsSync(target)) return;
          if (deed.do === 'move file') renameSync(file, target);
          else {
            const { atime, mtime } = statSync(file);
            copyFileSync(file, target);
            utimesSync(target, atime, mtime);
            // Out of sight only: between two disks no other file would get its inode.
            renameSync(file, path.join(base, `left ${++clock}`));
          }
          return touched(path.dirname(file), to);
        }
        case 'move dir': {
          const movable = dirs.filter((dir) => !roots.includes(dir));
          const [dir, to] = [pick(movable, deed.dir), pick(dirs, deed.to)];
          if (dir === undefined || to === undefined || `${to}/`.startsWith(`${dir}/`)) return;
          const target = path.join(to, `d${deed.name}`);
          if (existsSync(target)) return;
          renameSync(dir, target);
          return touched(path.dirname(dir), to);
        }
        case 'exchange': {
          const [one, other] = [pick(files, deed.file), pick(files, deed.with)];
          if (one === undefined || other === undefined || one === other) return;
          renameSync(one, path.join(base, 'hand'));
          renameSync(other, one);
          renameSync(path.join(base, 'hand'), other);
          return touched(path.dirname(one), path.dirname(other));
        }
        case 'delete': {
          const file = pick(files, deed.file);
          if (file === undefined) return;
          rmSync(file);
          return touched(path.dirname(file));
        }
        default:
      }
    },
  };
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Rows are the files on disk, by place and content; returns which row has which content. */
async function sameAsDisk(
  library: ScannedLibrary,
  disk: ReturnType<typeof twoRootsOnDisk>,
): Promise<Map<string, number>> {
  const rows = await library.files();
  const onDisk = disk.all().files.map((file) => [file, hashOf(file)] as const);
  assert.deepEqual(
    rows.map((row) => [path.join(disk.roots[row.root - 1]!, row.path), row.hash] as const).toSorted(),
    onDisk.toSorted(),
  );
  const [counted] = await sql`
    SELECT coalesce(sum(num_files), 0)::int AS files, coalesce(sum(num_read), 0)::int AS read FROM dir WHERE missing_since IS NULL`;
  assert.deepEqual(counted, { files: rows.length, read: rows.length });
  return new Map(rows.map((row) => [row.hash!, row.id]));
}

test('whatever is renamed and moved by hand, and in whatever order paths are scanned: rows are the files on disk, and numbers follow contents', async (t) => {
  const base = temporaryDir(t);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 3, maxLength: 14 }), fc.boolean(), async (all, secondFirst) => {
      const disk = twoRootsOnDisk(path.join(base, String(++runs)));
      const library = await scannedLibrary(sql, disk.roots);
      const settleAll = async () => {
        for (const root of secondFirst ? [2, 1] : [1, 2]) {
          await library.scan(root);
          await library.read(root);
        }
      };
      await settleAll();
      let known = await sameAsDisk(library, disk);
      for (const deed of all) {
        if (deed.do === 'scan' || deed.do === 'scan and read') {
          await library.scan(deed.root);
          if (deed.do === 'scan and read') await library.read(deed.root);
        } else disk.perform(deed);
        // It is seen before it is moved: an unknown file at a name that another one had may be that one, changed.
        if (deed.do === 'write') for (const root of [1, 2]) await library.scan(root);
      }
      await settleAll();
      const now = await sameAsDisk(library, disk);
      for (const [hash, id] of now) {
        const before = known.get(hash);
        if (before !== undefined) assert.equal(id, before);
      }
      known = now;
      // Nothing is found twice: all is known.
      for (const root of [1, 2]) {
        const { foundAgain, missing } = await library.scan(root);
        assert.deepEqual([foundAgain, missing, await library.read(root)], [0, 0, 0]);
      }
      assert.deepEqual(await sameAsDisk(library, disk), known);
      rmSync(path.join(base, String(runs)), { recursive: true });
    }),
    { numRuns: 25 },
  );
});
