import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../sql/database.ts';
import { errorsOf, inView, look, noBrowser, openBrowser, views } from './support/browser.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { writePhotoLibrary } from './support/pictures.ts';

test('the pages in a real browser', { skip: noBrowser }, async (t) => {
  const base = temporaryDir(t);
  const photos = path.join(base, 'photos');
  await writePhotoLibrary(photos, { dirs: 3, filesADir: 30 });
  const gone = path.join(base, 'not mounted');
  const house = await startHouse(t, { faces: false });
  const browser = await openBrowser(t);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors = errorsOf(page);

  await t.test('a page that looks again goes on while it is not answered, and shows what comes then', async () => {
    await page.goto(house.url);
    const answers = [
      { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' },
      { status: 503, contentType: 'application/json', body: '{"error":{"code":"database.unavailable"}}' },
    ];
    await page.route(`${house.url}/`, async (route) => {
      const answer = answers.shift();
      await (answer ? route.fulfill(answer) : route.continue());
    });
    await page.waitForResponse((response) => response.status() === 503);
    await page.waitForResponse((response) => response.url() === `${house.url}/` && response.ok());
    await page.getByText('Your pictures appear here').waitFor();
    await page.unrouteAll();
  });

  await t.test(
    'an empty house asks for an import path; a bad one is refused beside its field, keeping what was typed',
    async () => {
      await page.goto(house.url);
      await page
        .getByText(/import path/i)
        .first()
        .waitFor();
      await look(page, 'configuration-needed');
      await page.goto(`${house.url}/settings`);
      await page.locator('input[name=importPaths]').first().fill(gone);
      await page.getByRole('button', { name: 'Save' }).last().click();
      await page.getByText('does not exist or is not mounted').first().waitFor();
      assert.equal(await page.locator('input[name=importPaths]').first().inputValue(), gone);
      await look(page, 'settings-bad-path');
      assert.deepEqual(((await house.get('/api/settings')) as { importPaths: string[] }).importPaths, []);
    },
  );

  await t.test('an import is watched live from the first file to the last', async () => {
    await page.locator('input[name=importPaths]').first().fill(photos);
    await page.locator('input[name=importPaths]').nth(1).fill(gone);
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.getByLabel(/Save it anyway/).check();
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.goto(house.url);
    const bar = page.locator('#top progress').first();
    await bar.waitFor({ timeout: 60_000 });
    const first = Number(await bar.getAttribute('value'));
    await look(page, 'importing');
    await eventually('the bar to move without a reload', 120_000, async () => {
      return (await bar.count()) === 0 || Number(await bar.getAttribute('value')) > first;
    });
    await house.until('awaiting jobs');
    // Without a reload: the banner gives way to the pill, which is loud because of the path that is not there.
    await bar.waitFor({ state: 'detached', timeout: 30_000 });
    await page
      .locator('#pill')
      .getByText(/failed/)
      .waitFor({ timeout: 30_000 });
  });

  await t.test(
    'the grid, a photo, folders, jobs, a failed job, settings and status: on a phone and wide, dark and light, and nothing for axe',
    async () => {
      const [photo] = await house.files('');
      await takenInEurope(house);
      const pages = {
        photos: '/',
        photo: `/photos/${photo?.id}`,
        map: '/map',
        'map-near': '/map?box=-10,36,30,60',
        duplicates: '/duplicates',
        folders: '/folders',
        folder: `/folders/${photo?.dir}`,
        jobs: '/jobs',
        'jobs-import': '/jobs/import',
        'failed-job': `/jobs/job/${encodeURIComponent('scan/2')}`,
        'chain-job': `/jobs/job/${encodeURIComponent(`dir/${photo?.dir}`)}`,
        settings: '/settings',
        status: '/status',
      };
      for (const view of views) {
        for (const [name, where] of Object.entries(pages)) await inView(t, browser, house, view, name, where);
      }
    },
  );

  await t.test('the viewer goes by keyboard', async () => {
    await page.goto(house.url);
    await page.locator('main a[href^="/photos/"]').first().click();
    await page.waitForURL('**/photos/*');
    const first = page.url();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => url.href !== first && url.pathname.startsWith('/photos/'));
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(first);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.pathname.startsWith('/photos/'));
  });

  assert.deepEqual(errors, []);
});

/** The pictures know no place of their own: they are given one, each another. */
async function takenInEurope(house: RunningHouse): Promise<void> {
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  await sql`
    UPDATE content SET latitude = 40 + get_byte(hash, 0) / 16.0, longitude = get_byte(hash, 1) / 12.0,
                       country = 'FR', region = 'Île-de-France', town = 'Paris', town_metres = 900`;
  await sql.end();
}
