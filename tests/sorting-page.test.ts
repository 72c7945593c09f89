import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { projectDir } from '../config.ts';
import { SortingRules } from '../model/sorting.ts';
import { fill } from '../sorter/fill.ts';
import { parsePattern } from '../sorter/pattern.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { photoTokens } from '../sorter/tokens.ts';
import { tokenWords } from '../web/sorter/token-words.ts';

const page = readFileSync(path.join(projectDir, 'docs/sorting.md'), 'utf8');
const section = (title: string): string => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rowsOf = (title: string): string[][] =>
  Array.from(section(title).matchAll(/^\|(.+)\|$/gm), ([, row = '']) => row.split(/(?<!\\)\|/)).slice(2);
const coded = (cell = ''): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code);

const photo: PhotoToSort = {
  fname: 'IMG_0142.JPG',
  type: 'image',
  taken: { local: '2021-05-17T09:04:31', source: 'EXIF:DateTimeOriginal', certainty: 'certain' },
  camera: 'Canon EOS 70D',
  town: 'Bergen',
  region: 'Vestland',
  country: 'NO',
  title: 'At the harbour',
  dir: '2021-05-17 Norway trip',
};
const video: PhotoToSort = {
  ...photo,
  fname: 'MVI_0007.MOV',
  type: 'video',
  taken: { local: '2021-07-02T23:59:08', source: 'QuickTime:CreateDate', certainty: 'likely' },
  ...{ town: null, region: null, country: null, title: null },
  dir: '100CANON',
};

const pathOf = (pattern: string, of: PhotoToSort): string | null => {
  const filled = fill(parsePattern(pattern), of);
  return filled && [...filled.dirs, filled.name].join('/');
};

test('the page of sorting names all tokens, with what they give', () => {
  const rows = rowsOf('Tokens').map(([tokens, , examples]) => [coded(tokens), coded(examples)] as const);
  assert.deepEqual(rows.flatMap(([tokens]) => tokens).toSorted(), [...photoTokens, 'counter'].toSorted());
  for (const [tokens, examples] of rows) {
    const given = tokens.map((token) => fill(parsePattern(`{${token}}`), photo)?.used[0]?.text);
    assert.deepEqual(given, examples, tokens.join());
  }
});

test('the form of the pattern tells of all tokens', () => {
  assert.deepEqual(tokenWords.flatMap(({ tokens }) => tokens).toSorted(), [...photoTokens, 'counter'].toSorted());
});

test('its examples come out as it says', () => {
  const blocks = /```text\n(.*?)```/s.exec(section('Examples'))?.[1]?.trim().split('\n\n') ?? [];
  assert.ok(blocks.length > 4);
  for (const block of blocks) {
    const [pattern = '', ...paths] = block.split('\n').map((line) => line.trim());
    assert.deepEqual(
      [photo, video].map((one) => pathOf(pattern, one)),
      paths,
      pattern,
    );
  }
});

test('what it writes in braces can be written', () => {
  const written = [section('What is written in braces'), section('Patterns')]
    .flatMap(coded)
    .filter((code) => /^\{\w/.test(code));
  assert.ok(written.length > 6);
  for (const code of written) parsePattern(`x${code.replaceAll('\\|', '|')}`);
});

test('it names all conditions of rules, and the rules that are there from the start', () => {
  const conditions = rowsOf('Rules').flatMap(([name]) => coded(name));
  assert.deepEqual(conditions, Object.keys(SortingRules.properties.rules.items.properties.when.properties));
  const [, json = ''] = /```json\n(.*?)```/s.exec(section('Rules')) ?? [];
  assert.deepEqual(Value.Create(SortingRules), JSON.parse(json));
});
