import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { MovesReply, PlannedDirsReply, PlanReply } from '../web/api/plan-routes.ts';
import { PreviewReply } from '../web/api/sorting-routes.ts';
import { writeCameraDump } from './support/camera-dump.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { treeOf } from './support/tree.ts';

test('a plan is made, told, changed, carried out and taken back from the command line and the API', async (t) => {
  const base = temporaryDir(t);
  const [imports, storage] = [path.join(base, 'import'), path.join(base, 'storage')];
  const found = await writeCameraDump(imports, storage, 30);
  const house = await startHouse(t, { imports: [imports], storage: [storage], faces: false });
  await house.until('awaiting jobs');
  const run = async (...words: string[]) => {
    const { code, output } = await house.command(...words);
    assert.equal(code, 0, output);
    return output.trimEnd().split('\n');
  };
  await house.ended('import/1');
  const before = treeOf(imports, storage);

  const [named = '', account = ''] = await run('plan', imports, '--storage', storage, '--on-taken', 'keep both');
  assert.equal(named, 'plan 1');
  assert.equal(
    account,
    `found ${found} = planned ${found - 1} + moved 0 + skipped 0 + duplicates 1 + failed 0 + undone 0`,
  );

  const told = await run('move', '--plan', '1', '--dry-run');
  assert.equal(told.length, found + 1);
  assert.equal(told.filter((line) => line.startsWith(imports) && line.includes(' -> ')).length, found - 1);
  assert.equal(told.filter((line) => /^\S.* stays: The same, byte for byte/.test(line)).length, 1);
  assert.equal(told.at(-1), account);
  assert.deepEqual(treeOf(imports, storage), before, 'nothing has moved');
  await t.test('the API tells what would go where, and changes it', () => asked(house));

  assert.deepEqual(await run('move', '--plan', '1'), ['move/1']);
  assert.equal((await house.ended('move/1')).status, 'completed');
  assert.equal(treeOf(imports).length, 1);
  assert.ok(treeOf(path.join(storage, 'picked')).length > 0);
  assert.deepEqual(await run('undo', '--plan', '1'), ['undo/1']);
  assert.equal((await house.ended('undo/1')).status, 'completed');
  assert.deepEqual(treeOf(imports, storage), before);

  for (const words of [
    ['move', '--plan', '9'],
    ['undo', '--plan', 'x'],
    ['plan', '/nowhere'],
    ['move', '--plan', '-1'],
  ]) {
    const { code, output } = await house.command(...words);
    assert.equal(code, 1, words.join(' '));
    assert.match(output, /^(plan|root)\.unknown: /, words.join(' '));
  }
});

/** Looks at the plan that the commands made, through the API, and sends one picture elsewhere. */
async function asked(house: RunningHouse): Promise<void> {
  const plan = async (id = 1) => Value.Parse(PlanReply, await house.get(`/api/plans/${id}`));
  const dirs = async (under = '') =>
    Value.Parse(PlannedDirsReply, await house.get(`/api/plans/1/dirs?under=${encodeURIComponent(under)}`)).dirs;
  const moves = async (query: string) =>
    Value.Parse(MovesReply, await house.get(`/api/plans/1/moves?limit=1000&${query}`)).moves;
  const { wanted, ledger, counts } = await plan();
  const { root } = wanted;
  assert.deepEqual(counts.left, [{ because: 'duplicate', files: 1 }]);

  const [year, ...others] = await dirs();
  assert.ok(year?.hasDirs && others.length === 0);
  assert.deepEqual([year.path, year.files, year.left, year.own], ['2021', ledger.found, 1, 0]);
  const days = await dirs(year.key);
  assert.equal(
    days.reduce((sum, day) => sum + day.own, 0),
    ledger.found,
  );
  for (const { key, own, path: day } of days.slice(0, 3)) {
    const files = await moves(`dir=${encodeURIComponent(key)}`);
    assert.equal(files.length, own);
    assert.ok(files.every(({ to }) => path.dirname(to) === day));
  }
  assert.deepEqual(
    (await moves('left=duplicate')).map(({ state }) => state),
    ['left'],
  );

  const photos = Value.Parse(
    PreviewReply,
    (await house.send('POST', '/api/sorting/preview', { root, sorting: { pattern: 'x/{name}', rules: [] } })).body,
  ).photos;
  assert.equal(photos.length, 10);
  for (const { from, to } of photos) assert.equal(to, `x/${path.basename(from)}`);
  assert.deepEqual(await house.get(`/api/sorting/${root}/dirs?q=OL`), { dirs: ['old'] });

  const [first] = (await moves('state=planned')).filter(({ isLead }) => isLead);
  assert.ok(first);
  const chosen = await house.send('POST', '/api/plans/1/choose', { units: [first.unit], to: '../picked/' });
  assert.equal(chosen.status, 202);
  await eventually('the plan as it is now', 20_000, async () => (await plan()).state === 'draft');
  assert.equal((await plan()).changes, 1);
  for (const { unit, to } of await moves('state=planned'))
    assert.equal(path.dirname(to) === 'picked', unit === first.unit);
  const unseen = await house.send('POST', '/api/plans/1/approve', { seen: 0 });
  assert.equal(unseen.status, 409);
  assert.equal((await house.send('POST', '/api/plans/1/undo')).status, 409);

  const second = Value.Parse(
    Type.Object({ id: Type.Integer(), job: Type.String() }),
    (await house.send('POST', '/api/plans', { root })).body,
  );
  await house.ended(second.job);
  assert.equal((await house.send('POST', `/api/plans/${second.id}/discard`)).status, 200);
  assert.deepEqual([(await plan(second.id)).state, (await plan(second.id)).ledger.found], ['discarded', 0]);
}
