import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import Type from 'typebox';
import Value from 'typebox/value';
import { Face, Person } from '../model/people.ts';
import { errorsOf, inView, look, noBrowser, openBrowser, views } from './support/browser.ts';
import { knownPictures, noFacePictures } from './support/faces-truth.ts';
import { eventually, startHouse, temporaryDir } from './support/house.ts';

const skip = noFacePictures || noBrowser;

// Three group pictures of the same people: one is named by hand, in the others they are found.
test('faces in a real browser, from the first name to a rescan', { skip }, async (t) => {
  const photos = temporaryDir(t);
  const known = knownPictures().slice(0, 3);
  for (const { id, path: file } of known) {
    mkdirSync(path.join(photos, 'group'), { recursive: true });
    copyFileSync(file, path.join(photos, 'group', `${id}.jpg`));
  }
  const house = await startHouse(t, { imports: [photos] });
  const browser = await openBrowser(t);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors = errorsOf(page);
  await house.until('awaiting jobs');
  await eventually(
    'the faces',
    120_000,
    async () => (await house.jobs('kind=facesOfPath&status=completed')).length > 0,
  );
  const files = await house.files('');
  const fileOf = (id: string) => files.find((file) => file.name === `${id}.jpg`) ?? assert.fail(id);
  const dir = fileOf('bbt1').dir;
  const facesOf = async (id: string) =>
    Value.Parse(Type.Object({ faces: Type.Array(Face) }), await house.get(`/api/files/${fileOf(id).id}/faces`)).faces;
  /** The face of somebody in a picture, by where it is. */
  const faceOf = async (id: string, name: string) => {
    const [left = 0, right = 0] = known
      .filter((picture) => picture.id === id)
      .flatMap((picture) => picture.faces.filter((face) => face.name === name))
      .flatMap(({ box }) => [box.left, box.left + box.width]);
    const faces = await facesOf(id);
    return faces.find(({ x, w }) => x + w / 2 > left && x + w / 2 < right) ?? assert.fail(`${name} in ${id}`);
  };
  const people = async () =>
    Value.Parse(Type.Object({ people: Type.Array(Person) }), await house.get('/api/people')).people;
  /** A job that has just been asked for is counted a moment later: nothing runs when it was so twice. */
  const idle = async () => {
    let quiet = 0;
    await eventually('the jobs to end', 60_000, async () => {
      quiet = (await house.status()).jobs.running === 0 ? quiet + 1 : 0;
      return quiet === 4;
    });
  };
  const card = async (id: string, name: string) => {
    const face = await faceOf(id, name);
    await page.goto(`${house.url}/photos/${fileOf(id).id}`);
    return page.locator(`#face-${face.id}`);
  };
  const nameIn = async (id: string, who: string) => (await faceOf(id, who)).name;

  await t.test('people are added by naming faces of a photo, and found in the others', async () => {
    for (const name of ['sheldon', 'leonard', 'howard']) {
      const field = await card('bbt1', name);
      await field.getByLabel('Who is this?').fill(name);
      await field.getByRole('button', { name: 'Name' }).click();
      await eventually(`the name of ${name}`, 20_000, async () => (await nameIn('bbt1', name))?.state === 'confirmed');
    }
    await idle();
    await page.goto(`${house.url}/people`);
    assert.equal(await page.locator('.people li').count(), 3);
    await page.getByRole('button', { name: /Look for everybody/ }).click();
    await page.getByText('Started.').waitFor();
    await idle();
    const found = [await nameIn('bbt2', 'sheldon'), await nameIn('bbt3', 'leonard'), await nameIn('bbt3', 'sheldon')];
    assert.ok(found.filter((name) => name?.state === 'auto').length >= 2, JSON.stringify(found));
  });

  await t.test('a name tells why', async () => {
    const faces = (await facesOf('bbt2')).concat(await facesOf('bbt3'));
    const named = faces.find(({ name }) => name?.state === 'auto') ?? assert.fail('no automatic name');
    await page.goto(`${house.url}/photos/${named.file}`);
    const opened = page.locator(`#face-${named.id}`);
    await opened.getByText('Why this name?').click();
    await opened
      .getByText(/distance 0\.\d{3}/i)
      .first()
      .waitFor();
    await opened.locator('.near img').first().waitFor();
    await look(page, 'why');
  });

  await t.test('names are reviewed by keyboard: yes, no, not a face', async () => {
    await page.goto(`${house.url}/people/review`);
    const queue = page.locator('.faces > .face');
    const answers = [
      ['y', 'confirmed'],
      ['n', 'rejected'],
    ] as const;
    for (const [key, state] of answers) {
      const many = await queue.count();
      assert.ok(many > 0, `a name to answer with ${key}`);
      const id = Number((await queue.first().getAttribute('id'))?.slice('face-'.length));
      const asked = Value.Parse(Type.Object({ faces: Type.Array(Face) }), await house.get('/api/faces/review'))
        .faces[0];
      assert.ok(asked?.id === id);
      await page.keyboard.press(key);
      await page.locator(`#face-${id}`).waitFor({ state: 'detached' });
      const all = (await Promise.all(['bbt1', 'bbt2', 'bbt3'].map(facesOf))).flat();
      const now = all.find((face) => face.id === id);
      if (state === 'confirmed') assert.equal(now?.name?.state, 'confirmed');
      else assert.ok(now?.rejected.some((who) => who.id === asked.name?.person.id));
    }
  });

  await t.test('a wrong name is corrected to somebody new', async () => {
    const field = await card('bbt3', 'penny');
    await field.getByRole('combobox').fill('penny');
    await field.getByRole('button', { name: 'Name' }).click();
    await eventually('the name', 20_000, async () => (await nameIn('bbt3', 'penny'))?.person.name === 'penny');
    await idle();
    assert.equal((await people()).length, 4);
  });

  await t.test('other settings are tried on the photo, and on its dir, without leaving the page', async () => {
    const before = await house.get('/api/settings');
    for (const where of [`/photos/${fileOf('bbt1').id}`, `/folders/${dir}`]) {
      await page.goto(house.url + where);
      const panel = page.locator('.try-panel');
      await panel.getByText('Try other face settings').click();
      await panel.getByLabel('Largest distance for a name').fill('0.2');
      await panel.getByLabel('Detector').selectOption('ssd');
      await panel.getByRole('button', { name: 'Try' }).click();
      await panel.getByText(/Against today|As today/).waitFor({ timeout: 60_000 });
      assert.equal(new URL(page.url()).pathname, where);
      if (where.startsWith('/photos')) assert.ok((await panel.locator('.tried .boxes rect').count()) >= 4);
      else await panel.locator('.changes tr.lost').first().waitFor();
      await look(page, `tried${where.replaceAll('/', '-')}`);
    }
    assert.deepEqual(await house.get('/api/settings'), before, 'nothing was saved');
  });

  await t.test('another threshold is saved, and the faces are matched by it', async () => {
    await page.goto(`${house.url}/settings`);
    await page.getByLabel('Largest distance for a name').fill('0.2');
    await page.getByLabel('Room for “perhaps”').fill('0');
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.getByText('Names found before stay as they are.').waitFor();
    await page.locator('.notice').getByRole('link', { name: 'Scan faces again' }).click();
    await page.getByRole('button', { name: 'Match again' }).click();
    await page.waitForURL('**/jobs/job/**');
    await idle();
    const all = (await Promise.all(['bbt1', 'bbt2', 'bbt3'].map(facesOf))).flat();
    assert.deepEqual(
      all.filter(({ name }) => name?.state === 'auto').map(({ id }) => id),
      [],
    );
    assert.ok(all.some(({ name }) => name?.state === 'confirmed'));
  });

  await t.test('another detector: the pictures of before are told, looked at again, and names stay', async () => {
    const confirmed = async () =>
      (await Promise.all(['bbt1', 'bbt2', 'bbt3'].map(facesOf)))
        .flat()
        .filter(({ name }) => name?.state === 'confirmed')
        .map(({ id, name }) => [id, name?.person.name]);
    const before = await confirmed();
    await page.goto(`${house.url}/settings`);
    await page.getByLabel('Detector').selectOption('ssd');
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.getByText('Pictures scanned before keep the faces').waitFor();
    await page.goto(`${house.url}/people/scans`);
    await page.getByText('in 3 of them otherwise than it would be done today').waitFor();
    await look(page, 'scans-outdated');
    await page.getByRole('button', { name: 'Look again at these' }).click();
    await page.waitForURL('**/jobs/job/**');
    await idle();
    await page.goto(`${house.url}/people/scans`);
    assert.equal(await page.getByText('otherwise than it would be done today').count(), 0);
    assert.deepEqual(await confirmed(), before);
  });

  await t.test('names are forgotten after a look at what would go', async () => {
    const automatic = async () => (await people()).reduce((sum, { faces, confirmed }) => sum + faces - confirmed, 0);
    await house.send('PUT', '/api/settings', { nameThreshold: 0.54, namePerhaps: 0.06 });
    await house.send('POST', '/api/jobs', { kind: 'identifyPerson', all: true });
    await house.ended('identify/all');
    assert.ok((await automatic()) > 0);
    await page.goto(`${house.url}/people/scans`);
    await page.getByRole('link', { name: 'See what would go' }).click();
    await page.getByText('Nothing is done before you press a button').waitFor();
    await page.getByLabel('and find them anew straight away').first().uncheck();
    await page.getByRole('button', { name: /Forget \d+ automatic/ }).click();
    await page.waitForURL('**/jobs/job/**');
    await idle();
    assert.equal((await house.job('reset-faces/all')).status, 'completed');
    assert.equal(await automatic(), 0);
    assert.ok((await people()).some((person) => person.confirmed > 0));
  });

  await t.test('all pages of people and faces: on a phone and wide, and nothing for axe', async () => {
    const [first] = await people();
    const pages = {
      people: '/people',
      person: `/people/${first?.id}`,
      review: '/people/review',
      scans: '/people/scans',
      'scans-dir': `/people/scans?dir=${dir}`,
      reset: '/people/scans/reset',
      'photo-faces': `/photos/${fileOf('bbt1').id}`,
      'folder-faces': `/folders/${dir}`,
      'try-faces': '/try/faces',
      'try-result': await tried(page, `${house.url}/try/faces?dir=${dir}`),
      'jobs-ai': '/jobs/ai',
    };
    for (const view of views) {
      for (const [name, where] of Object.entries(pages)) await inView(t, browser, house, view, name, where);
    }
  });

  assert.deepEqual(errors, []);
});

/** Tries a threshold on a page of its own. @returns the address of the result */
async function tried(page: Page, where: string): Promise<string> {
  await page.goto(where);
  await page.getByLabel('Largest distance for a name').fill('0.54');
  await page.getByLabel('Least size of a face').fill('120');
  await page.getByRole('button', { name: 'Try' }).click();
  await page.getByText(/Against today/).waitFor({ timeout: 60_000 });
  return new URL(page.url()).pathname;
}
