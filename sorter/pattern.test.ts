import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '../model/errors.ts';
import { parsePattern } from './pattern.ts';
import { photoTokens } from './tokens.ts';

test('a pattern is read into parts, and these into texts and steps', () => {
  const token = (token: string) => ({ kind: 'token', token });
  const text = (text: string) => ({ kind: 'text', text });
  assert.deepEqual(parsePattern("{year}/x {place|event|''}/{name}"), {
    parts: [[[token('year')]], ['x ', [token('place'), token('event'), text('')]], [[token('name')]]],
    counterDigits: null,
  });
  const stepsOf = (braces: string) => parsePattern(`x${braces}`).parts[0]?.[1];
  assert.deepEqual(stepsOf('{ place | }'), [token('place'), text('')]);
  assert.deepEqual(stepsOf('{place||lower}'), [token('place'), text(''), { kind: 'lower' }]);
  assert.deepEqual(stepsOf("{place|default:'a''b'|upper}"), [token('place'), text("a'b"), { kind: 'upper' }]);
  assert.deepEqual(stepsOf("{'{x}'}"), [text('{x}')]);
  assert.deepEqual(parsePattern('{{{name}}}'), {
    parts: [['{', [token('name')], '}']],
    counterDigits: null,
  });
  assert.deepEqual(parsePattern("it's"), { parts: [["it's"]], counterDigits: null });
});

test('a pattern tells with how many digits it wants a counter', () => {
  assert.equal(parsePattern('{name}').counterDigits, null);
  assert.equal(parsePattern('{date} {counter}').counterDigits, 3);
  assert.equal(parsePattern('{title|counter:5}').counterDigits, 5);
});

test('what is wrong is told with its column and what was expected', () => {
  const cases: [text: string, column: number, message: RegExp][] = [
    ['', 1, /a name is expected/],
    [' ', 1, /a name is expected/],
    ['/a', 1, /a name is expected/],
    ['a//b', 3, /a name is expected/],
    ['a/', 3, /a name is expected/],
    ['a/\u200b/b', 3, /a name is expected/],
    ['../a', 1, /begins with a dot/],
    ['a/./b', 3, /begins with a dot/],
    ['a/.{name}', 3, /begins with a dot/],
    ['{yaer}', 2, /“yaer”; “year” is probably meant.*year, month.*default/],
    ['{Camera}', 2, /“camera” is probably meant/],
    ['{place|lowr}', 8, /“lower” is probably meant/],
    ['{xyzzy}', 2, /there is no token “xyzzy”\. Tokens are/],
    ['😀{foo}', 3, /no token “foo”/],
    ['{}', 2, /a token is expected/],
    ['{|name}', 2, /a token is expected/],
    ['{lower}', 2, /lower is a filter/],
    ['{name', 1, /not closed/],
    ['a/{name|', 3, /not closed/],
    ['{name}}', 7, /not opened/],
    ['{place event}', 8, /“\|” or “}” is expected/],
    ['{name|default}', 14, /followed by :'…'/],
    ['{name|default:x}', 15, /a text in quotes/],
    ["{name|'x", 7, /a text in quotes/],
    ['{counter:0}', 10, /1 to 9/],
    ['{counter:12}', 10, /1 to 9/],
    ['{counter}/{name}', 1, /last part only/],
    ['a/b{counter}/{name}', 3, /last part only/],
    ['a:b', 2, /":" can stand in no name/],
    ['a\\b', 2, /can stand in no name/],
    ["{place|'a/b'}", 10, /"\/" can stand in no name/],
    ['a\u0000', 2, /"\\u0000" can stand in no name/],
    ['{name}.{ext}', 8, /extension is added by itself/],
    ['a/'.repeat(10) + 'b', 21, /at most 10 parts/],
  ];
  for (const [text, column, message] of cases) {
    assert.throws(
      () => parsePattern(text),
      (error) => {
        assert.ok(error instanceof CodedError && error.code === 'pattern.invalid', text);
        assert.match(error.message, new RegExp(`^Column ${column}: `), text);
        assert.match(error.message, message, text);
        return true;
      },
    );
  }
});

test('any text is a pattern, or a coded error', () => {
  const bit = fc.constantFrom(
    '{',
    '}',
    '|',
    "'",
    '/',
    ':',
    '.',
    ' ',
    'default',
    'lower',
    'counter',
    '4',
    'é',
    ...photoTokens,
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(bit, { maxLength: 12 }).map((bits) => bits.join('')),
  );
  let patterns = 0;
  fc.assert(
    fc.property(text, (text) => {
      try {
        const { parts } = parsePattern(text);
        assert.ok(parts.every((pieces) => pieces.length > 0));
        patterns++;
      } catch (error) {
        assert.ok(error instanceof CodedError && error.code === 'pattern.invalid', String(error));
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(patterns > 0);
});
