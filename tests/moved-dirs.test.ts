import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { fromText } from '../model/names.ts';
import { compileIgnore } from '../photos/ignore.ts';
import { walkDir } from '../photos/walk.ts';
import { holdPlaces } from '../sql/places.ts';
import { knownDirs, storeReadDirs } from '../sql/scan.ts';
import type { ReadDir } from '../sql/seen-files.ts';
import { quickDatabase } from './support/database.ts';
import { temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';
import { scannedLibrary } from './support/scanned-library.ts';

const { sql, stop } = await quickDatabase();
after(stop);

/** A scan has read all dirs; before it stores that, the product moves a file from one to a new one below another. */
async function movedMeanwhile(t: TestContext) {
  const root = temporaryDir(t);
  const at = (place: string) => path.join(root, place);
  for (const place of ['from/1.jpg', 'from/2.jpg', 'to/3.jpg', 'other/4.jpg']) writeOld(at(place), place);
  settle(at('from'), at('to'), at('other'), root);
  const library = await scannedLibrary(sql, [root]);
  await library.scan(1);
  await library.read(1);
  const before = await library.files();
  writeFileSync(at('other/new.jpg'), 'new');
  const read = (await knownDirs(sql, 1, null, 100)).map((dir): ReadDir => {
    const walked = walkDir(fromText(root), { ...dir, mtimeNs: null }, compileIgnore([]));
    assert.ok(walked.outcome === 'read');
    return walked;
  });

  mkdirSync(at('to/made'));
  renameSync(at('from/1.jpg'), at('to/made/1.jpg'));
  await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const [made] = await tx<{ id: number }[]>`
      INSERT INTO dir (root_id, parent_id, path_prefix) SELECT 1, id, 'to/made' FROM dir WHERE path_prefix = 'to' RETURNING id`;
    await tx`UPDATE file SET dir_id = ${made!.id} WHERE fname = '1.jpg'`;
    await tx`UPDATE dir SET moves = moves + 1 WHERE path_prefix IN ('from', 'to', 'to/made')`;
  });
  const gone = async () =>
    (
      await sql<{ name: string }[]>`
        SELECT convert_from(fname, 'LATIN1') AS name FROM file WHERE gone_after IS NOT NULL
        UNION ALL SELECT convert_from(path_prefix, 'LATIN1') FROM dir WHERE gone_after IS NOT NULL ORDER BY 1`
    ).map(({ name }) => name);
  return { library, before, read, gone };
}

test('what a scan read before files were moved is not stored, and read again', async (t) => {
  const { library, before, read, gone } = await movedMeanwhile(t);
  await storeReadDirs(sql, 1, read);
  assert.deepEqual(await gone(), []);
  const stored = (await library.files()).map((file) => file.path).toSorted();
  assert.deepEqual(stored, ['from/2.jpg', 'other/4.jpg', 'other/new.jpg', 'to/3.jpg', 'to/made/1.jpg']);
  const again = await sql<{ prefix: string }[]>`
    SELECT convert_from(path_prefix, 'LATIN1') AS prefix FROM dir WHERE mtime_ns IS NULL ORDER BY 1`;
  // A file in `other` was written a moment ago.
  assert.deepEqual(
    again.map(({ prefix }) => prefix),
    ['from', 'other', 'to', 'to/made'],
  );

  const settled = await library.scan(1);
  assert.deepEqual([settled.foundAgain, settled.missing], [0, 0]);
  const now = new Map((await library.files()).map((file) => [path.basename(file.path), file]));
  for (const { id, path: was, hash } of before) {
    const file = now.get(path.basename(was));
    assert.deepEqual([file?.id, file?.hash], [id, hash]);
  }
  assert.equal(now.get('1.jpg')?.path, 'to/made/1.jpg');
});

test('were it stored, what was moved and made would be taken for gone', async (t) => {
  const { read, gone } = await movedMeanwhile(t);
  const moves = new Map((await knownDirs(sql, 1, null, 100)).map((dir) => [dir.id, dir.moves]));
  await storeReadDirs(
    sql,
    1,
    read.map((dir) => ({ ...dir, moves: moves.get(dir.id)! })),
  );
  assert.deepEqual(await gone(), ['1.jpg', 'to/made']);
});
