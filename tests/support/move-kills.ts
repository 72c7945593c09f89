import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanWanted } from '../../model/move-plan.ts';
import { openDatabase, type Database } from '../../sql/database.ts';
import { approvePlan, createPlan, getPlan, planCounts } from '../../sql/plans.ts';
import { writeCameraDump } from './camera-dump.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './house.ts';
import { killAll, type Moments } from './kills.ts';
import { dirOnOtherDisk } from './other-disk.ts';
import { treeOf } from './tree.ts';

const patience = 300_000;
/** Whatever a plan leaves where it is, it leaves for later plans: each round has all files before it again. */
const choices: Omit<PlanWanted, 'root'>[] = [
  { onTaken: 'keep both', onDuplicate: 'keep both', removeEmptied: true },
  { onTaken: 'skip', onDuplicate: 'skip' },
  { onTaken: 'keep both', onDuplicate: 'skip', removeEmptied: true },
];

/** Files by path: time in nanoseconds and SHA-256. */
type Tree = Map<string, string>;

/**
 * Moves what a camera left into the library and takes it back, over and over, while parts of the house are killed, those of
 * one moment together: on one file system, and to another one where there is one. Scans run beside. After each job every
 * file has to be where the ledger says, once and as it was, on disk and in the tables; taken back, all is as it was.
 */
export async function surviveMoveKills(
  t: TestContext,
  { pictures, moments, mostARun }: { pictures: number; moments: Moments; mostARun: number },
): Promise<void> {
  const base = temporaryDir(t);
  const elsewhere = dirOnOtherDisk(t);
  if (!elsewhere) t.diagnostic('there is no other file system here: files are moved within one only');
  const imports = path.join(base, 'import');
  const storage = [path.join(base, 'storage'), ...(elsewhere ? [elsewhere] : [])];
  const found = await writeCameraDump(imports, path.join(base, 'storage'), pictures);
  if (elsewhere) await writeCameraDump(imports, elsewhere, 0);

  const house = await startHouse(t, { imports: [imports], storage, faces: false });
  await house.until('awaiting jobs', patience);
  await untilQuiet(house);
  const sql = openDatabase(house.house().databaseUrl, { max: 2 });
  t.after(() => sql.end());
  const paths = [imports, ...storage];
  const roots = await sql<{ id: number; path: string }[]>`SELECT id, path FROM root`;
  const rootOf = (wanted: string | undefined) => roots.find((root) => root.path === wanted)?.id ?? 0;
  const [before, dirs, numbers] = [read(paths), dirsBelow(paths), await numbersByHash(sql)];

  const left = [...moments];
  let met = 0;
  /** Runs a job to its end, with kills spread over its work on the way from one tree to another. */
  const run = async (kind: 'moveFiles' | 'undoMoves', plan: number, from: Tree, to: Tree): Promise<void> => {
    for (const { id } of roots) await start(house, { kind: 'importPath', root: id });
    const id = await start(house, { kind, plan });
    const aims = left
      .splice(0, 1 + Math.floor(Math.random() * mostARun))
      .map((victims) => ({ victims, at: Math.random() * 1.2 - 0.1 }));
    for (const { victims, at } of aims.toSorted((a, b) => a.at - b.at)) {
      await eventually(`${at} of ${id}`, patience, () => reached(paths, from, to, at), 2);
      // A few steps of a move on.
      await sleep(Math.random() * 5);
      // The database may still be away since the kill before.
      if (await isUnfinished(sql, plan).catch(() => progress(paths, from, to) < 1)) met++;
      await killAll(t, house, victims);
    }
    const job = await house.ended(id, patience);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    await eventually('all parts to be there again', patience, () => house.get('/readyz'));
  };
  const agrees = async (expected: Tree, what: string): Promise<void> => {
    assert.deepEqual(lines(read(paths)), lines(expected), `files ${what}`);
    assert.deepEqual(await presentRows(sql), hashes(expected), `rows ${what}`);
    assert.deepEqual(await numbersByHash(sql), numbers, `numbers of files ${what}`);
  };

  for (let round = 0; left.length > 0; round++) {
    // What came back behind an import that was running is read by the next one.
    await untilQuiet(house);
    for (const { id } of roots) await start(house, { kind: 'importPath', root: id });
    await untilQuiet(house);
    const plan = await createPlan(sql, {
      root: rootOf(storage[round % storage.length]),
      ...choices[round % choices.length],
    });
    await completed(house, await start(house, { kind: 'planMoves', plan }));
    const { ledger } = await getPlan(sql, plan);
    assert.equal(ledger.found, found);
    assert.ok(ledger.planned > found / 2, JSON.stringify(await planCounts(sql, plan)));
    await approvePlan(sql, plan);

    await run('moveFiles', plan, before, moved(before, await movesOf(sql, plan, 'planned')));
    const after = await getPlan(sql, plan);
    assert.deepEqual(after.ledger, { ...ledger, planned: 0, moved: ledger.planned }, 'the ledger adds up');
    assert.equal(after.state, 'done');
    const there = moved(before, await movesOf(sql, plan, 'moved'));
    await agrees(there, 'after a move');

    await sql`UPDATE move SET back = true WHERE plan_id = ${plan} AND state = 'moved'`;
    await run('undoMoves', plan, there, before);
    assert.deepEqual((await getPlan(sql, plan)).ledger, { ...ledger, planned: 0, undone: ledger.planned });
    await agrees(before, 'taken back');
    assert.deepEqual(dirsBelow(paths), dirs, 'no dir is left that a plan made');
  }
  await untilQuiet(house);
  await agrees(before, 'when all is quiet');
  assert.deepEqual(
    (await house.jobs('status=failed')).map((job) => [job.id, job.error]),
    [],
  );
  t.diagnostic(`${met} of ${moments.length} kills met files that were still to be moved`);
  await house.stop();
}

