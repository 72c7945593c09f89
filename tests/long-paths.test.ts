import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanWanted } from '../model/move-plan.ts';
import { openDatabase } from '../sql/database.ts';
import { readLog } from '../sql/log.ts';
import { approvePlan, createPlan, getPlan } from '../sql/plans.ts';
import { startHouse, temporaryDir } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';

/** Names of 249 bytes, that say so little twice that nothing makes them shorter. */
const koreanName = () => Array.from({ length: 83 }, () => String.fromCharCode(0xac00 + randomInt(11_172))).join('');
const chain = (length: number) => Array.from({ length }, koreanName);

test('a directory too deep for the database is told, and keeps nothing else from being imported or moved', async (t) => {
  const [imports, storage] = [temporaryDir(t), temporaryDir(t)];
  const deep = chain(14).map((_, i, names) => path.join(imports, ...names.slice(0, i + 1)));
  for (const [i, dir] of [path.join(imports, 'shallow'), ...deep].entries())
    await writePicture(path.join(dir, 'a.jpg'), `rgb(${i * 17}, 100, 0)`);
  settle(...deep, path.join(imports, 'shallow'), imports);
  mkdirSync(path.join(storage, 'there'));

  const house = await startHouse(t, { imports: [imports], storage: [storage], faces: false });
  const { coverage } = await house.until('awaiting jobs');
  // The one in `shallow`, and nine of 249, 499, … 2,249 bytes.
  assert.deepEqual(
    { files: coverage.files, read: coverage.read, failed: coverage.failed },
    { files: 10, read: 10, failed: 0 },
  );
  const sql = openDatabase(house.house().databaseUrl, { max: 2 });
  t.after(() => sql.end());

  const scan = await house.ended('scan/2');
  assert.deepEqual([scan.status, scan.result?.failedDirs], ['completed', 1]);
  const said = await readLog(sql, { job: 'scan/2', level: 'error', limit: 10 });
  const [line] = said;
  assert.ok(line && said.length === 1);
  assert.match(line.text, /^dir\.path-too-long: In .+ can not be read: paths of directories may have 2400 bytes\.$/);
  const { dirs } = (await house.get('/api/dirs?limit=100')) as {
    dirs: { id: number; error: { code: string } | null }[];
  };
  assert.deepEqual(
    dirs.filter(({ error }) => error).map(({ id, error }) => [id, error?.code]),
    [[line.dir, 'dir.path-too-long']],
  );

  const planned = async (wanted: Omit<PlanWanted, 'root'>) => {
    const plan = await createPlan(sql, { ...wanted, root: 1 });
    const { body } = await house.send('POST', '/api/jobs', { kind: 'planMoves', plan });
    assert.equal((await house.ended((body as { id: string }).id)).status, 'completed');
    return plan;
  };
  await t.test('a plan fills no such directory, and says so', async () => {
    const plan = await planned({ to: chain(10).join('/') });
    const { ledger } = await getPlan(sql, plan);
    assert.deepEqual([ledger.found, ledger.skipped], [10, 10]);
    const reasons = await sql`SELECT DISTINCT left_because AS because FROM move WHERE plan_id = ${plan}`;
    assert.deepEqual(
      reasons.map((row) => row.because as string),
      ['path too long'],
    );
  });

  await t.test('long paths that can be had are moved to', async () => {
    const plan = await planned({ to: chain(9).join('/'), onTaken: 'keep both' });
    await approvePlan(sql, plan);
    await house.send('POST', '/api/jobs', { kind: 'moveFiles', plan });
    const job = await house.ended(`move/${plan}`);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    assert.equal((await getPlan(sql, plan)).ledger.moved, 10);
  });
});
