import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf, listOf, numberOf, textsOf } from './tag-values.ts';

test('texts are read whatever they look like', () => {
  assert.deepEqual(textsOf('Harvest', 100), ['Harvest']);
  assert.deepEqual(textsOf(2012, 100), ['2012']);
  assert.deepEqual(textsOf(true, 100), ['true']);
  assert.deepEqual(textsOf(['a', 2, ['deeper'], null, 'b'], 100), ['a', '2', 'b']);
  for (const nothing of [undefined, null, '', ' \t\n\0 ', [], {}, [[]]]) {
    assert.deepEqual(textsOf(nothing, 100), []);
  }
});

test('of a text in several languages one is taken', () => {
  assert.deepEqual(textsOf({ de: 'Ernte', en: 'Harvest', 'x-default': 'Récolte' }, 100), ['Récolte']);
  assert.deepEqual(textsOf({ de: 'Ernte', 'en-US': 'Harvest', 'x-default': ' ' }, 100), ['Harvest']);
  assert.deepEqual(textsOf([{ de: 'Ernte' }, 'more'], 100), ['Ernte', 'more']);
  assert.deepEqual(textsOf({ de: { de: 'Ernte' } }, 100), []);
});

test('texts are fit to be stored', () => {
  assert.deepEqual(textsOf(' a\0b\r\nc\rd \ud800 ', 100), ['ab\nc\nd \ufffd']);
  assert.deepEqual(textsOf('(Binary data 5234 bytes, use -b option to extract)', 100), []);
  assert.deepEqual(textsOf('x'.repeat(1000), 10), ['x'.repeat(10)]);
  assert.deepEqual(textsOf('12345678😀', 9), ['12345678']);
  fc.assert(
    fc.property(fc.anything(), fc.integer({ min: 1, max: 20 }), (value, longest) => {
      for (const text of textsOf(value, longest)) {
        assert.ok(text.length > 0 && text.length <= longest && text.isWellFormed());
        assert.equal(text.trim(), text);
        assert.doesNotMatch(text, /\0/);
      }
    }),
  );
});

test('numbers may be texts', () => {
  for (const value of [3.5, '3.5', ' 3.5 ']) assert.equal(numberOf(value), 3.5);
  for (const value of ['', ' ', 'three', Number.NaN, Infinity, '1e999', null, undefined, true, [3], {}]) {
    assert.equal(numberOf(value), null);
  }
});

test('lists and structs are what they are, or empty', () => {
  assert.deepEqual(listOf([1, 2]), [1, 2]);
  assert.deepEqual(listOf('one'), ['one']);
  assert.deepEqual(listOf(null), []);
  assert.equal(listOf(new Array(100_000).fill('x')).length, 1000);
  assert.deepEqual(fieldsOf({ a: 1 }), { a: 1 });
  for (const value of [[1], 'text', null, undefined, 7]) assert.deepEqual(fieldsOf(value), {});
});
