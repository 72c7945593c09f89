import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { approveMissing, heldFiles, rejectMissing } from '../sql/gone.ts';
import { removeMissingDirs, removeMissingFiles } from '../sql/remove-missing.ts';
import { quickDatabase } from './support/database.ts';
import { temporaryDir } from './support/house.ts';
import { settle } from './support/pictures.ts';
import { scannedLibrary } from './support/scanned-library.ts';

const { sql, stop } = await quickDatabase();
after(stop);

const day = 86_400;
const start = Date.parse('2024-05-04T12:00:00Z') / 1000;
/** Files and dirs are dated in the past, each differently, so that a scan trusts their times. */
let clock = 0;
const date = (target: string) => utimesSync(target, start + ++clock, start + clock + 0.123456);

/** Two roots, of a few files in each, scanned and read. */
async function twoRoots(t: TestContext) {
  const base = temporaryDir(t);
  const [a, b] = [path.join(base, 'a'), path.join(base, 'b')];
  const at = (place: string) => path.join(base, place);
  const write = (place: string, text: string) => {
    mkdirSync(path.dirname(at(place)), { recursive: true });
    writeFileSync(at(place), text);
    date(at(place));
  };
  /** Renames, and dates the dirs that it touched. */
  const move = (from: string, to: string) => {
    mkdirSync(path.dirname(at(to)), { recursive: true });
    renameSync(at(from), at(to));
    for (const each of new Set([path.dirname(at(from)), path.dirname(at(to))])) date(each);
  };
  /** As between two disks: the same bytes and time in another inode. */
  const moveAcross = (from: string, to: string) => {
    mkdirSync(path.dirname(at(to)), { recursive: true });
    const { atime, mtime } = statSync(at(from));
    copyFileSync(at(from), at(to));
    utimesSync(at(to), atime, mtime);
    // Out of sight only: between two disks no other file would get its inode.
    renameSync(at(from), at(`left ${++clock}`));
    for (const each of new Set([path.dirname(at(from)), path.dirname(at(to))])) date(each);
  };
  for (const place of ['a/x/1.jpg', 'a/x/2.jpg', 'a/x/sub/3.jpg', 'a/y/4.jpg', 'b/z/5.jpg', 'b/z/6.jpg'])
    write(place, place);
  settle(at('a/x/sub'), at('a/x'), at('a/y'), a, at('b/z'), b);
  const library = await scannedLibrary(sql, [a, b]);
  for (const root of [1, 2]) {
    await library.scan(root);
    await library.read(root);
  }
  /** Numbers by place, `a/x/1.jpg`. */
  const ids = async () =>
    Object.fromEntries((await library.files()).map((file) => [`${file.root === 1 ? 'a' : 'b'}/${file.path}`, file.id]));
  const known = await ids();
  assert.equal(Object.keys(known).length, 6);
  return { ...library, at, write, move, moveAcross, ids, known };
}

const missing = async () =>
  (await sql`SELECT id FROM file WHERE missing_since IS NOT NULL ORDER BY id`).map((row) => row.id as number);

test('a dir renamed by hand is one rename: its files keep their numbers, and none is opened', async (t) => {
  const { scan, read, ids, known, move } = await twoRoots(t);
  move('a/x', 'a/renamed');
  const settled = await scan(1);
  assert.deepEqual([settled.foundAgain, settled.missing], [3, 0]);
  assert.equal(await read(1), 0);
  const now = await ids();
  assert.equal(now['a/renamed/1.jpg'], known['a/x/1.jpg']);
  assert.equal(now['a/renamed/sub/3.jpg'], known['a/x/sub/3.jpg']);
  assert.equal(Object.keys(now).length, 6);
  assert.deepEqual(await missing(), []);
});

test('files whose names were exchanged keep their numbers', async (t) => {
  const { scan, read, ids, known, move } = await twoRoots(t);
  move('a/x/1.jpg', 'a/x/t');
  move('a/x/2.jpg', 'a/x/1.jpg');
  move('a/x/t', 'a/x/2.jpg');
  await scan(1);
  assert.equal(await read(1), 0);
  const now = await ids();
  assert.deepEqual([now['a/x/1.jpg'], now['a/x/2.jpg']], [known['a/x/2.jpg'], known['a/x/1.jpg']]);
});

