import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanWanted } from '../model/move-plan.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { approvePlan, createPlan, getPlan } from '../sql/plans.ts';
import { writeCameraDump } from './support/camera-dump.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { writeOld } from './support/pictures.ts';
import { hashesOf, treeOf } from './support/tree.ts';

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
  const [before, contents] = [treeOf(imports, storage), hashesOf(imports, storage)];
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
    assert.deepEqual(hashesOf(imports, storage), contents);
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

  const movesOf = async (plan: number) =>
    await sql<{ name: string; state: string; code: string | null }[]>`
      SELECT convert_from(from_name, 'UTF8') AS name, state, error_code AS code FROM move WHERE plan_id = ${plan} ORDER BY id`;
  const first = path.join(imports, 'DCIM', '100CANON');
  /** Where `IMG_20210503_….jpg` belongs. */
  const placeOf = (name: string) => path.join(storage, '2021', `2021-05-${name.slice(10, 12)}`, name);

  await t.test(
    'what has changed since it was planned, or finds its name taken, stays with a reason, and the rest moves',
    async () => {
      const plan = await made({ root: storageRoot, from: '2021-05-03', until: '2021-05-08' });
      const { ledger } = await getPlan(sql, plan);
      const names = (await movesOf(plan)).filter(({ state }) => state === 'planned').map(({ name }) => name);
      const [changed, gone, taken] = names.filter((name) => name.endsWith('.jpg'));
      assert.ok(changed !== undefined && gone !== undefined && taken !== undefined, names.join());
      const kept = readFileSync(path.join(first, changed));
      const goneKept = readFileSync(path.join(first, gone));
      writeOld(path.join(first, changed), 'edited');
      rmSync(path.join(first, gone));
      writeOld(placeOf(taken), 'came meanwhile');
      await approvePlan(sql, plan);
      await run('moveFiles', plan);
      const codes = new Map((await movesOf(plan)).map(({ name, code }) => [name, code]));
      assert.equal(codes.get(changed), 'move.source-changed');
      assert.equal(codes.get(gone), 'move.source-gone');
      assert.equal(codes.get(taken), 'move.name-taken');
      const after = await getPlan(sql, plan);
      const failed = [...codes.values()].filter((code) => code !== null).length;
      assert.deepEqual(after.ledger, { ...ledger, planned: 0, moved: ledger.planned - failed, failed });
      assert.ok(after.ledger.moved > 0);
      assert.equal(readFileSync(placeOf(taken), 'utf8'), 'came meanwhile');

      rmSync(placeOf(taken));
      writeOld(path.join(first, changed), kept);
      writeOld(path.join(first, gone), goneKept);
      await sql`UPDATE move SET back = true WHERE plan_id = ${plan} AND state = 'moved'`;
      await run('undoMoves', plan);
      assert.deepEqual(hashesOf(imports, storage), contents);
      await rescan(house, storageRoot);
    },
  );

  await t.test('of two plans with the same files the first moves them; the second says so', async () => {
    // None of those that were written to above.
    const wanted = { root: storageRoot, from: '2021-05-09' };
    const [one, two] = [await made(wanted), await made({ ...wanted, to: 'elsewhere' })];
    for (const plan of [one, two]) await approvePlan(sql, plan);
    const { changes } = await getPlan(sql, one);
    await approvePlan(sql, one, changes);
    await assert.rejects(approvePlan(sql, one, changes + 1), { code: 'plan.not-draft' });
    await Promise.all([one, two].map((plan) => run('moveFiles', plan)));
    assert.deepEqual(hashesOf(imports, storage), contents);
    const moves = [...(await movesOf(one)), ...(await movesOf(two))];
    const codes = moves.filter(({ state }) => state === 'failed').map(({ code }) => code);
    assert.deepEqual([...new Set(codes)], ['move.elsewhere']);
    for (const plan of [one, two]) {
      await sql`UPDATE move SET back = true WHERE plan_id = ${plan} AND state = 'moved'`;
      await run('undoMoves', plan);
    }
    assert.deepEqual(hashesOf(imports, storage), contents);
    assert.ok(!existsSync(path.join(storage, 'elsewhere')));
    await rescan(house, storageRoot);
  });

  await t.test('files that are moved where an import runs already are known when that import has ended', async () => {
    const plan = await made({ root: storageRoot, from: '2021-05-09', to: 'meanwhile' });
    await approvePlan(sql, plan);
    // While a file is being written, the import waits for it.
    const fresh = path.join(storage, 'fresh.jpg');
    const write = () => writeFileSync(fresh, String(Date.now()));
    write();
    const writing = setInterval(write, 500);
    try {
      await house.send('POST', '/api/jobs', { kind: 'importPath', root: storageRoot });
      await eventually('the import to wait', 30_000, async () => (await house.jobs('status=running&kind=dirChain'))[0]);
      await run('moveFiles', plan);
      assert.equal((await house.job(`import/${storageRoot}`)).endedAt, null, 'it has not waited for the move');
    } finally {
      clearInterval(writing);
    }
    await house.ended(`import/${storageRoot}`);
    const left =
      await sql`SELECT path_prefix FROM dir WHERE NOT described AND missing_since IS NULL AND root_id = ${storageRoot}`;
    assert.deepEqual([...left], []);
    rmSync(fresh);
    await sql`UPDATE move SET back = true WHERE plan_id = ${plan} AND state = 'moved'`;
    await run('undoMoves', plan);
    assert.deepEqual(hashesOf(imports, storage), contents);
    await rescan(house, storageRoot);
  });

  await t.test('a storage path that is away is written nothing to; when it is back the plan goes on', async () => {
    const plan = await made({ root: storageRoot });
    await approvePlan(sql, plan);
    renameSync(storage, `${storage}.away`);
    mkdirSync(storage);
    await house.send('POST', '/api/jobs', { kind: 'moveFiles', plan });
    assert.equal((await house.ended(`move/${plan}`)).error?.code, 'root.empty');
    assert.deepEqual(readdirSync(storage), []);
    rmdirSync(storage);
    renameSync(`${storage}.away`, storage);
    await house.send('POST', `/api/jobs/move%2F${plan}/again`);
    assert.equal((await house.ended(`move/${plan}`)).status, 'completed');
    const { ledger } = await getPlan(sql, plan);
    assert.deepEqual([ledger.failed, ledger.planned], [0, 0]);
    assert.deepEqual(hashesOf(imports, storage), contents);
  });

  await t.test(
    'a file that changed on its disk without being written to is found, and told until it is whole again',
    async () => {
      await house.send('PUT', '/api/settings', { checkShare: 100 });
      await rescan(house, storageRoot);
      const check = async () => {
        await house.send('POST', '/api/jobs', { kind: 'checkFiles', root: storageRoot });
        return await house.ended(`check/${storageRoot}`);
      };
      assert.equal((await check()).error, null);
      const file = path.join(storage, 'old', 'here already.jpg');
      const { atime, mtime } = statSync(file);
      const bytes = readFileSync(file);
      const rotten = Buffer.from(bytes);
      rotten[40] = (rotten[40] ?? 0) ^ 1;
      writeFileSync(file, rotten);
      utimesSync(file, atime, mtime);
      assert.equal((await check()).error?.code, 'file.damaged');
      const told = (await house.files('order=name')).filter(({ error }) => error?.code === 'file.damaged');
      assert.deepEqual(
        told.map(({ path }) => path),
        [file],
      );
      writeFileSync(file, bytes);
      utimesSync(file, atime, mtime);
      assert.equal((await check()).error, null);
      assert.ok((await house.files('order=name')).every(({ error }) => error?.code !== 'file.damaged'));
      rmSync(file);
      assert.equal((await check()).error?.code, 'file.missing');
    },
  );
});

/** Every file is looked at, for some were written in place. */
async function rescan(house: RunningHouse, ...roots: number[]): Promise<void> {
  for (const root of [1, ...roots]) {
    await house.send('POST', '/api/jobs', { kind: 'importPath', root, deep: true });
    assert.equal((await house.ended(`import/${root}`)).status, 'completed');
  }
}

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

const pathsOf = (...roots: string[]): string[] => treeOf(...roots).map(({ path: file }) => file);
