import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extension, fileType, isRaw } from './kind.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

test('a file is what its extension says', () => {
  const expected = {
    image: ['a.jpg', 'a.JPEG', 'a.heic', 'a.CR3', 'a.b.NEF', 'a.avif', 'a.jxl', 'a.psd', '.hidden.png', '\xff\xfe.jpg'],
    video: ['a.mp4', 'a.MOV', 'a.mts', 'IMG_1.3GP'],
    sidecar: ['a.jpg.xmp', 'a.AAE', 'a.thm'],
    other: ['a', 'jpg', '.jpg', 'a.', 'a.jpg.part', 'a.jpg\n', 'a.txt', 'a.svg', '', 'a.jpg.d/file'],
  } as const;
  for (const [type, names] of Object.entries(expected)) {
    for (const name of names) assert.equal(fileType(bytes(name)), type, JSON.stringify(name));
  }
});

test('the data of a sensor is told by its name', () => {
  for (const name of ['/a/b.Nef', 'x.CR3', 'x.dng']) assert.ok(isRaw(bytes(name)), name);
  for (const name of ['/a/b.jpg', 'nef', 'x.tif', 'x.nef.xmp']) assert.ok(!isRaw(bytes(name)), name);
});

test('neither directory, stem nor case change what an extension says', () => {
  const ending = fc.constantFrom('jpg', 'heic', 'nef', 'mov', 'xmp', 'txt', 'gif', 'zip');
  const stem = fc.uint8Array({ minLength: 1, maxLength: 40 }).filter((stem) => !stem.includes(0x2f));
  fc.assert(
    fc.property(stem, ending, fc.boolean(), fc.uint8Array({ maxLength: 40 }), (stem, ending, upper, dir) => {
      const name = Buffer.concat([stem, bytes(`.${upper ? ending.toUpperCase() : ending}`)]);
      const path = Buffer.concat([dir, bytes('/'), name]);
      assert.equal(fileType(name), fileType(bytes(`x.${ending}`)));
      assert.equal(extension(path), ending);
      assert.equal(isRaw(path), isRaw(name));
    }),
  );
});
