import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createRoots } from '../activities/roots.ts';
import { quickDatabase } from './support/database.ts';
import { temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';
import { scannedLibrary } from './support/scanned-library.ts';

test('an empty path that held files is not taken for right, unless the product itself is moving them away', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  const root = temporaryDir(t);
  const roots = createRoots({ sql, pathMap: [], host: 'here' });
  writeOld(path.join(root, 'a.jpg'), 'a');
  settle(root);
  await (await scannedLibrary(sql, [root])).scan(1);
  // As if it had been scanned before there were device numbers.
  await sql`UPDATE root SET device = NULL`;
  rmSync(path.join(root, 'a.jpg'));
  await assert.rejects(roots.checked(1, false), { code: 'root.empty' });

  await sql`INSERT INTO move_plan (root_id, wanted, sorting) VALUES (1, '{}', '{}')`;
  await sql`
    INSERT INTO move (plan_id, unit, file_id, from_root_id, from_prefix, from_name, to_prefix, to_name, place_key, size, mtime_ns, inode, state)
    SELECT 1, id, id, 1, '', fname, '', fname, 'b', size, mtime_ns, inode, 'planned' FROM file`;
  await assert.rejects(roots.checked(1, false), { code: 'root.empty' });
  await sql`UPDATE move SET state = 'moving', begun = true`;
  assert.equal((await roots.checked(1, false)).root.path, root);
});
