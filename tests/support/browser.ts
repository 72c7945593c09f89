import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findProgram } from '../../engine/priority.ts';
import type { RunningHouse } from './house.ts';

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
/** Why tests in it are skipped; false where there is one. */
export const noBrowser = executablePath === '' && 'no Chromium was found';

/** A real browser that is closed after the test. */
export async function openBrowser(t: Pick<TestContext, 'after'>): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: flags });
  t.after(() => browser.close());
  return browser;
}

/** Collects what goes wrong in a page's scripts. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text())) errors.push(message.text());
  });
  return errors;
}

/** Where screenshots are kept, for looking at them: SCREENSHOTS=dir. */
const shots = process.env.SCREENSHOTS;

const everyView = [
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'wide-light', width: 1440, height: 900, colorScheme: 'light' },
] as const;
/** What is tested differs by width and by colours, not by their four combinations; these are for people to look at. */
const furtherViews = [
  { name: 'phone-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'wide-dark', width: 1440, height: 900, colorScheme: 'dark' },
] as const;

/** A phone and a wide screen; where screenshots are kept, in both colours. */
export const views = shots ? [...everyView, ...furtherViews] : everyView;
export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;
type View = (typeof everyView | typeof furtherViews)[number];

/** Opens a page in a view of its own: axe finds nothing, and it does not scroll sideways. */
export async function inView(
  t: TestContext,
  browser: Browser,
  house: RunningHouse,
  view: View,
  name: string,
  where: string,
  /** Cookies of somebody who is logged in. */
  storageState?: StorageState,
) {
  const { width, height, colorScheme } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    ...(storageState && { storageState }),
  });
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

export async function look(page: Page, name: string): Promise<void> {
  if (!shots) return;
  if (!existsSync(shots)) mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}
