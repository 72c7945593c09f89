import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, forbiddenAt, safePart, safeText } from './safe-name.ts';

/** Names made of what has done harm before. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '.',
        '..',
        ' ',
        '/',
        '\\',
        ':',
        'CON',
        'nul',
        'COM¹',
        '_',
        'e',
        '\u0301',
        '\u200d',
        '\u202e',
        '\ufeff',
      ),
      fc.constantFrom(
        '👨‍👩‍👧',
        'é',
        'ß',
        '\u0000',
        '\n',
        '\ud800',
        '\ufffd',
        '\uf02f',
        'x'.repeat(200),
        '\u0301'.repeat(150),
      ),
    ),
  )
  .map((texts) => texts.join(''));

test('names are made safe for all file systems', () => {
  const cases: [text: string, safe: string][] = [
    ['IMG_1', 'IMG_1'],
    ['Hochzeit Anna & Tom', 'Hochzeit Anna & Tom'],
    ['東京 2021', '東京 2021'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['AC/DC', 'AC_DC'],
    ['a\u0000b\u001fc\u007fd', 'a_b_c_d'],
    ['two\nlines\tand more', 'two lines and more'],
    ['3.45.12\u202fPM\u00a0x', '3.45.12 PM x'],
    ['gpj\u202e.exe', 'gpj.exe'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['e\u0301', 'é'],
    ['e\u200d\u0301', 'é'],
    ['half \ud83d', 'half _'],
    ['share\uf022d', 'share_d'],
    ['ends. . ', 'ends'],
    ['  .hidden', 'hidden'],
    ['..', ''],
    ['', ''],
    [' ', ''],
    ['CON', '_CON'],
    ['con.tar', '_con.tar'],
    ['Aux .x', '_Aux .x'],
    ['COM¹', '_COM¹'],
    ['lpt9', '_lpt9'],
    ['CONIN$', '_CONIN$'],
    ['CONTACT', 'CONTACT'],
    ['COM10', 'COM10'],
  ];
  for (const [text, safe] of cases) assert.equal(safePart(text), safe, JSON.stringify(text));
});

test('names are cut at 255 bytes, and never within a letter', () => {
  assert.equal(safePart('x'.repeat(300)), 'x'.repeat(255));
  assert.equal(safePart('é'.repeat(128)), 'é'.repeat(127));
  assert.equal(safePart('x'.repeat(253) + '👍🏽'), 'x'.repeat(253));
  assert.equal(safePart('x'.repeat(250) + '🇳🇴', 256), 'x'.repeat(250));
  assert.equal(safePart(`${'x'.repeat(254)} y`), 'x'.repeat(254));
  assert.equal(cut('abc def', 4), 'abc');
});

test('where one letter is longer than a name, some of its accents go', () => {
  const name = safePart('q' + '\u0301'.repeat(300));
  assert.equal(name, 'q' + '\u0301'.repeat(127));
});

test('what a cut leaves is no device either', () => {
  assert.equal(safePart('CON' + 'q' + '\u0301'.repeat(300)), '_CON');
});

test('what is safe stays as it is, and nothing unsafe is left', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 16, max: 255 }), (text, most) => {
      const name = safePart(text, most);
      assert.equal(safePart(name, most), name);
      assert.equal(forbiddenAt(name), -1);
      assert.ok(Buffer.byteLength(name) <= most && name.length <= 255);
      assert.ok(name.isWellFormed() && name === name.normalize('NFC'));
      assert.doesNotMatch(name, /^[. ]|[. ]$|[\p{Bidi_Control}\p{Cc}\u200b-\u200d\u2028\ufeff]/u);
      assert.doesNotMatch(name, /^(con|prn|aux|nul|(com|lpt)[0-9¹²³]) *(\.|$)/i);
    }),
    { numRuns: 2000 },
  );
});

test('each character of Unicode is made safe at once, alone and before an accent', () => {
  for (let point = 0; point <= 0x10ffff; point++) {
    const text = safeText(`${String.fromCodePoint(point)}\u0338`);
    if (safeText(text) !== text || forbiddenAt(text) !== -1) assert.fail(`U+${point.toString(16)}`);
  }
});
