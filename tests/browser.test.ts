import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram } from '../engine/priority.ts';
import { openDatabase } from '../sql/database.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { writePhotoLibrary } from './support/pictures.ts';

const executablePath =
  process.env.PHOTO_ASSISTANT_CHROMIUM ??
  ['chromium', 'chromium-browser', 'google-chrome'].map(findProgram).find(Boolean) ??
  '';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Where screenshots are kept, for looking at them: SCREENSHOTS=dir. */
const shots = process.env.SCREENSHOTS;

const views = [
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'wide-light', width: 1440, height: 900, colorScheme: 'light' },
] as const;
/** What is tested differs by width and by colours, not by their four combinations; these are for people to look at. */
const furtherViews = [
  { name: 'phone-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'wide-dark', width: 1440, height: 900, colorScheme: 'dark' },
] as const;

test('the pages in a real browser', { skip: executablePath === '' && 'no Chromium was found' }, async (t) => {
  const base = temporaryDir(t);
  const photos = path.join(base, 'photos');
  await writePhotoLibrary(photos, { dirs: 3, filesADir: 30 });
  const gone = path.join(base, 'not mounted');
  const house = await startHouse(t, { faces: false });
  const browser = await chromium.launch({ executablePath, args: flags });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text())) errors.push(message.text());
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
      for (const view of shots ? [...views, ...furtherViews] : views) {
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

async function inView(
  t: TestContext,
  browser: Browser,
  house: RunningHouse,
  view: (typeof views | typeof furtherViews)[number],
  name: string,
  where: string,
) {
  const { width, height, colorScheme } = view;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  await page.goto(house.url + where);
  await page.locator('main').waitFor();
  await page.waitForTimeout(400);
  await look(page, `${name}-${view.name}`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map((each) => [each.id, each.nodes[0]?.html]),
    [],
    `${name} ${view.name}`,
  );
  const sideways = await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  assert.equal(sideways, false, `${name} does not scroll sideways at ${width} px`);
  await context.close();
  t.diagnostic(`${name} ${view.name}`);
}

async function look(page: Page, name: string): Promise<void> {
  if (!shots) return;
  if (!existsSync(shots)) mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}
