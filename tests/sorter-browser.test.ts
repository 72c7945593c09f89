import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import type { MoveState } from '../model/move-plan.ts';
import { MovesReply, PlanReply } from '../web/api/plan-routes.ts';
import { errorsOf, inView, look, noBrowser, openBrowser, views } from './support/browser.ts';
import { dirsOf } from './support/camera-dump.ts';
import { eventually, startHouse, temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';
import { noRealPictures, realFiles, realPictures } from './support/real-pictures.ts';
import { hashesOf, treeOf } from './support/tree.ts';

const skip = noRealPictures || noBrowser;

test(
  'a camera’s files in a real browser, from a pattern to a plan that is carried out and taken back',
  { skip },
  async (t) => {
    const base = temporaryDir(t);
    const [photos, storage] = [path.join(base, 'camera'), path.join(base, 'sorted')];
    mkdirSync(storage);
    const kinds = Map.groupBy(realFiles('camera'), (name) => path.dirname(name));
    for (const name of [...kinds.values()].flatMap((names) => names.slice(0, 8)))
      writeOld(path.join(base, name), readFileSync(path.join(realPictures, name)));
    // One that is there twice, under a name that is taken then.
    const [twice = ''] = realFiles('camera/jpg');
    writeOld(path.join(photos, 'again', path.basename(twice)), readFileSync(path.join(realPictures, twice)));
    settle(...dirsOf(photos));

    const house = await startHouse(t, { imports: [photos], storage: [storage], faces: false });
    const browser = await openBrowser(t);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const errors = errorsOf(page);
    await house.until('awaiting jobs');
    const idle = () => eventually('the jobs to end', 120_000, async () => (await house.status()).jobs.running === 0);
    await idle();
    const before = treeOf(base);
    const contents = hashesOf(base);
    const plan = async () => Value.Parse(PlanReply, await house.get('/api/plans/1'));
    const moves = async (state: MoveState) =>
      Value.Parse(MovesReply, await house.get(`/api/plans/1/moves?limit=1000&state=${state}`)).moves;

    await t.test('a pattern is tried on real files as it is typed, told where it is wrong, and saved', async () => {
      await page.goto(`${house.url}/sorter`);
      const pattern = page.getByLabel('Pattern', { exact: true });
      await pattern.fill('{yaer}/{name}');
      await page.getByText(/^Column 2: there is no token “yaer”; “year” is probably meant/).waitFor();
      await look(page, 'sorter-problem');
      await pattern.fill("{year}/{month} {camera|'other'}/{name}");
      await page
        .locator('#preview')
        .getByText(/^\d{4}\/\d\d /)
        .first()
        .waitFor();
      assert.equal(await page.locator('.problem').count(), 0);
      assert.equal(await page.locator('#preview li').count(), 10);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. Plans that are made from now on').waitFor();
      assert.equal(await pattern.inputValue(), "{year}/{month} {camera|'other'}/{name}");
    });

    await t.test('a plan shows what would go where; nothing has moved', async () => {
      await page.goto(`${house.url}/sorter`);
      await page.getByLabel('remove directories that are empty afterwards').check();
      await page.getByRole('button', { name: 'Make a plan' }).click();
      await page.waitForURL('**/sorter/plans/1');
      await page.getByRole('button', { name: /^Move \d+ files \(.+\)$/ }).waitFor();
      const { ledger, state } = await plan();
      assert.equal(state, 'draft');
      assert.equal(ledger.found, before.length);
      assert.ok(ledger.planned > 30, JSON.stringify(ledger));
      await page
        .locator('.tree a', { hasText: /^\d{4}/ })
        .first()
        .click();
      await page.locator('.tree ul ul a').first().click();
      await page.locator('.units .goes').first().waitFor();
      await look(page, 'plan-dir');
      await page
        .locator('.plan-filters')
        .getByRole('link', { name: /^uncertain date \d+$/ })
        .click();
      await page.locator('.units .chip.note', { hasText: 'uncertain date' }).first().waitFor();
      assert.deepEqual(treeOf(base), before);
    });

    await t.test('pictures are decided otherwise: one stays, one goes elsewhere', async () => {
      const { ledger } = await plan();
      await page.goto(`${house.url}/sorter/plans/1`);
      const [first, second] = (await moves('planned')).filter((move) => move.isLead);
      assert.ok(first && second);
      const row = page.locator(`#unit-${first.unit}`);
      await row.getByText('Otherwise').click();
      await row.getByRole('button', { name: 'Leave for good' }).click();
      await page.locator(`#unit-${first.unit}`).getByText('You said that it stays.').waitFor();
      await page
        .getByLabel(`Choose ${path.basename(second.from)}`)
        .first()
        .check();
      await page.getByLabel('Directory below the storage path').fill('picked/by hand');
      await page.getByRole('button', { name: 'Into it' }).last().click();
      await page.locator(`#unit-${second.unit} .goes`, { hasText: 'picked/by hand/' }).waitFor();
      const after = (await plan()).ledger;
      assert.equal(after.found, ledger.found);
      assert.ok(after.skipped > ledger.skipped);
    });

    await t.test('it is approved, carried out, and its account is right', async () => {
      await page.getByRole('button', { name: /^Move \d+ files/ }).click();
      await page.getByText(/\d+ files moved\./).waitFor({ timeout: 60_000 });
      const { ledger, state } = await plan();
      assert.equal(state, 'done');
      const { found, moved, skipped, duplicates, failed } = ledger;
      assert.equal(failed, 0);
      assert.equal(found, moved + skipped + duplicates + failed);
      const done = await moves('moved');
      assert.equal(done.length, moved);
      for (const { from, to } of done) {
        assert.ok(existsSync(path.join(storage, to)), to);
        assert.ok(!existsSync(from), from);
      }
      for (const { from } of await moves('left')) assert.ok(existsSync(from), from);
      assert.deepEqual(hashesOf(base), contents);
      await look(page, 'plan-done');
      await idle();
    });

    await t.test('all pages of the sorter: on a phone and wide, and nothing for axe', async () => {
      const [file] = await house.files('');
      const { wanted } = await plan();
      const second = await house.send('POST', '/api/plans', { root: wanted.root, again: true });
      assert.equal(second.status, 202);
      await idle();
      const pages = {
        sorter: '/sorter',
        'sorter-dir': `/sorter?dir=${file?.dir}#make`,
        'plan-moved': '/sorter/plans/1',
        'plan-draft': '/sorter/plans/2',
        'plan-stays': '/sorter/plans/1?state=left',
        'folder-choose': `/folders/${file?.dir}?choose=1`,
        'jobs-move': '/jobs/move',
        'job-move': `/jobs/job/${encodeURIComponent('move/1')}`,
      };
      for (const view of views) {
        for (const [name, where] of Object.entries(pages)) await inView(t, browser, house, view, name, where);
      }
      const narrow = await browser.newPage({ viewport: { width: 360, height: 740 } });
      for (const [name, where] of Object.entries(pages)) {
        await narrow.goto(house.url + where);
        const sideways = await narrow.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(sideways, 0, `${name} does not scroll sideways at 360 px`);
      }
    });

    await t.test('one picture is taken back, then all of them, and the tree is what it was', async () => {
      await page.goto(`${house.url}/sorter/plans/1?state=moved`);
      const row = page.locator('.units > li').first();
      await row.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Take the chosen ones back' }).click();
      await page.getByText(/taken back\./).waitFor({ timeout: 60_000 });
      await idle();
      await page.goto(`${house.url}/sorter/plans/1`);
      await page.getByRole('button', { name: /^Take all \d+ files back$/ }).click();
      await eventually('all of them back', 60_000, async () => (await plan()).ledger.moved === 0);
      await idle();
      const { ledger } = await plan();
      assert.equal(ledger.found, ledger.undone + ledger.skipped + ledger.duplicates);
      assert.deepEqual(treeOf(base), before);
      await page.goto(`${house.url}/sorter/plans/1`);
      await look(page, 'plan-undone');
    });

    assert.deepEqual(errors, []);
  },
);