const read = (paths: readonly string[]): Tree =>
  new Map(treeOf(...paths).map(({ path: file, mtimeNs, hash }) => [file, `${mtimeNs} ${hash}`]));

const lines = (tree: Tree): string[] => [...tree].map(([file, facts]) => `${file} ${facts}`).toSorted();
const hashes = (tree: Tree): string[] =>
  [...tree].map(([file, facts]) => `${file} ${facts.slice(facts.indexOf(' ') + 1)}`).toSorted();

/** Directories below some paths, in order. */
const dirsBelow = (paths: readonly string[]): string[] =>
  entriesBelow(paths)
    .filter(({ isDir }) => isDir)
    .map(({ path }) => path)
    .toSorted();

const entriesBelow = (paths: readonly string[]): { path: string; isDir: boolean }[] =>
  paths.flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => ({
      path: path.join(entry.parentPath, entry.name),
      isDir: entry.isDirectory(),
    })),
  );

/** The share of names that are made or taken away already on the way from one tree to another. */
function progress(paths: readonly string[], from: Tree, to: Tree): number {
  const now = new Set(entriesBelow(paths).map((entry) => entry.path));
  const made = [...to.keys()].filter((file) => !from.has(file));
  const gone = [...from.keys()].filter((file) => !to.has(file));
  const done = made.filter((file) => now.has(file)).length + gone.filter((file) => !now.has(file)).length;
  return done / (made.length + gone.length);
}

/** Dirs come and go while they are listed: then it is asked again. */
const reached = (paths: readonly string[], from: Tree, to: Tree, share: number): Promise<boolean> =>
  Promise.resolve().then(() => progress(paths, from, to) >= Math.min(share, 1));

function moved(tree: Tree, moves: readonly { from: string; to: string }[]): Tree {
  const next = new Map(tree);
  for (const { from, to } of moves) {
    next.delete(from);
    assert.ok(!next.has(to), `${to} was there before`);
    next.set(to, tree.get(from) ?? '');
  }
  return next;
}

async function movesOf(sql: Database, plan: number, state: string): Promise<{ from: string; to: string }[]> {
  return await sql<{ from: string; to: string }[]>`
    SELECT concat_ws('/', source.path, nullif(convert_from(from_prefix, 'UTF8'), ''), convert_from(from_name, 'UTF8')) AS from,
           concat_ws('/', target.path, nullif(convert_from(to_prefix, 'UTF8'), ''), convert_from(to_name, 'UTF8')) AS to
    FROM move JOIN move_plan ON move_plan.id = plan_id JOIN root target ON target.id = move_plan.root_id
      JOIN root source ON source.id = from_root_id
    WHERE plan_id = ${plan} AND move.state = ${state}`;
}

/** Some files of a plan are on their way, or wait for it. */
async function isUnfinished(sql: Database, plan: number): Promise<boolean> {
  const rows = await sql`
    SELECT FROM move WHERE plan_id = ${plan} AND (state IN ('planned', 'moving') OR state = 'moved' AND back) LIMIT 1`;
  return rows.length > 0;
}

/** Present files as the database knows them, with what they hold, in order. */
async function presentRows(sql: Database): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    SELECT concat_ws('/', path, nullif(convert_from(path_prefix, 'UTF8'), ''), convert_from(fname, 'UTF8')) || ' ' || coalesce(encode(hash, 'hex'), 'unread') AS row
    FROM file JOIN dir ON dir.id = dir_id JOIN root ON root.id = root_id WHERE file.gone_after IS NULL AND dir.gone_after IS NULL`;
  return rows.map(({ row }) => row).toSorted();
}

/** Numbers of all files, gone ones too, by what they hold. */
async function numbersByHash(sql: Database): Promise<string[]> {
  const rows = await sql<
    { row: string }[]
  >`SELECT coalesce(encode(hash, 'hex'), 'unread') || ' ' || id AS row FROM file`;
  return rows.map(({ row }) => row).toSorted();
}

async function start(house: RunningHouse, input: object): Promise<string> {
  const { status, body } = await house.send('POST', '/api/jobs', input);
  assert.equal(status, 202, JSON.stringify(body));
  return (body as { id: string }).id;
}

async function completed(house: RunningHouse, id: string): Promise<void> {
  const job = await house.ended(id, patience);
  assert.equal(job.status, 'completed', JSON.stringify(job.error));
}

const untilQuiet = (house: RunningHouse) =>
  eventually('all jobs to have ended', patience, async () => (await house.status()).jobs.running === 0);
