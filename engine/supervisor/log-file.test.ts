import assert from 'node:assert/strict';
import { fstatSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openLog } from './log-file.ts';

function fixture(t: TestContext) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'log-file-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const log = openLog(dir, 'io');
  t.after(() => log.close());
  return { dir, log, file: path.join(dir, 'io.log') };
}

const megabytes = (count: number) => `${'x'.repeat(count << 20)}\n`;

test('a log goes on where it was, and is kept in two files of bounded size', (t) => {
  const { dir, log, file } = fixture(t);
  writeFileSync(file, 'before\n');
  assert.deepEqual(log.write('one\ntw'), ['one']);
  assert.deepEqual(log.tail(), ['one', 'tw']);
  assert.deepEqual(log.write('o\n'), ['two']);
  assert.equal(readFileSync(file, 'utf8'), 'before\none\ntwo\n');
  log.write(megabytes(6));
  log.write('three\n');
  assert.equal(readFileSync(file, 'utf8'), 'three\n');
  assert.ok(statSync(path.join(dir, 'io.log.1')).size > 6 << 20);
});

test('a long log that somebody took away begins anew, and nobody else loses a file by it', (t) => {
  const { dir, log, file } = fixture(t);
  log.write(megabytes(6));
  rmSync(file);
  log.write('first\n');
  // Gets the number that the log had.
  const other = openSync(path.join(dir, 'other'), 'w');
  log.write('second\n');
  assert.ok(fstatSync(other).isFile());
  assert.equal(readFileSync(path.join(dir, 'other'), 'utf8'), '');
  assert.equal(readFileSync(file, 'utf8'), 'first\nsecond\n');
});

test('what can not be written is left out, until it can', (t) => {
  const { dir } = fixture(t);
  const logs = path.join(dir, 'logs');
  writeFileSync(logs, 'in the way');
  const log = openLog(logs, 'io');
  assert.deepEqual(log.write('lost\n'), ['lost']);
  rmSync(logs);
  log.write('kept\n');
  log.close();
  log.write('too late\n');
  assert.equal(readFileSync(path.join(logs, 'io.log'), 'utf8'), 'kept\n');
  assert.deepEqual(log.tail(), ['lost', 'kept']);
});
