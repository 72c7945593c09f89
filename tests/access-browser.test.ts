import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { test } from 'node:test';
import { freePort } from '../engine/supervisor/ports.ts';
import { errorsOf, inView, look, noBrowser, openBrowser, views } from './support/browser.ts';
import { eventually, program, startHouse, temporaryDir } from './support/house.ts';
import { writePicture } from './support/pictures.ts';

test('it refuses to be reached from elsewhere until there is a password', async (t) => {
  const env = {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, HOST: '0.0.0.0', PORT: String(await freePort()) },
    PHOTO_ASSISTANT_DATA: temporaryDir(t, 'photo-assistant-data-'),
  };
  const refused = spawn(process.execPath, [program, 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = await text(refused.stderr);
  if (refused.exitCode === null) await once(refused, 'exit');
  assert.equal(refused.exitCode, 1);
  assert.match(said, /config\.password-needed: By HOST/);

  const setting = spawn(process.execPath, [program, 'password'], { env, stdio: ['pipe', 'ignore', 'inherit'] });
  setting.stdin.end('set while nothing runs\n');
  await once(setting, 'exit');
  assert.equal(setting.exitCode, 0);
  const password = 'only in the environment';
  const started = spawn(process.execPath, [program, 'start'], {
    env: { ...env, PHOTO_ASSISTANT_PASSWORD: password },
    stdio: 'ignore',
  });
  t.after(async () => {
    started.kill('SIGTERM');
    if (started.exitCode === null) await once(started, 'exit');
  });
  const url = `http://127.0.0.1:${env.PORT}`;
  const logIn = async (given: string) =>
    await fetch(`${url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ name: 'owner', password: given }),
    });
  const response = await eventually('a login', 60_000, async () => {
    const answer = await logIn(password);
    return answer.status === 303 && answer;
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  assert.equal((await fetch(`${url}/api/status`, { headers: { cookie } })).status, 200);
  assert.equal((await fetch(`${url}/api/status`)).status, 401);
  const asked = async (path: string): Promise<unknown> =>
    await (await fetch(`${url}${path}`, { headers: { cookie } })).json();
  // The job server's own page has no login, and is on this machine alone.
  const engine = await eventually('the engine', 60_000, async () => {
    const job = (await asked('/api/jobs/engine')) as { temporalUrl?: string | null };
    return job.temporalUrl !== undefined && job;
  });
  assert.equal(engine.temporalUrl, null);
  const { entries } = (await asked('/api/audit')) as { entries: { what: string }[] };
  assert.ok(entries.some(({ what }) => what === 'photo-assistant password'));
  assert.equal((await logIn('set while nothing runs')).status, 401, 'the environment’s is the newer one');
});

test(
  'in a browser: a first password, a viewer who sees pictures and starts nothing, a session that ends',
  { skip: noBrowser },
  async (t) => {
    const photos = temporaryDir(t);
    for (const name of ['a', 'b', 'c'])
      await writePicture(path.join(photos, `${name}.jpg`), `rgb(${name.charCodeAt(0)},80,80)`);
    const house = await startHouse(t, { imports: [photos], faces: false });
    await house.until('awaiting jobs');
    const browser = await openBrowser(t);
    const owners = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await owners.newPage();
    const errors = errorsOf(page);
    const password = 'a long enough one';

    await t.test('the first password logs its owner in', async () => {
      await page.goto(`${house.url}/settings`);
      await page.getByRole('link', { name: 'Who may come in' }).click();
      await look(page, 'access-first');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Set the password' }).click();
      await page.getByRole('heading', { name: 'Accounts' }).waitFor();
      await page.getByText('this browser').waitFor();
      assert.equal((await fetch(`${house.url}/api/status`)).status, 401);
    });

    await t.test('forms that scripts send, and those with files, carry the mark of the session', async () => {
      await page.goto(`${house.url}/jobs`);
      await page.getByRole('button', { name: /Scan/ }).first().click();
      await page
        .getByText('import/1')
        .or(page.getByText(/Import /))
        .first()
        .waitFor();
      assert.ok(!(await page.content()).includes('access.stale-form'));
      await page.goto(`${house.url}/try/file`);
      await page.locator('input[type=file]').setInputFiles(path.join(photos, 'a.jpg'));
      await page.locator('form.drop button').click();
      await page.waitForURL('**/try/file/**');
      assert.equal(await page.getByText('access.stale-form').count(), 0);
    });

    await t.test('a viewer sees pictures, and no button that starts something', async () => {
      await page.goto(`${house.url}/settings/access`);
      const form = page.locator('form', { has: page.getByRole('heading', { name: 'Add somebody' }) });
      await form.getByLabel('Name').fill('Grandma');
      await form.getByLabel('Password').fill('knitting needles');
      await form.getByRole('button', { name: 'Add' }).click();
      await page.getByText('viewer: sees pictures, starts nothing').first().waitFor();
      await look(page, 'access-accounts');

      const viewers = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const hers = await viewers.newPage();
      await hers.goto(`${house.url}/folders`);
      assert.match(hers.url(), /\/login\?back=%2Ffolders$/);
      await look(hers, 'login');
      await hers.getByLabel('Name').fill('grandma');
      await hers.getByLabel('Password').fill('wrong');
      await hers.getByRole('button', { name: 'Log in' }).click();
      await hers.getByText('The name or the password is wrong.').waitFor();
      await hers.getByLabel('Password').fill('knitting needles');
      await hers.getByRole('button', { name: 'Log in' }).click();
      await hers.waitForURL('**/folders');
      for (const where of ['/', '/folders', '/people', '/jobs', '/status', '/map', '/folders/1', '/photos/1']) {
        await hers.goto(house.url + where);
        assert.deepEqual(
          await hers.locator('form[method=post] button').allTextContents(),
          ['Log out'],
          `what a viewer may press on ${where}`,
        );
      }
      await hers.goto(`${house.url}/settings`);
      await hers.getByText('access.not-allowed').waitFor();
      const state = await viewers.storageState();
      const ownState = await owners.storageState();
      for (const view of views) {
        await inView(t, browser, house, view, 'login', '/login');
        await inView(t, browser, house, view, 'viewer-photos', '/', state);
        await inView(t, browser, house, view, 'viewer-refused', '/settings', state);
        await inView(t, browser, house, view, 'access', '/settings/access', ownState);
        await inView(t, browser, house, view, 'audit', '/settings/audit', ownState);
      }

      await hers.goto(house.url);
      await page.reload();
      await page.getByRole('button', { name: /Log out Grandma/ }).click();
      await page.getByRole('button', { name: /Log out Grandma/ }).waitFor({ state: 'detached' });
      await hers.reload();
      assert.match(hers.url(), /\/login/);
    });

    await t.test('a token is shown once', async () => {
      await page.goto(`${house.url}/settings/access`);
      await page.getByLabel('What it is for').fill('nightly script');
      await page.getByRole('button', { name: 'Make it' }).click();
      const token = await page.locator('code.secret').textContent();
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await fetch(`${house.url}/api/status`, { headers })).status, 200);
      assert.equal((await fetch(`${house.url}/api/jobs/import-all`, { method: 'POST', headers })).status, 403);
      await page.goto(`${house.url}/settings/access`);
      assert.equal(await page.locator('code.secret').count(), 0);
    });

    await t.test('a password can be set on the machine, and logs everybody else out', async () => {
      const setting = spawn(process.execPath, [program, 'password'], {
        env: { ...process.env, PHOTO_ASSISTANT_DATA: house.dataDir },
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      setting.stdin.end('another long one\n');
      const [code] = (await once(setting, 'exit')) as [number | null];
      assert.equal(code, 0);
      await page.waitForTimeout(1100);
      await page.goto(`${house.url}/people`);
      assert.match(page.url(), /\/login/);
    });
    assert.deepEqual(errors, []);
  },
);