for (const [order, roots] of [
  ['the new place first', [2, 1]],
  ['the old place first', [1, 2]],
] as const) {
  for (const way of ['move', 'moveAcross'] as const) {
    test(`a file that went to another path (${way}) keeps its number, ${order}`, async (t) => {
      const library = await twoRoots(t);
      library[way]('a/x/1.jpg', 'b/new/other name.jpg');
      for (const root of roots) {
        await library.scan(root);
        const opened = await library.read(root);
        if (way === 'move' && root === 2 && roots[0] === 1) assert.equal(opened, 0);
      }
      const now = await library.ids();
      assert.equal(now['b/new/other name.jpg'], library.known['a/x/1.jpg']);
      assert.equal(Object.keys(now).length, 6);
      assert.deepEqual(await missing(), []);
    });
  }
}

test('a copy is no move, also when the older one is deleted later', async (t) => {
  const { scan, read, ids, known, at } = await twoRoots(t);
  copyFileSync(at('a/x/1.jpg'), at('a/y/copy.jpg'));
  date(at('a/y/copy.jpg'));
  date(at('a/y'));
  await scan(1);
  await read(1);
  const copy = (await ids())['a/y/copy.jpg'];
  assert.equal((await ids())['a/x/1.jpg'], known['a/x/1.jpg']);
  assert.ok(!Object.values(known).includes(copy!));
  await scan(1);
  rmSync(at('a/x/1.jpg'));
  date(at('a/x'));
  await scan(1);
  assert.equal((await ids())['a/y/copy.jpg'], copy);
  assert.deepEqual(await missing(), [known['a/x/1.jpg']]);
});

test('a file that something changed by writing a new one keeps its number, also when the old one is left beside it', async (t) => {
  const { scan, read, ids, known, move, write, at } = await twoRoots(t);
  write('a/x/new', 'changed by an editor');
  move('a/x/new', 'a/x/1.jpg');
  move('a/x/2.jpg', 'a/x/2.jpg_original');
  write('a/x/2.jpg', 'changed by ExifTool');
  date(at('a/x'));
  await scan(1);
  assert.equal(await read(1), 3);
  const now = await ids();
  assert.deepEqual([now['a/x/1.jpg'], now['a/x/2.jpg']], [known['a/x/1.jpg'], known['a/x/2.jpg']]);
  assert.ok(!Object.values(known).includes(now['a/x/2.jpg_original']!));
});

test('a name that is used again does not take what was known of the file that had it', async (t) => {
  const { scan, read, ids, known, move, write, at } = await twoRoots(t);
  move('a/x/1.jpg', 'b/kept.jpg');
  await scan(1);
  write('a/x/1.jpg', 'the next card of the camera');
  date(at('a/x'));
  await scan(1);
  await read(1);
  await scan(2);
  const now = await ids();
  assert.equal(now['b/kept.jpg'], known['a/x/1.jpg']);
  assert.ok(!Object.values(known).includes(now['a/x/1.jpg']!));
});

test('a file whose faces a person has spoken on stays what it is, though another row has its bytes', async (t) => {
  const { scan, read, ids, known, moveAcross } = await twoRoots(t);
  moveAcross('a/x/1.jpg', 'b/new.jpg');
  await scan(2);
  await read(2);
  const id = (await ids())['b/new.jpg']!;
  await sql`
    INSERT INTO face (file_id, x, y, w, h, size, score, sharpness, cut, by_hand, landmarks, descriptor, sketch)
    VALUES (${id}, 0, 0, 1, 1, 9, 1, 1, false, true, '', '', '')`;
  await scan(1);
  assert.equal((await ids())['b/new.jpg'], id);
  assert.deepEqual(await missing(), [known['a/x/1.jpg']]);
});

test('hard links and copies are known again one to one', async (t) => {
  const { scan, read, ids, at, move } = await twoRoots(t);
  linkSync(at('a/x/1.jpg'), at('a/x/link.jpg'));
  copyFileSync(at('a/x/1.jpg'), at('a/x/copy.jpg'));
  date(at('a/x/copy.jpg'));
  date(at('a/x'));
  await scan(1);
  await read(1);
  const before = await ids();
  await scan(1);
  move('a/x', 'a/renamed');
  await scan(1);
  assert.equal(await read(1), 0);
  const now = await ids();
  for (const name of ['1.jpg', 'link.jpg', 'copy.jpg'])
    assert.equal(now[`a/renamed/${name}`], before[`a/x/${name}`], name);
});

test('a dir that comes back as it was is as before, and nothing of it is opened', async (t) => {
  const { scan, read, ids, known, move, at } = await twoRoots(t);
  move('a/x', 'away');
  await scan(1);
  assert.equal(Object.keys(await ids()).length, 3);
  assert.equal((await missing()).length, 3);
  move('away', 'a/x');
  date(at('a'));
  await scan(1);
  assert.equal(await read(1), 0);
  assert.deepEqual(await ids(), known);
});

