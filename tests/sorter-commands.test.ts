import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { treeOf, writeCameraDump } from './support/camera-dump.ts';
import { startHouse, temporaryDir } from './support/house.ts';

test('a plan is made, told, carried out and taken back from the command line', async (t) => {
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

  assert.deepEqual(await run('move', '--plan', '1'), ['move/1']);
  assert.equal((await house.ended('move/1')).status, 'completed');
  assert.equal(treeOf(imports).length, 1);
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
