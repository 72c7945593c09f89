import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanWanted } from '../model/move-plan.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { approvePlan, createPlan, getPlan } from '../sql/plans.ts';
import { contentsOf, treeOf, writeCameraDump } from './support/camera-dump.ts';
import { startHouse, temporaryDir } from './support/house.ts';

test('a dump of a camera is planned, moved and taken back, and the database follows', async (t) => {
  const base = temporaryDir(t);
  const [imports, storage] = [path.join(base, 'import'), path.join(base, 'storage')];
  const found = await writeCameraDump(imports, storage, 60);
  const house = await startHouse(t, { imports: [imports], storage: [storage], faces: false });
  await house.until('awaiting jobs');
  const sql = openDatabase(house.house().databaseUrl, { max: 2 });
  t.after(() => sql.end());
  const run = async (kind: 'planMoves' | 'moveFiles' | 'undoMoves', plan: number) => {
    const { body, status } = await house.send('POST', '/api/jobs', { kind, plan });
    assert.equal(status, 202, JSON.stringify(body));
    const { id } = body as { id: string };
    const job = await house.ended(id);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
  };
  const made = async (wanted: PlanWanted) => {
    const plan = await createPlan(sql, wanted);
    await run('planMoves', plan);
    return plan;
  };
  const storageRoot = (await sql<{ id: number }[]>`SELECT id FROM root WHERE kind = 'storage'`)[0]!.id;
  await house.ended(`import/${storageRoot}`);
  const [before, contents] = [treeOf(imports, storage), contentsOf(imports, storage)];
  const ids = await idsByHash(sql);

  await t.test('everything found is to be moved, or stays with a reason', async () => {
    const { ledger, state } = await getPlan(sql, await made({ root: storageRoot }));
    assert.equal(state, 'draft');
    assert.deepEqual(ledger, { ...none, found, planned: found - 3, skipped: 1, duplicates: 2 });
    assert.deepEqual(treeOf(imports, storage), before, 'a plan moves nothing');
  });

  const plan = await made({ root: storageRoot, onTaken: 'keep both', onDuplicate: 'leave', removeEmptied: true });
  await t.test('nothing moves without a person’s approval', async () => {
    const refused = await house.send('POST', '/api/jobs', { kind: 'moveFiles', plan });
    assert.equal(refused.status, 202);
    assert.equal((await house.ended(`move/${plan}`)).error?.code, 'plan.not-approved');
    assert.deepEqual(treeOf(imports, storage), before);
  });

  await t.test('moved, every file is once where it belongs, and its row with it', async () => {
    await approvePlan(sql, plan);
    await run('moveFiles', plan);
    const { ledger, state } = await getPlan(sql, plan);
    assert.equal(state, 'done');
    assert.deepEqual(ledger, { ...none, found, moved: found - 2, duplicates: 2 });
    assert.deepEqual(contentsOf(imports, storage), contents);
    assert.ok(existsSync(path.join(storage, '2021', '2021-05-01', 'IMG_20210501_000000.CR2')));
    assert.ok(existsSync(path.join(storage, '2021', '2021-05-02', 'IMG_20210502_000000[2].jpg')));
    assert.deepEqual(readdirSync(path.join(imports, 'DCIM', '100CANON')).length, 2, 'duplicates stay');
    await house.ended(`import/${storageRoot}`);
    await house.ended('import/1');
    assert.deepEqual(await rowsByPath(sql), pathsOf(imports, storage));
    assert.deepEqual(await idsByHash(sql), ids, 'nothing is read or numbered anew');
  });

  await t.test('what stays for good is not asked about again', async () => {
    const { ledger } = await getPlan(sql, await made({ root: storageRoot }));
    assert.equal(ledger.found, 0);
    const again = await getPlan(sql, await made({ root: storageRoot, again: true }));
    assert.equal(again.ledger.duplicates, 2);
  });

  await t.test('taken back, the tree is what it was, to the nanosecond', async () => {
    await sql`UPDATE move SET back = true WHERE plan_id = ${plan} AND state = 'moved'`;
    await run('undoMoves', plan);
    assert.deepEqual(treeOf(imports, storage), before);
    assert.deepEqual(readdirSync(storage).toSorted(), ['2021', 'old'], 'dirs that it made are gone');
    const { ledger } = await getPlan(sql, plan);
    assert.deepEqual(ledger, { ...none, found, undone: found - 2, duplicates: 2 });
    await house.ended('import/1');
    await house.ended(`import/${storageRoot}`);
    assert.deepEqual(await rowsByPath(sql), pathsOf(imports, storage));
    assert.deepEqual(await idsByHash(sql), ids);
  });
});

const none = { found: 0, planned: 0, moved: 0, skipped: 0, duplicates: 0, failed: 0, undone: 0 };

/** Numbers of files by what they hold. */
async function idsByHash(sql: Database): Promise<string[]> {
  const rows = await sql<{ id: number; hash: string }[]>`SELECT id, encode(hash, 'hex') AS hash FROM file`;
  return rows.map(({ id, hash }) => `${hash} ${id}`).toSorted();
}

/** Present files as the database knows them, in order. */
async function rowsByPath(sql: Database): Promise<string[]> {
  const rows = await sql<{ path: string }[]>`
    SELECT concat_ws('/', path, nullif(convert_from(path_prefix, 'UTF8'), ''), convert_from(fname, 'UTF8')) AS path
    FROM file JOIN dir ON dir.id = dir_id JOIN root ON root.id = root_id WHERE file.gone_after IS NULL AND dir.gone_after IS NULL`;
  return rows.map(({ path }) => path).toSorted();
}

const pathsOf = (...roots: string[]): string[] =>
  treeOf(...roots).map((line) => line.split(' ').slice(0, -2).join(' '));
