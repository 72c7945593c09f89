import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPages } from './pages.ts';

test('a list is asked for once for all its pages, and again by who begins elsewhere', async () => {
  const ids = [2, 3, 5, 7, 11];
  let asked = 0;
  const pages = createPages(2);
  const take = (run: string, after: number) =>
    pages({ run, after }, async () => {
      asked++;
      return ids.filter((id) => id > after);
    });
  assert.deepEqual(await take('a', 0), { page: [2, 3], left: 3 });
  assert.deepEqual(await take('a', 3), { page: [5, 7], left: 1 });
  assert.deepEqual(await take('a', 7), { page: [11], left: 0 });
  assert.equal(asked, 1);

  assert.deepEqual(await take('a', 3), { page: [5, 7], left: 1 });
  assert.deepEqual(await take('b', 7), { page: [11], left: 0 });
  assert.equal(asked, 3);
  assert.deepEqual(await take('b', 11), { page: [], left: 0 });
});
