import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { House } from '../model/house.ts';
import { temporaryDir } from '../tests/support/house.ts';
import { readHouse, writeHouse } from './house-file.ts';

const house: House = {
  pid: 7,
  startedAt: '2026-01-02T03:04:05.000Z',
  web: 'http://127.0.0.1:4800',
  databaseUrl: 'postgres://a:b@127.0.0.1:1/c',
  temporalAddress: '127.0.0.1:2',
  temporalNamespace: 'photo-assistant',
  temporalUi: null,
  parts: [{ name: 'web', status: 'running', pid: 8, restarts: 0, since: '2026-01-02T03:04:05.000Z', lastExit: null }],
};

test('the house reads back as it was written, by its owner only, and leaves no other file', (t) => {
  const dir = temporaryDir(t);
  const file = path.join(dir, 'house.json');
  assert.equal(readHouse(file), null);
  writeHouse(file, house);
  writeHouse(file, { ...house, pid: 9 });
  assert.deepEqual(readHouse(file), { ...house, pid: 9 });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dir), ['house.json']);
});

test('a file that holds no house counts as none', (t) => {
  const dir = temporaryDir(t);
  const file = path.join(dir, 'house.json');
  for (const text of ['', '\0\0\0', '{"pid": "x"}']) {
    writeFileSync(file, text);
    assert.equal(readHouse(file), null);
  }
});
