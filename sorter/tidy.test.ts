import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tidy, type Bit } from './tidy.ts';

/** `{}` is an empty value, `{x}` one that is x. */
const bitsOf = (text: string): Bit[] =>
  Array.from(text.matchAll(/\{([^}]*)\}|[^{]+/g), ([all, value]) => ({
    text: value ?? all,
    literal: value === undefined,
  }));

test('nothing is left over around empty values', () => {
  const cases: [bits: string, text: string][] = [
    ['{2021-05-17} {}', '2021-05-17'],
    ['{2021-05-17} {Bergen}', '2021-05-17 Bergen'],
    ['{} {name}', 'name'],
    ['{2021} - {} - {name}', '2021 - name'],
    ['{2021} - {}', '2021'],
    ['{2021} ({})', '2021'],
    ['{2021} ({}) {name}', '2021 name'],
    ['{2021} [({})] {name}', '2021 name'],
    ['({}) {name}', 'name'],
    ['{2021} - {} ({camera})', '2021 (camera)'],
    ['{a}_{}_{b}', 'a_b'],
    ['{a}{}{b}', 'ab'],
    ['{}, {Norway}', 'Norway'],
    ['{Bergen}, {}', 'Bergen'],
    ['{a} {} {} {b}', 'a b'],
    ['{}{}', ''],
    ['{} - {}', ''],
    ['photos {} of {x}', 'photos of x'],
    ['photos of {}', 'photos of'],
    ['W{}', 'W'],
  ];
  for (const [bits, text] of cases) assert.equal(tidy(bitsOf(bits)), text, bits);
});

test('values stay as they are, and so does what stands between two of them', () => {
  assert.equal(tidy(bitsOf('{a  b -} - {- c}')), 'a  b - - - c');
  assert.equal(tidy(bitsOf('{-}{}{ }')), '- ');
  assert.equal(tidy(bitsOf('-{a}-')), '-a-');
});

test('with all values it is but put together, and each value is kept', () => {
  const bit = fc.record({
    text: fc.string({ unit: fc.constantFrom('a', ' ', '-', '(', ')', '_') }),
    literal: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(bit), (bits) => {
      const text = tidy(bits);
      const values = bits.filter(({ literal }) => !literal).map(({ text }) => text);
      if (!values.includes('')) assert.equal(text, bits.map(({ text }) => text).join(''));
      let from = 0;
      for (const value of values) {
        const at = text.indexOf(value, from);
        assert.ok(at >= 0, value);
        from = at + value.length;
      }
    }),
  );
});
