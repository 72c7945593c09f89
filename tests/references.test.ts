import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickDatabase } from './support/database.ts';

/** Their rows go by the thousand. */
const manyGo = ['dir', 'file', 'content', 'face', 'likeness', 'move_plan'];

test('where many rows are deleted, those that refer to them are found by index', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  const found = await sql<{ column: string }[]>`
    SELECT format('%s.%s', conrelid::regclass, attname) AS column
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid::regclass::text = ANY (${manyGo})
      AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])`;
  assert.deepEqual(
    found.map(({ column }) => column),
    [],
  );
});
