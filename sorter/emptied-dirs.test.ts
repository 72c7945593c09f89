import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fromText } from '../model/names.ts';
import { temporaryDir } from '../tests/support/house.ts';
import { createDisk } from './disk.ts';
import { removeEmptied } from './emptied-dirs.ts';

const base = temporaryDir({ after });
let root = base;
let roots = 0;
beforeEach(() => (root = path.join(base, String(++roots))));

const make = (...dirs: string[]) => {
  for (const dir of dirs) mkdirSync(path.join(root, dir), { recursive: true });
};
const write = (file: string) => writeFileSync(path.join(root, file), 'x');
const remove = (dirs: string[], mayGo: (prefix: string) => boolean = () => true) =>
  removeEmptied(createDisk(), root, dirs.map(fromText), { isJunk: (name) => name === 'Thumbs.db', mayGo });
const has = (dir: string) => existsSync(path.join(root, dir));

test('an emptied dir goes with its junk, and those above it that hold nothing else; the root stays', async () => {
  make('DCIM/100', 'DCIM/101');
  write('DCIM/100/Thumbs.db');
  assert.deepEqual((await remove(['DCIM/100', 'DCIM/101'])).toSorted(), ['DCIM', 'DCIM/100', 'DCIM/101']);
  assert.ok(!has('DCIM') && has(''));
});

test('a dir that holds anything else stays with all that is in it, junk too', async () => {
  make('a', 'b/Thumbs.db', 'c', 'd/e');
  for (const file of ['a/photo.jpg', 'a/Thumbs.db', 'd/.hidden']) write(file);
  symlinkSync('/nowhere', path.join(root, 'c', 'Thumbs.db'));
  assert.deepEqual(await remove(['a', 'b', 'c', 'd/e']), ['d/e']);
  for (const kept of ['a/photo.jpg', 'a/Thumbs.db', 'b/Thumbs.db', 'd/.hidden']) assert.ok(has(kept), kept);
});

test('only dirs that may go do, and one that is gone or no dir any more is passed over', async () => {
  make('old/new', 'x');
  write('file');
  assert.deepEqual(await remove(['old/new', 'file', 'x/gone'], (prefix) => prefix !== 'old' && prefix !== 'x'), [
    'old/new',
    'x/gone',
  ]);
  assert.ok(has('old') && has('x') && has('file'));
});