test('a dir that is on another disk, or can not be read, loses nothing', async (t) => {
  const { scan, ids, known, at } = await twoRoots(t);
  // As if what is mounted there were away, and its mount point were read.
  await sql`UPDATE dir SET device = 'a disk that is away' WHERE path_prefix IN ('x', 'x/sub')`;
  rmSync(at('a/x'), { recursive: true });
  mkdirSync(at('a/x'));
  date(at('a/x'));
  date(at('a'));
  assert.equal((await scan(1)).missing, 0);
  assert.deepEqual(await ids(), known);
  const errors = await sql`SELECT error_code FROM dir WHERE error_code IS NOT NULL ORDER BY path_prefix`;
  assert.deepEqual(
    errors.map((row) => row.error_code as string),
    ['dir.other-device', 'dir.missing'],
  );
});

const few = { missingShare: 0, missingFiles: 2 };

test('too many files at once are held: nothing is marked before a person says so', async (t) => {
  const { scan, ids, known, at, write } = await twoRoots(t);
  rmSync(at('a/x'), { recursive: true });
  date(at('a'));
  const settled = await scan(1, few);
  assert.deepEqual([settled.missing, settled.held, settled.isNews], [0, { files: 3, of: 4 }, true]);
  assert.deepEqual(await ids(), known, 'all is shown as before');
  const [dir] = await sql`SELECT num_files, num_read FROM dir WHERE path_prefix = 'x'`;
  assert.deepEqual(dir, { num_files: 2, num_read: 2 });

  await t.test('it is not forgotten by later scans, of dirs that did not change', async () => {
    assert.deepEqual((await scan(1, few)).held, { files: 3, of: 4 });
    assert.deepEqual(await heldFiles(sql, 1), { files: 3, of: 4 });
  });
  await t.test('rejected, it is asked about again only when the number is another one', async () => {
    await rejectMissing(sql, 1, 3);
    const again = await scan(1, few);
    assert.deepEqual([again.missing, again.isNews], [0, false]);
    assert.equal(await heldFiles(sql, 1), null);
    rmSync(at('a/y/4.jpg'));
    date(at('a/y'));
    assert.equal((await scan(1, few)).isNews, true);
    assert.equal((await heldFiles(sql, 1))?.files, 4);
  });
  await t.test('approved for a smaller number, it is another question', async () => {
    await approveMissing(sql, 1, 3);
    assert.deepEqual(await missing(), []);
    assert.equal((await heldFiles(sql, 1))?.files, 4);
  });
  await t.test('what comes back is not held any more', async () => {
    write('a/y/4.jpg', 'a/y/4.jpg');
    date(at('a/y'));
    await scan(1, few);
    assert.equal(await heldFiles(sql, 1), null, 'the number that was rejected');
  });
  await t.test('approved, it is marked missing', async () => {
    await approveMissing(sql, 1, 3);
    assert.equal((await missing()).length, 3);
    assert.equal(await heldFiles(sql, 1), null);
    assert.deepEqual(await sql`SELECT held_files, rejected_files FROM root WHERE id = 1`.then(([row]) => row), {
      held_files: null,
      rejected_files: null,
    });
    assert.equal((await sql`SELECT FROM dir WHERE missing_since IS NULL AND root_id = 1`).length, 2);
  });
});

test('what is held and found again elsewhere is not held any more', async (t) => {
  const { scan, read, ids, known, moveAcross } = await twoRoots(t);
  for (const name of ['1.jpg', '2.jpg', 'sub/3.jpg']) moveAcross(`a/x/${name}`, `b/from a/${name}`);
  assert.equal((await scan(1, few)).held?.files, 3);
  await scan(2, few);
  await read(2);
  const settled = await scan(1, few);
  assert.deepEqual([settled.held, settled.missing, settled.isNews], [null, 0, true]);
  assert.equal((await ids())['b/from a/sub/3.jpg'], known['a/x/sub/3.jpg']);
});

