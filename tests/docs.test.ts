import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { projectDir } from '../config.ts';
import { errorCodes } from '../model/errors.ts';
import { StartJob } from '../model/job.ts';
import { jobId, jobKinds, searchAttributes } from '../model/job-kinds.ts';
import { Settings } from '../model/settings.ts';
import { coded, readPage, tableBelow } from './support/doc-tables.ts';
import { environmentNames } from './support/environment-names.ts';

const pages = ['', 'docs'].flatMap((dir) =>
  readdirSync(path.join(projectDir, dir))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(dir, name)),
);

test('each error code has its section, and no section is without a code', () => {
  const sections = [...readPage('docs/errors.md').matchAll(/^### (.+)$/gm)].map(([, title]) => title);
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
    const { default: value = [] } = schema;
    const cell = rows[i]?.[2] ?? '';
    if (typeof value === 'boolean') assert.equal(cell, value ? 'on' : 'off', name);
    else if (value === '' || (Array.isArray(value) && value.length === 0)) assert.equal(cell, 'none', name);
    // Of a long list the first things that come to mind stand for all.
    else if (Array.isArray(value)) assert.ok(coded(cell).every((word) => value.includes(word)) && coded(cell)[0], name);
    else assert.equal(cell, `\`${String(value)}\``, name);
  }
});

test('the table of jobs names each kind of job, with its id, and inputs that are taken', () => {
  const rows = tableBelow('docs/operating.md', '## Jobs');
  assert.deepEqual(rows.flatMap(([, type]) => coded(type)).toSorted(), [...jobKinds].toSorted());
  const startable = new Set(StartJob.anyOf.map(({ properties }): string => properties.kind.const));
  for (const [what, type, id, input] of rows) {
    const [kind = ''] = coded(type);
    const begin = Object.entries(jobId).find(([each]) => each === kind)?.[1] as ((n: string) => string) | undefined;
    const [before = ''] = begin?.('…').split('…') ?? [];
    for (const each of coded(id)) assert.ok(each.startsWith(before), `${what}: ${each}`);
    const wholes = coded(input).filter((each) => each.startsWith('{') && !each.includes('…'));
    for (const each of startable.has(kind) ? wholes : []) {
      const job = { kind, ...Value.Parse(Type.Object({}), JSON.parse(each)) };
      // Which paths are to be looked through only a shell can say.
      if (!('roots' in job) && !('whenWorth' in job)) assert.ok(Value.Check(StartJob, job), each);
    }
  }
});

test('the table of search attributes names each', () => {
  const rows = tableBelow('docs/operating.md', "### From a shell, with Temporal's command line");
  assert.deepEqual(rows.flatMap(([name]) => coded(name)).toSorted(), [...searchAttributes].toSorted());
});

test('the list at the head of a page has all its sections, in their order', () => {
  let lists = 0;
  for (const page of pages) {
    const [head = ''] = readPage(page).split(/^## /m);
    const listed = [...head.matchAll(/^- \[(.+)\]\(#.+\)$/gm)].map(([, title]) => title);
    if (listed.length === 0) continue;
    lists++;
    const text = readPage(page).replaceAll(/^```.*?^```/gms, '');
    assert.deepEqual(
      listed,
      [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title),
      page,
    );
  }
  assert.ok(lists >= 5);
});

test('commands are written as they work without being installed', () => {
  for (const page of pages) {
    assert.deepEqual(readPage(page).match(/npm run photo-assistant.*|`photo-assistant [a-z].*/g), null, page);
  }
});

test('each package has its reason, and no reason is without a package', () => {
  const Packages = Type.Optional(Type.Record(Type.String(), Type.String()));
  const Manifest = Type.Object({ dependencies: Packages, optionalDependencies: Packages, devDependencies: Packages });
  const manifest = Value.Parse(Manifest, JSON.parse(readPage('package.json')));
  const installed = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  });
  const explained = tableBelow('ARCHITECTURE.md', '## Dependencies').flatMap(([name]) => coded(name));
  assert.deepEqual(explained.toSorted(), installed.toSorted());
});

test('files that the architecture names are there', () => {
  const named = [...readPage('ARCHITECTURE.md').matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:tsx?|mjs|md|yml))`/g)];
  assert.ok(named.length > 20);
  for (const [, name = ''] of named) {
    assert.ok(existsSync(path.join(projectDir, name)), name);
  }
});

test('no link leads nowhere', () => {
  const anchors = (page: string) =>
    [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  let links = 0;
  for (const page of pages) {
    const text = readPage(page).replaceAll(/^```.*?^```/gms, '');
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
