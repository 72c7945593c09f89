import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rowsOf } from './json-rows.ts';

async function read(text: string): Promise<{ rows: unknown[]; parts: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'json-rows-'));
  try {
    await writeFile(join(dir, 'list.json'), text);
    const rows: unknown[] = [];
    let parts = 0;
    for await (const part of rowsOf(pathToFileURL(join(dir, 'list.json')))) {
      rows.push(...part);
      parts++;
    }
    return { rows, parts };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('all rows of a long list are read, in parts, whatever their texts hold', async () => {
  const names = ['Sainte-Mère-Église', '},{"', '"},{"name":"', '東京', '\\', '[]', ''];
  const list = Array.from({ length: 60_000 }, (_, i) => ({ name: names[i % names.length], number: i }));
  const { rows, parts } = await read(JSON.stringify(list));
  assert.deepEqual(rows, list);
  assert.ok(parts > 3);
});

test('short and spaced lists are read too', async () => {
  assert.deepEqual((await read('[]')).rows, []);
  assert.deepEqual((await read('[{"a":1}]\n')).rows, [{ a: 1 }]);
  assert.deepEqual((await read('[\n {"a": 1},\n {"a": 2}\n]')).rows, [{ a: 1 }, { a: 2 }]);
});

test('what is no list is refused', async () => {
  for (const text of ['', '{"a":1}', '[{"a":1},{"b":', 'null']) await assert.rejects(read(text));
});
