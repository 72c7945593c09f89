import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import Value from 'typebox/value';
import { CodedError } from '../model/errors.ts';
import { fromBytes, fromText } from '../model/names.ts';
import { SortingRules, type SortingCondition } from '../model/sorting.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { belongsTo, parseSorting } from './rules.ts';
import { safePart } from './safe-name.ts';
import { photoTokens } from './tokens.ts';

const photo: PhotoToSort = {
  fname: 'IMG_1.JPG',
  type: 'image',
  taken: { local: '2021-05-17T09:04:31', source: 'EXIF:DateTimeOriginal', certainty: 'certain' },
  camera: 'Canon EOS 70D',
  town: 'Bergen',
  region: null,
  country: 'NO',
  title: null,
  dir: fromText('Überfahrt 1'),
};
const byFileTime = {
  ...photo,
  taken: { local: '2024-01-01T00:00:00', source: 'file time', certainty: 'uncertain' },
} as const;
const changed = {
  ...photo,
  taken: { local: '2024-01-01T00:00:00', source: 'EXIF:ModifyDate', certainty: 'uncertain' },
} as const;
const undated = { ...photo, taken: null };

const defaults = Value.Create(SortingRules);
const pathBy = (sorting: SortingRules, photo: PhotoToSort): [path: string, rule: number | null] => {
  const { dirs, name, rule } = belongsTo(parseSorting(sorting), photo);
  return [[...dirs, name].join('/'), rule];
};

test('from the start photos go by date and place, and those without a date apart', () => {
  assert.ok(Value.Check(SortingRules, defaults));
  assert.deepEqual(pathBy(defaults, photo), ['2021/2021-05-17 Bergen/IMG_1.JPG', null]);
  assert.deepEqual(pathBy(defaults, changed), ['2024/2024-01-01 Bergen/IMG_1.JPG', null]);
  for (const one of [byFileTime, undated])
    assert.deepEqual(pathBy(defaults, one), ['unsorted/Überfahrt 1/IMG_1.JPG', 0]);
});

test('where no rule takes photos without a date, they go apart all the same', () => {
  assert.deepEqual(pathBy({ ...defaults, rules: [] }, undated), ['unsorted/Überfahrt 1/IMG_1.JPG', null]);
  assert.deepEqual(pathBy({ ...defaults, rules: [] }, byFileTime), ['2024/2024-01-01 Bergen/IMG_1.JPG', null]);
  assert.deepEqual(pathBy({ pattern: '{name}', rules: [] }, undated), ['IMG_1.JPG', null]);
});

test('a rule fits where all its conditions hold', () => {
  const video = { ...photo, type: 'video' } as const;
  const cases: [when: SortingCondition, fits: PhotoToSort[], others: PhotoToSort[]][] = [
    [{ type: 'video' }, [video], [photo]],
    [{ date: 'unknown' }, [undated, byFileTime], [photo, changed]],
    [{ date: 'uncertain' }, [undated, byFileTime, changed], [photo]],
    [
      { camera: 'CANON eos 70d' },
      [photo],
      [
        { ...photo, camera: null },
        { ...photo, camera: 'Canon' },
      ],
    ],
    [
      { country: 'NO' },
      [photo],
      [
        { ...photo, country: null },
        { ...photo, country: 'SE' },
      ],
    ],
    [{ extensions: ['heic', 'JPG'] }, [photo, { ...photo, fname: 'a.heic' }], [{ ...photo, fname: 'jpg' }]],
    [
      { dir: 'über*' },
      [photo],
      [
        { ...photo, dir: 'x' },
        { ...photo, dir: fromText('nicht Überfahrt') },
      ],
    ],
    [{ dir: '?berfahrt ?' }, [photo], [{ ...photo, dir: fromText('Überfahrt 22') }]],
    [{ type: 'video', country: 'NO' }, [video], [photo, { ...video, country: 'SE' }]],
  ];
  for (const [when, fits, others] of cases) {
    const sorting = { pattern: '{name}', rules: [{ when, pattern: 'apart/{name}' }] };
    assert.ok(Value.Check(SortingRules, sorting));
    const rule = (one: PhotoToSort) => pathBy(sorting, one)[1];
    assert.deepEqual(
      [...fits, ...others].map(rule),
      [...fits.map(() => 0), ...others.map(() => null)],
      JSON.stringify(when),
    );
  }
});

