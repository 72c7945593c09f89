import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fromText, temporaryName } from '../model/names.ts';
import { temporaryDir } from '../tests/support/house.ts';
import { compileIgnore } from './ignore.ts';
import { walkDir } from './walk.ts';

test('unfinished copies of the sorter are not seen, whatever is ignored; names that only look like theirs are', (t) => {
  const root = temporaryDir(t);
  const copy = temporaryName(7, '0123456789ab');
  const alike = [
    '.photo-assistant-',
    '.photo-assistant-7.part',
    `x${path.basename(copy)}`,
    `${path.basename(copy)}.jpg`,
  ];
  for (const name of [copy, 'a.jpg', ...alike]) writeFileSync(path.join(root, name), name);
  const known = { id: 1, prefix: '', mtimeNs: null, device: null, moves: 0 };
  const seen = (ignored: string[]) => {
    const walked = walkDir(fromText(root), known, compileIgnore(ignored));
    assert.ok(walked.outcome === 'read');
    return walked.files.map(({ name }) => name).toSorted();
  };
  assert.deepEqual(seen([]), ['a.jpg', ...alike].toSorted());
  assert.deepEqual(seen(['*.jpg']), alike.slice(0, 3).toSorted());
});
