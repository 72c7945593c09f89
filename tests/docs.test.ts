import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { projectDir } from '../config.ts';
import { errorCodes } from '../model/errors.ts';
import { Settings } from '../model/settings.ts';
import { environmentNames } from './support/environment-names.ts';

const read = (name: string): string => readFileSync(path.join(projectDir, name), 'utf8');

const pages = ['', 'docs'].flatMap((dir) =>
  readdirSync(path.join(projectDir, dir))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(dir, name)),
);

/** The cells of each row of the table below a heading, without its head; code marks are left in. */
function tableBelow(page: string, heading: string): string[][] {
  const [, below = ''] = read(page).split(`\n${heading}\n`);
  const lines = below.slice(0, below.search(/^#/m) >>> 0).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

const coded = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

test('each error code has its section, and no section is without a code', () => {
  const sections = [...read('docs/errors.md').matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  assert.deepEqual(
    sections.toSorted(),
    Object.keys(errorCodes)
      .map((code) => `\`${code}\``)
      .toSorted(),
  );
});

test('the README names all environment variables that are read, and no others', () => {
  const named = tableBelow('README.md', '### Environment').flatMap(([name]) => coded(name));
  assert.deepEqual(named.toSorted(), [...environmentNames]);
});

test('the README names all settings as the page and the API do, with their defaults', () => {
  const rows = tableBelow('README.md', '### Settings');
  const settings: [string, Type.TSchema & { title?: string; default?: unknown }][] = Object.entries(
    Settings.properties,
  );
  assert.deepEqual(
    rows.map(([title, name]) => [title, ...coded(name)]),
    settings.map(([name, { title }]) => [title, name]),
  );
  for (const [i, [name, schema]] of settings.entries()) {
    if (typeof schema.default === 'number') assert.deepEqual(coded(rows[i]?.[2]), [String(schema.default)], name);
  }
});

test('each package has its reason, and no reason is without a package', () => {
  const Packages = Type.Optional(Type.Record(Type.String(), Type.String()));
  const Manifest = Type.Object({ dependencies: Packages, optionalDependencies: Packages, devDependencies: Packages });
  const manifest = Value.Parse(Manifest, JSON.parse(read('package.json')));
  const installed = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  });
  const explained = tableBelow('ARCHITECTURE.md', '## Dependencies').flatMap(([name]) => coded(name));
  assert.deepEqual(explained.toSorted(), installed.toSorted());
});

test('files that the architecture names are there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:tsx?|mjs|md|yml))`/g)];
  assert.ok(named.length > 20);
  for (const [, name = ''] of named) {
    // The file of the step that is only imagined there.
    if (name === 'activities/move.ts') continue;
    assert.ok(existsSync(path.join(projectDir, name)), name);
  }
});

test('no link leads nowhere', () => {
  const anchors = (page: string) =>
    [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  let links = 0;
  for (const page of pages) {
    const text = read(page).replaceAll(/^```.*?^```/gms, '');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      links++;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      assert.ok(existsSync(path.join(projectDir, target)), `${page} → ${link}`);
      if (anchor !== undefined) assert.ok(anchors(target).includes(anchor), `${page} → ${link}`);
    }
  }
  assert.ok(links > 20);
});
