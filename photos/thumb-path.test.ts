import assert from 'node:assert/strict';
import { basename, dirname, relative } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { thumbPath } from './thumb-path.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const size = fc.constantFrom(320 as const, 1440 as const);

test('a thumbnail lies two levels below the folder, named after content and size', () => {
  assert.equal(thumbPath('/t', `abcd${'0'.repeat(60)}`, 320), `/t/ab/cd/abcd${'0'.repeat(60)}-320.webp`);
});

test('every content and size has a place of its own below the folder', () => {
  fc.assert(
    fc.property(hash, size, hash, size, (a, sizeOfA, b, sizeOfB) => {
      const path = thumbPath('/data/thumbs', a, sizeOfA);
      assert.equal(basename(path), `${a}-${sizeOfA}.webp`);
      assert.equal(relative('/data/thumbs', dirname(path)), `${a.slice(0, 2)}/${a.slice(2, 4)}`);
      assert.equal(path === thumbPath('/data/thumbs', b, sizeOfB), a === b && sizeOfA === sizeOfB);
    }),
  );
});
