import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Type from 'typebox';
import Value from 'typebox/value';
import { createLogger } from './logger.ts';

const Line = Type.Object({ level: Type.String(), part: Type.String(), job: Type.String(), msg: Type.String() });

function logged(job: string, text: string): string {
  let out = '';
  createLogger('io', (line) => (out += line)).warn({ job }, text);
  return out;
}

test('a line is JSON with its level, part, job and time', () => {
  const line: unknown = JSON.parse(logged('dir/5', 'hello'));
  assert.deepEqual(Value.Clean(Line, Value.Clone(line)), { level: 'warn', part: 'io', job: 'dir/5', msg: 'hello' });
});

test('no name of a file can begin a new line or steer a terminal', () => {
  const nasty = fc.constantFrom(
    '\n',
    '\r',
    '\u001b[31m',
    '\u009b2J',
    '\u0085',
    '\u2028',
    '\u202e',
    '"',
    '\\',
    '\0',
    '\u007f',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))), (parts) => {
      const text = parts.join('').toWellFormed();
      const out = logged(text, text);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(out.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      assert.equal(out.at(-1), '\n');
      const line = Value.Parse(Line, JSON.parse(out));
      assert.deepEqual([line.job, line.msg], [text, text]);
    }),
  );
});