test('of rules that fit the first counts', () => {
  const rules = [
    { when: { country: 'SE' }, pattern: 'a/{name}' },
    { when: { country: 'NO' }, pattern: 'b/{name}' },
    { when: { camera: 'Canon EOS 70D' }, pattern: 'c/{name}' },
  ];
  assert.deepEqual(pathBy({ pattern: '{name}', rules }, photo), ['b/IMG_1.JPG', 1]);
});

test('a rule has a condition, and a pattern that can be read', () => {
  assert.ok(!Value.Check(SortingRules, { pattern: '{name}', rules: [{ when: {}, pattern: '{name}' }] }));
  assert.ok(
    !Value.Check(SortingRules, { pattern: '{name}', rules: [{ when: { date: 'certain' }, pattern: '{name}' }] }),
  );
  const rules = [
    { when: { country: 'NO' }, pattern: '{name}' },
    { when: { country: 'SE' }, pattern: '{nam}' },
  ];
  assert.throws(
    () => parseSorting({ pattern: '{name}', rules }),
    (error) =>
      error instanceof CodedError && error.code === 'pattern.invalid' && error.message.startsWith('Rule 2. Column 2: '),
  );
});

test('no path leads out or is unsafe, whatever photos and patterns hold', () => {
  const bad = fc.constantFrom(
    '..',
    '.',
    '/',
    '../..',
    '/etc',
    'a/../b',
    '\u0000',
    'CON',
    ' ',
    '',
    '\u202e',
    '\ud800',
    'x'.repeat(300),
  );
  const text = fc.oneof(
    bad,
    fc.string({ unit: 'binary' }),
    fc.array(bad).map((texts) => texts.join('')),
  );
  const known = fc.oneof(fc.constant(null), text);
  const fname = fc.oneof(text.map(fromText), fc.uint8Array({ minLength: 1 }).map(fromBytes));
  const hostile: fc.Arbitrary<PhotoToSort> = fc.record({
    fname,
    type: fc.constantFrom('image', 'video', 'sidecar', 'other'),
    taken: fc.oneof(
      fc.constant(null),
      fc.record({
        local: fc.oneof(text, fc.constant('2021-05-17T09:04:31')),
        source: text,
        certainty: fc.constant('likely'),
      }),
    ),
    ...{ camera: known, town: known, region: known, country: known, title: known },
    dir: fname,
  });
  const braces = fc
    .tuple(fc.constantFrom(...photoTokens), fc.constantFrom('', '|lower', '|upper', "|'..'", '|'))
    .map(([token, rest]) => `{${token}${rest}}`);
  const pattern = fc
    .array(fc.array(fc.oneof(braces, fc.constantFrom('x', ' ', '-', '_.')), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) =>
      parts
        .map((bits) => `{title}${bits.join('')}`)
        .join('/')
        .replace(/\.(?=\{ext[^/]*$)/, ''),
    );
  fc.assert(
    fc.property(pattern, hostile, (pattern, photo) => {
      const { dirs, name } = belongsTo(parseSorting({ pattern, rules: [] }), photo);
      for (const dir of dirs) assert.ok(dir !== '' && safePart(dir) === dir, dir);
      assert.ok(Buffer.byteLength(name) <= 255);
      const plain = name.replace(/^\./, '');
      assert.ok(plain !== '' && safePart(plain) === plain, name);
      const below = posix.resolve('/storage', ...dirs, name);
      assert.equal(below, ['/storage', ...dirs, name].join('/'));
    }),
    { numRuns: 2000 },
  );
});
