import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bundlesOf } from '../photos/bundles.ts';
import { placeKey, withSuffix } from './clash.ts';
import { safePart } from './safe-name.ts';

test('a suffix stands before the extension', () => {
  assert.equal(withSuffix('IMG_1.jpg', 2), 'IMG_1[2].jpg');
  assert.equal(withSuffix('IMG_1.jpg.xmp', 2), 'IMG_1[2].jpg.xmp');
  assert.equal(withSuffix('IMG_1', 12), 'IMG_1[12]');
  assert.equal(withSuffix('.hidden.jpg', 2), '.hidden[2].jpg');
  assert.equal(withSuffix(`${'é'.repeat(125)}.jpg`, 2), `${'é'.repeat(109)}[2].jpg`);
});

test('it stands behind the original, byte by byte and in the orders of languages', () => {
  const names = ['IMG_1.jpg', 'IMG_1', 'beach.HEIC', 'été.jpg', 'x.jpg.xmp', '日本.jpg', 'a b.c'];
  const orders = ['en', 'de', 'ja', 'sv', 'zh', 'tr'].flatMap((language) =>
    [true, false].map((numeric) => new Intl.Collator(language, { numeric })),
  );
  for (const name of names) {
    const suffixed = withSuffix(name, 2);
    assert.ok(Buffer.compare(Buffer.from(name), Buffer.from(suffixed)) < 0, name);
    for (const order of orders) assert.ok(order.compare(name, suffixed) < 0, name);
    const natural = new Intl.Collator('en', { numeric: true });
    assert.ok(natural.compare(suffixed, withSuffix(name, 10)) < 0, name);
  }
});

const name = fc
  .tuple(
    fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 60, maxLength: 255 })),
    fc.constantFrom('.jpg', '', '.jpg.xmp'),
  )
  .map(([stem, ending]) => (safePart(stem, 240) || 'x') + ending);

test('names with suffixes are safe, and each has its own', () => {
  const number = fc.integer({ min: 2, max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(name, number, number, (name, n, other) => {
      const suffixed = withSuffix(name, n);
      assert.equal(safePart(suffixed), suffixed);
      assert.notEqual(placeKey(suffixed), placeKey(name));
      assert.equal(withSuffix(name, other) === suffixed, other === n);
    }),
  );
});

test('parts of one picture keep one stem, and are known for its parts afterwards', () => {
  for (const stem of ['IMG_1', 'x'.repeat(240)]) {
    const stems = ['.jpg', '.NEF', '.jpg.xmp'].map((ending) => withSuffix(stem + ending, 7).replace(/\..*/, ''));
    assert.equal(new Set(stems).size, 1, stem);
  }
  const file = (id: number, original: string, type: 'image' | 'video' | 'sidecar') => {
    return { id, name: withSuffix(original, 2), type, duration: null, contentId: null };
  };
  const parts = bundlesOf([
    file(1, 'IMG_1.heic', 'image'),
    file(2, 'IMG_1.mov', 'video'),
    file(3, 'IMG_1.heic.xmp', 'sidecar'),
    file(4, 'PXL_2.jpg', 'image'),
    file(5, 'PXL_2~2.jpg', 'image'),
    file(6, 'IMG_3.jpg', 'image'),
    file(7, 'IMG_3-edited.jpg', 'image'),
    file(8, 'IMG_4.jpg', 'image'),
    file(9, 'IMG_E4.jpg', 'image'),
  ]);
  const mains = Array.from(parts, ([id, { main, role }]) => [id, main, role]).sort();
  assert.deepEqual(mains, [
    [2, 1, 'video'],
    [3, 1, 'sidecar'],
    [4, 5, 'original'],
    [6, 7, 'original'],
    [8, 9, 'original'],
  ]);
});

test('names that some file system takes for one have one key', () => {
  const same = [
    ['IMG_1.JPG', 'img_1.jpg'],
    ['été', 'e\u0301te\u0301'],
    ['ÉTÉ', 'été'],
    ['STRASSE', 'straße'],
    ['ẞ', 'ß'],
    ['ΟΔΟΣ', 'οδος'],
    ['İ', 'i\u0307'],
    ['K', 'k'],
  ];
  for (const [a = '', b = ''] of same) assert.equal(placeKey(a), placeKey(b), a);
  assert.notEqual(placeKey('e'), placeKey('é'));
  assert.notEqual(placeKey('IMG_1'), placeKey('IMG_2'));
});

test('neither case nor form of any character changes a key', () => {
  for (let point = 0; point <= 0x1ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = String.fromCodePoint(point);
    const key = placeKey(text);
    const forms = [text.toLowerCase(), text.toUpperCase(), text.normalize('NFC'), text.normalize('NFD')];
    if (forms.some((form) => placeKey(form) !== key) || placeKey(key) !== key) assert.fail(`U+${point.toString(16)}`);
  }
});
