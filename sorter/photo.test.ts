import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromText } from '../model/names.ts';
import { splitName, textOf } from './photo.ts';

test('a name is cut before its extension', () => {
  const cases: [name: string, stem: string, ending: string][] = [
    ['IMG_1.JPG', 'IMG_1', '.JPG'],
    ['IMG_1.jpg.xmp', 'IMG_1', '.jpg.xmp'],
    ['IMG_1.NEF.XMP', 'IMG_1', '.NEF.XMP'],
    ['IMG_1.xmp', 'IMG_1', '.xmp'],
    ['IMG_1.v2.xmp', 'IMG_1.v2', '.xmp'],
    ['IMG_1.jpg.jpg', 'IMG_1.jpg', '.jpg'],
    ['IMG_1', 'IMG_1', ''],
    ['.hidden', '.hidden', ''],
    ['.hidden.jpg', '.hidden', '.jpg'],
    ['..jpg', '.', '.jpg'],
    ['.jpg.xmp', '.jpg', '.xmp'],
    ['Mr. Smith and family', 'Mr. Smith and family', ''],
    ['x.jpg ', 'x', '.jpg'],
    ['two\nlines.jpg', 'two\nlines', '.jpg'],
    ['x.j?g', 'x.j?g', ''],
    ['...', '', ''],
    ['', '', ''],
  ];
  for (const [name, stem, ending] of cases) assert.deepEqual(splitName(name), { stem, ending }, name);
});

test('stem and ending are the name, but for what Windows would drop', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('.', ' ', 'a', 'jpg', 'xmp', '\n', 'é')), (texts) => {
      const name = texts.join('');
      const { stem, ending } = splitName(name);
      assert.equal(stem + ending, name.replace(/[. ]+$/, ''));
      assert.match(ending, /^(\.\w{1,20}){0,2}$/);
      assert.ok(ending === '' || stem !== '');
    }),
  );
});

test('names on disk become text; what is not UTF-8 becomes _', () => {
  assert.equal(textOf(fromText('Grüße.jpg')), 'Grüße.jpg');
  assert.equal(textOf('Gr\xfc\xdfe.jpg'), 'Gr__e.jpg');
  assert.equal(textOf(fromText('\ufffd')), '_');
});