test('missing files leave the database after the grace time, with contents and thumbnails that nothing else needs', async (t) => {
  const { scan, read, ids, known, at, write } = await twoRoots(t);
  write('a/y/twin.jpg', 'a/x/1.jpg');
  write('a/x/portrait.jpg', 'a portrait');
  date(at('a/x'));
  date(at('a/y'));
  await scan(1);
  await read(1);
  await scan(1);
  const hashOf = new Map(
    (await sql`SELECT id, encode(hash, 'hex') AS hash FROM file`).map((row) => [row.id as number, row.hash as string]),
  );
  const portrait = hashOf.get((await ids())['a/x/portrait.jpg']!)!;
  await sql`INSERT INTO person (name) VALUES ('Marie')`;
  await sql`
    INSERT INTO refimg (person_id, hash, title, x, y, w, h, size, sharpness, found_by, descriptor)
    VALUES (1, decode(${portrait}, 'hex'), 'p', 0, 0, 1, 1, 9, 1, 'by hand', '')`;
  rmSync(at('a/x'), { recursive: true });
  date(at('a'));
  await scan(1);
  const removed: string[] = [];
  const remove = (limit: number) =>
    removeMissingFiles(sql, { root: 1, days: 30, limit }, async (hashes) => void removed.push(...hashes));
  assert.equal(await remove(10), 0, 'the grace time is not over');
  await sql`UPDATE file SET missing_since = missing_since - ${31 * day} * interval '1 second' WHERE missing_since IS NOT NULL`;
  await sql`UPDATE dir SET missing_since = missing_since - ${31 * day} * interval '1 second' WHERE missing_since IS NOT NULL`;

  await t.test('what can not be finished is all done again', async () => {
    await assert.rejects(
      removeMissingFiles(sql, { root: 1, days: 30, limit: 10 }, () => Promise.reject(new Error('killed'))),
      /killed/,
    );
    assert.equal((await missing()).length, 4);
  });
  assert.deepEqual([await remove(3), await remove(3), await remove(3)], [3, 1, 0]);
  assert.deepEqual(
    removed.toSorted(),
    [hashOf.get(known['a/x/2.jpg']!)!, hashOf.get(known['a/x/sub/3.jpg']!)!].toSorted(),
  );
  assert.equal(await removeMissingDirs(sql, { root: 1, days: 30 }), 2);
  assert.equal(await removeMissingDirs(sql, { root: 1, days: 30 }), 0);
  const contents = (await sql`SELECT encode(hash, 'hex') AS hash FROM content`).map((row) => row.hash as string);
  assert.deepEqual(
    contents.toSorted(),
    [...new Set((await sql`SELECT encode(hash, 'hex') AS hash FROM file`).map((row) => row.hash as string))].toSorted(),
  );
  assert.ok((await ids())['a/y/twin.jpg']);
});

test('a file that was read on its way, and went on before its old place was looked at, is still the same', async (t) => {
  const { scan, read, ids, known, move } = await twoRoots(t);
  move('b/z/5.jpg', 'a/x/5.jpg');
  await scan(1);
  await read(1);
  move('a/x/5.jpg', 'b/z/five.jpg');
  await scan(1);
  await scan(2);
  assert.equal((await ids())['b/z/five.jpg'], known['b/z/5.jpg']);
  // Where it comes back to, it has been known under another number.
  move('b/z/five.jpg', 'a/y/5.jpg');
  await scan(1);
  await read(1);
  await scan(2);
  assert.equal((await ids())['a/y/5.jpg'], known['b/z/5.jpg']);
  assert.equal(Object.keys(await ids()).length, 6);
});

test('so is one that went from disk to disk, whatever it was called on its way', async (t) => {
  const { scan, read, ids, known, moveAcross } = await twoRoots(t);
  moveAcross('b/z/5.jpg', 'a/x/new.jpg');
  await scan(1);
  await read(1);
  moveAcross('a/x/new.jpg', 'b/z/other.jpg');
  await scan(1);
  await scan(2);
  await read(2);
  assert.equal((await ids())['b/z/other.jpg'], known['b/z/5.jpg']);
  moveAcross('b/z/other.jpg', 'a/y/new.jpg');
  await scan(1);
  await read(1);
  await scan(2);
  assert.equal((await ids())['a/y/new.jpg'], known['b/z/5.jpg']);
  assert.deepEqual(await missing(), []);
});

test('two names of one file are two rows: one that is renamed keeps its number unread, the other one is left alone', async (t) => {
  const { scan, read, ids, known, move, at } = await twoRoots(t);
  linkSync(at('b/z/5.jpg'), at('a/y/5.jpg'));
  date(at('a/y'));
  await scan(1);
  await read(1);
  const link = (await ids())['a/y/5.jpg'];
  assert.ok(link !== undefined && link !== known['b/z/5.jpg']);
  move('a/y/5.jpg', 'a/x/renamed.jpg');
  await scan(1);
  assert.equal(await read(1), 0);
  assert.equal((await ids())['a/x/renamed.jpg'], link);
  assert.equal((await ids())['b/z/5.jpg'], known['b/z/5.jpg']);
  rmSync(at('a/x/renamed.jpg'));
  date(at('a/x'));
  await scan(1);
  await scan(2);
  assert.deepEqual(await ids(), known);
});
