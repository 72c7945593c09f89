import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Right } from '../model/access.ts';
import { jobId } from '../model/job-kinds.ts';
import type { Job, StartJob } from '../model/job.ts';
import { sorter } from '../cli/sorter.ts';
import { takeTry } from '../sql/login-tries.ts';
import { readSettings, saveSettings } from '../sql/settings.ts';
import { createApp } from '../web/app.ts';
import { formTokenOf, hashOfKey, newKey } from '../web/access/keys.ts';
import { hashPassword } from '../web/access/password.ts';
import { quickDatabase } from './support/database.ts';
import { eventually } from './support/house.ts';
import { noJobs } from './support/no-jobs.ts';
import { routeRights } from './support/route-rights.ts';
import { routesOf } from './support/routes.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const { sql, stop } = await quickDatabase();
const dir = mkdtempSync(path.join(os.tmpdir(), 'access-'));
const here = { host: '127.0.0.1:4800' };
const password = 'correct horse battery';

/** What was asked for since it was looked at. */
let started: StartJob[] = [];

/** A job as its id tells it. */
const aJob = (id: string): Job => ({
  ...{ id, runId: 'run', title: id, status: 'canceled', waitsFor: [], steps: [] },
  kind: (['moveFiles', 'undoMoves'] as const).find((kind) => jobId[kind](1) === id) ?? 'scanPath',
  ...{ startedAt: '2025-06-14T10:00:00.000Z', endedAt: null, error: null, waitsBecause: null, autoFailedBy: null },
  ...{ parent: null, root: null, dir: null, person: null, plan: null, result: null, failedIn: null, asks: null },
  ...{ progress: { done: 0, total: null, perSecond: null, secondsLeft: null }, temporalUrl: null },
});

const createHouse = (config: { host?: string; trustedProxies?: string[]; publicUrl?: string } = {}): FastifyInstance =>
  createApp({
    sql,
    config: {
      ...{ port: 4800, thumbsDir: dir, trialsDir: dir, workerToken: 'of-workers-alone' },
      ...{ host: '127.0.0.1', publicUrl: undefined, trustedProxies: false, ...config },
    },
    readHouse: async () => null,
    checkPath: async () => null,
    sorter,
    jobs: { ...noJobs((job) => started.push(job)), get: async (id) => aJob(id) },
  });

let app: FastifyInstance;
let accounts: Record<'owner' | 'viewer', number>;

before(async () => {
  app = createHouse();
  await app.ready();
});
after(async () => {
  await app.close();
  await stop();
  rmSync(dir, { recursive: true });
});

/** A session of an account, as the login begins it. */
async function session(of: 'owner' | 'viewer'): Promise<{ cookie: string; form: string }> {
  const key = newKey();
  await sql`
    INSERT INTO session (hash, account_id, address, agent) VALUES (${hashOfKey(key)}, ${accounts[of]}, '127.0.0.1', 'test')`;
  return { cookie: `photo-assistant-4800=${key}`, form: formTokenOf(key) };
}

async function token(...scopes: string[]): Promise<string> {
  const key = newKey();
  await sql`INSERT INTO api_token (name, hash, scopes) VALUES ('script', ${hashOfKey(key)}, ${scopes})`;
  return `Bearer ${key}`;
}

/** A route with something in place of its parameters. */
function requestFor(route: string): { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string } {
  const [method = '', pattern = ''] = route.split(' ');
  const url = pattern
    .replace(':hash-:size', `${'ab'.repeat(32)}-320`)
    .replace(':hash', 'ab'.repeat(32))
    .replace(':trial', '6f1f6d1e-5b9c-4d5b-9d53-2f3c6f0d1a11')
    .replace(/:\w+/g, '999')
    .replace('*', 'page.css');
  return { method: method as 'GET', url };
}

const ask = async (route: string, headers: Record<string, string>, body?: object): Promise<LightMyRequestResponse> => {
  const options: InjectOptions = { ...requestFor(route), headers: { ...here, ...headers } };
  // What listens for ever is asked for its head alone.
  if (route === 'GET /live') options.method = 'HEAD';
  return await app.inject(body === undefined ? options : { ...options, payload: body });
};
const codeOf = (response: LightMyRequestResponse): string => {
  const error = /"code":"([a-z.-]+)"/.exec(response.body)?.[1] ?? /<code>([a-z.-]+)<\/code>/.exec(response.body)?.[1];
  return `${response.statusCode}${error === undefined ? '' : ` ${error}`}`;
};
const isRefused = (response: LightMyRequestResponse): boolean =>
  [401, 403].includes(response.statusCode) ||
  (response.statusCode === 303 && String(response.headers.location).startsWith('/login'));
const changes = (route: string): boolean => !route.startsWith('GET ');

test('before there is a password this machine may do all, and nobody else anything', async (t) => {
  assert.equal((await ask('GET /settings', {})).statusCode, 200);
  assert.equal((await ask('GET /api/accounts', {})).statusCode, 200);
  const open = createHouse({ host: '0.0.0.0' });
  t.after(async () => await open.close());
  const page = await open.inject({ url: '/', headers: { host: '192.168.1.5:4800', accept: 'text/html' } });
  assert.equal(page.statusCode, 303);
  assert.equal(page.headers.location, '/login?back=%2F');
  // A proxy makes everybody look like somebody here.
  for (const led of [{ trustedProxies: ['127.0.0.1'] }, { publicUrl: 'https://photos.example.org' }]) {
    const proxied = createHouse(led);
    t.after(async () => await proxied.close());
    assert.equal((await proxied.inject({ url: '/api/settings', headers: here })).statusCode, 401, JSON.stringify(led));
  }
  assert.match(
    (await open.inject({ url: '/login', headers: { host: '192.168.1.5:4800' } })).body,
    /Nobody has set a password/,
  );
});

test('who sets the first password is logged in with it, and everybody else has to log in', async () => {
  const refused = await ask('POST /settings/access/accounts', {}, { name: 'owner', role: 'owner', password: 'short' });
  assert.equal(refused.statusCode, 422);
  const made = await ask('POST /settings/access/accounts', {}, { name: 'Ann', role: 'viewer', password });
  assert.equal(made.statusCode, 303);
  const cookie = made.cookies.find(({ name }) => name === 'photo-assistant-4800');
  assert.ok(cookie?.httpOnly && cookie.sameSite === 'Lax' && cookie.path === '/' && cookie.secure === undefined);
  assert.equal((await ask('GET /api/status', {})).statusCode, 401);
  const headers = { cookie: `photo-assistant-4800=${cookie.value}` };
  const { accounts: all } = (await ask('GET /api/accounts', headers)).json<{
    accounts: { id: number; name: string; role: string }[];
  }>();
  assert.deepEqual(
    all.map(({ name, role }) => [name, role]),
    [['Ann', 'owner']],
    'the first one is an owner',
  );
  const [viewer] = await sql<{ id: number }[]>`
    INSERT INTO account (name, role, password) VALUES ('Bob', 'viewer', ${await hashPassword(password)}) RETURNING id`;
  accounts = { owner: all[0]?.id ?? 0, viewer: viewer?.id ?? 0 };
});

test('for each route it was decided what it needs', () => {
  assert.deepEqual(routesOf(app), Object.keys(routeRights).toSorted());
});

test('without a login nothing is told but what is open', async () => {
  const found: Record<string, string> = {};
  for (const [route, right] of Object.entries(routeRights)) {
    const response = await ask(route, {});
    const page = await ask(route, { accept: 'text/html' });
    const isOpen = !isRefused(response) || (route === 'POST /login' && response.statusCode !== 303);
    if (isOpen !== (right === 'open')) found[route] = codeOf(response);
    if (right !== 'open') {
      assert.ok(isRefused(page), `${route} as a page: ${codeOf(page)}`);
      assert.ok(!page.body.includes('Folders'), route);
    }
  }
  assert.deepEqual(found, {});
});

const rightsOf: Record<string, Right[]> = { owner: ['read', 'run', 'move', 'own'], viewer: ['read'] };

for (const role of ['viewer', 'owner'] as const) {
  test(`a session of ${role === 'owner' ? 'an' : 'a'} ${role} may do what it may, and nothing else`, async () => {
    const found: Record<string, string> = {};
    for (const [route, right] of Object.entries(routeRights)) {
      if (right === 'open') continue;
      const { cookie, form } = await session(role);
      const response = await ask(route, { cookie, 'x-form-token': form }, changes(route) ? {} : undefined);
      const may = right !== 'worker' && rightsOf[role]?.includes(right) === true;
      if (isRefused(response) === may && route !== 'POST /logout') found[route] = codeOf(response);
    }
    assert.deepEqual(found, {});
  });
}

for (const scopes of [['read'], ['run'], ['move'], ['read', 'run', 'move']]) {
  test(`a token for ${scopes.join(', ')} may do that and nothing else`, async () => {
    const authorization = await token(...scopes);
    const found: Record<string, string> = {};
    for (const [route, right] of Object.entries(routeRights)) {
      if (right === 'open') continue;
      const response = await ask(route, { authorization }, changes(route) ? {} : undefined);
      if (isRefused(response) === scopes.includes(right) && route !== 'POST /logout') found[route] = codeOf(response);
    }
    assert.deepEqual(found, {});
  });
}

test('to look at something starts nothing', async () => {
  const { cookie } = await session('owner');
  started = [];
  for (const route of Object.keys(routeRights).filter((each) => !changes(each))) await ask(route, { cookie });
  assert.deepEqual(started, []);
});

test('to have files moved takes a right of its own, whichever way it is asked for', async () => {
  const moves = ['moveFiles', 'undoMoves'] as const;
  const asked = async (authorization: string) => {
    const answers: Record<string, number> = {};
    const post = async (url: string, payload?: object) => {
      const sent = await app.inject({
        method: 'POST',
        url,
        headers: { ...here, authorization },
        payload: payload ?? {},
      });
      answers[url + (payload ? ` ${JSON.stringify(payload)}` : '')] = sent.statusCode;
    };
    for (const kind of moves) {
      await post('/api/jobs', { kind, plan: 1 });
      await post('/jobs/start', { kind, plan: '1' });
      for (const action of ['again', 'resume']) {
        await post(`/api/jobs/${encodeURIComponent(jobId[kind](1))}/${action}`);
        await post(`/jobs/job/${encodeURIComponent(jobId[kind](1))}/${action}`);
      }
    }
    return answers;
  };
  const refused = await asked(await token('read', 'run'));
  assert.deepEqual(
    Object.entries(refused).filter(([, status]) => status !== 403),
    [],
  );
  const done = await asked(await token('read', 'run', 'move'));
  assert.deepEqual(
    Object.entries(done).filter(([, status]) => ![202, 303].includes(status)),
    [],
  );
  const authorization = await token('run');
  for (const action of ['again', 'resume', 'pause']) {
    const url = `/api/jobs/scan%2F1/${action}`;
    assert.equal((await app.inject({ method: 'POST', url, headers: { ...here, authorization } })).statusCode, 202, url);
  }
});

test('what changes something is refused from another site, without the mark of the session, and with another one’s', async () => {
  const other = await session('owner');
  for (const route of Object.keys(routeRights).filter(changes)) {
    const { cookie, form } = await session('owner');
    for (const site of ['cross-site', 'same-site']) {
      const foreign = await ask(route, { cookie, 'x-form-token': form, 'sec-fetch-site': site }, {});
      assert.equal(codeOf(foreign).split(' ')[0], '403', `${route} from ${site}`);
    }
    const origin = await ask(route, { cookie, 'x-form-token': form, origin: 'https://evil.example' }, {});
    assert.equal(origin.statusCode, 403, route);
    if (['open', 'worker'].includes(routeRights[route] ?? '')) continue;
    for (const mark of [undefined, '', other.form, `${form}x`]) {
      const stale = await ask(route, { cookie, ...(mark === undefined ? {} : { 'x-form-token': mark }) }, {});
      assert.equal(codeOf(stale), '403 access.stale-form', `${route} with ${mark}`);
    }
  }
});

test('the mark may come in a field or in the address, and no schema stumbles over it', async () => {
  const { cookie, form } = await session('owner');
  const payload = { kind: 'findFiles' };
  const field = await ask('POST /api/jobs', { cookie }, { ...payload, _form: form });
  assert.equal(field.statusCode, 202);
  const address = await app.inject({
    method: 'POST',
    url: `/api/jobs?_form=${form}`,
    headers: { ...here, cookie },
    payload,
  });
  assert.equal(address.statusCode, 202);
});

test('a name that is not this machine’s is refused, whatever is asked', async () => {
  const { cookie } = await session('owner');
  for (const route of Object.keys(routeRights)) {
    for (const host of ['evil.example', 'evil.example:4800', '192.168.1.5:4800', '[::2]']) {
      const response = await ask(route, { cookie, host });
      assert.equal(response.statusCode, 403, `${route} for ${host}`);
    }
  }
  for (const host of ['localhost:4800', 'photos.localhost', '[::1]:4800', '127.0.0.9']) {
    assert.equal((await ask('GET /healthz', { host })).statusCode, 200, host);
  }
});

test('reached from elsewhere, it answers to addresses, its own name and its public one', async (t) => {
  const open = createHouse({ host: '0.0.0.0', publicUrl: 'https://photos.example.org' });
  t.after(async () => await open.close());
  const asked = async (host: string) => (await open.inject({ url: '/healthz', headers: { host } })).statusCode;
  for (const host of ['192.168.1.5:4800', '[fd00::5]:4800', os.hostname(), 'photos.example.org', 'localhost']) {
    assert.equal(await asked(host), 200, host);
  }
  for (const host of ['photos.example.org.evil.example', 'evil.example', '192.168.1.5.evil.example']) {
    assert.equal(await asked(host), 403, host);
  }
  // A worker elsewhere is told the same, and shows it as what its server says.
  const worker = await open.inject({
    url: `/worker/thumbs/${'ab'.repeat(32)}-320.webp`,
    headers: { host: 'photos.home' },
  });
  const { error } = worker.json<{ error: { code: string; message: string } }>();
  assert.equal(error.code, 'request.cross-site');
  assert.match(error.message, /does not answer to the name "photos\.home".* PHOTO_ASSISTANT_URL/);
});

test('behind a proxy that is trusted, and only then, its word counts', async (t) => {
  const trusting = createHouse({ trustedProxies: ['127.0.0.1'], publicUrl: 'https://photos.example.org' });
  t.after(async () => await trusting.close());
  const forwarded = {
    ...{ host: '127.0.0.1:4800', 'x-forwarded-host': 'photos.example.org', 'x-forwarded-proto': 'https' },
    ...{ 'x-forwarded-for': '203.0.113.7', 'sec-fetch-site': 'same-origin' },
  };
  const login = { method: 'POST', url: '/login', headers: forwarded, payload: { name: 'ann', password } } as const;
  const through = await trusting.inject(login);
  assert.equal(through.statusCode, 303);
  assert.equal(through.cookies[0]?.secure, true);
  const around = await app.inject(login);
  assert.equal(around.statusCode, 303);
  assert.equal(around.cookies[0]?.secure, undefined);
  const [latest, before] = await sql<{ address: string }[]>`SELECT address FROM session ORDER BY id DESC LIMIT 2`;
  assert.deepEqual([before?.address, latest?.address], ['203.0.113.7', '127.0.0.1']);
});

test('tries to log in wait longer and longer, for an address and for a name, and a login ends that', async () => {
  const logIn = async (name: string, given: string, from = '127.0.0.1') =>
    await app.inject({
      method: 'POST',
      url: '/login',
      headers: here,
      remoteAddress: from,
      payload: { name, password: given },
    });
  await sql`DELETE FROM login_try`;
  for (let i = 0; i < 5; i++) assert.equal((await logIn('bob', `wrong ${i}`)).statusCode, 401);
  const slowed = await logIn('bob', password);
  assert.equal(slowed.statusCode, 429, 'also with the right password');
  assert.ok(Number(slowed.headers['retry-after']) >= 1);
  assert.equal((await logIn('ann', password)).statusCode, 429, 'the address has to wait with every name');
  assert.equal((await logIn('BOB', password, '10.1.2.3')).statusCode, 429, 'the name has to wait from every address');
  assert.equal((await logIn('ann', password, '10.1.2.3')).statusCode, 303);
  await sql`UPDATE login_try SET tried_at = tried_at - interval '1 hour'`;
  assert.equal((await logIn('bob', password)).statusCode, 303);
  assert.equal((await sql`SELECT FROM login_try WHERE key LIKE '%bob'`).length, 0);
  // At the same time they do not get around it.
  await sql`DELETE FROM login_try`;
  const many = await Promise.all(Array.from({ length: 30 }, (_, i) => logIn('ann', `guess ${i}`, '10.9.9.9')));
  assert.ok(many.filter(({ statusCode }) => statusCode === 401).length <= 5);
  await sql`DELETE FROM login_try`;
});

test('who has to wait leaves no more behind, whatever names they try, and what is old goes', async () => {
  const address = { key: 'address 10.8.8.8', limit: 900 };
  const name = (of: string) => ({ key: `name ${of}`, limit: 900 });
  const kept = async () => (await sql<{ key: string }[]>`SELECT key FROM login_try ORDER BY key`).map(({ key }) => key);
  await sql`DELETE FROM login_try`;
  await sql`INSERT INTO login_try (key, tries) VALUES (${address.key}, 20), ('name bob', 20)`;
  await sql`INSERT INTO login_try (key, tries, tried_at) VALUES ('name old', 20, now() - interval '2 days')`;
  for (let i = 0; i < 10; i++) assert.ok((await takeTry(sql, [address, name(`guess ${i}`)])) > 0);
  assert.ok((await takeTry(sql, [{ ...address, key: 'address 10.8.8.9' }, name('bob')])) > 0);
  assert.deepEqual(await kept(), [address.key, 'name bob']);
  await sql`DELETE FROM login_try`;
});

test('an unknown name is told like a wrong password', async () => {
  const bodies = await Promise.all(
    ['ann', 'nobody-of-that-name'].map(async (name) => {
      const { body } = await app.inject({
        method: 'POST',
        url: '/login',
        headers: here,
        payload: { name, password: 'wrong one' },
      });
      return body.replaceAll(name, 'NAME');
    }),
  );
  assert.equal(bodies[0], bodies[1]);
  await sql`DELETE FROM login_try`;
});

test('a session ends at once when it is ended, when the password changes, when it was not used for long, and in any case', async () => {
  const asked = async ({ cookie }: { cookie: string }) => (await ask('GET /api/status', { cookie })).statusCode;
  const owner = await session('owner');
  const mine = { cookie: owner.cookie, 'x-form-token': owner.form };
  const ended = await session('viewer');
  assert.equal(await asked(ended), 200);
  const [row] = await sql<{ id: number }[]>`SELECT id FROM session ORDER BY id DESC LIMIT 1`;
  const removed = await app.inject({
    method: 'DELETE',
    url: `/api/sessions/${row?.id}`,
    headers: { ...here, ...mine },
  });
  assert.equal(removed.statusCode, 204);
  assert.equal(await asked(ended), 401);

  const withOld = await session('viewer');
  const changed = await app.inject({
    ...{ method: 'PUT', url: `/api/accounts/${accounts.viewer}/password` },
    ...{ headers: { ...here, ...mine }, payload: { password: 'another long one' } },
  });
  assert.equal(changed.statusCode, 204);
  assert.equal(await asked(withOld), 401);

  const idle = await session('viewer');
  await sql`UPDATE session SET seen_at = now() - interval '15 days' WHERE hash = ${hashOfKey(idle.cookie.split('=')[1] ?? '')}`;
  assert.equal(await asked(idle), 401);
  const old = await session('viewer');
  await sql`UPDATE session SET created_at = now() - interval '91 days' WHERE hash = ${hashOfKey(old.cookie.split('=')[1] ?? '')}`;
  assert.equal(await asked(old), 401);

  const out = await session('owner');
  const left = await ask('POST /logout', { cookie: out.cookie, 'x-form-token': out.form }, {});
  assert.equal(left.headers.location, '/login');
  assert.equal(await asked(out), 401);
});

test('the last owner stays, and tokens end when they are removed', async () => {
  const { cookie, form } = await session('owner');
  const mine = { ...here, cookie, 'x-form-token': form };
  const last = await app.inject({ method: 'DELETE', url: `/api/accounts/${accounts.owner}`, headers: mine });
  assert.equal(codeOf(last), '409 account.last-owner');
  const made = await app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: mine,
    payload: { name: 'cron', scopes: ['read'] },
  });
  const { id, token: key } = made.json<{ id: number; token: string }>();
  const authorization = `Bearer ${key}`;
  assert.equal((await ask('GET /api/status', { authorization })).statusCode, 200);
  assert.equal(
    (await sql`SELECT FROM api_token WHERE hash = ${Buffer.from(key)}`).length,
    0,
    'the token itself is not kept',
  );
  await app.inject({ method: 'DELETE', url: `/api/tokens/${id}`, headers: mine });
  assert.equal((await ask('GET /api/status', { authorization })).statusCode, 401);
});

test('the address for notifications is told to owners alone', async () => {
  const secret = 'https://example.org/hook?key=secret';
  await saveSettings(sql, { ...(await readSettings(sql)), notifyUrl: secret });
  const { cookie } = await session('owner');
  const asOwner = await ask('GET /api/settings', { cookie });
  assert.equal(asOwner.json<{ notifyUrl: string }>().notifyUrl, secret);
  const asScript = await ask('GET /api/settings', { authorization: await token('read', 'run', 'move') });
  assert.equal(asScript.statusCode, 200);
  assert.ok(!asScript.body.includes('secret'));
});

test('who did what is remembered, without what is secret', async () => {
  const { cookie, form } = await session('owner');
  const headers = { cookie, 'x-form-token': form, 'content-type': 'application/json' };
  await ask('POST /api/jobs', headers, { kind: 'scanPath', root: 1 });
  await app.inject({
    method: 'PUT',
    url: '/api/settings',
    headers: { ...here, ...headers },
    payload: { ioWorkers: 3 },
  });
  await ask('POST /api/accounts', headers, { name: 'Eve\nline', role: 'viewer', password: 'not to be kept' });
  await ask('POST /api/accounts', headers, { name: 'Eve', role: 'viewer', password: 'not to be kept' });
  const entries = await eventually('what was done', 5000, async () => {
    const all = (await ask('GET /api/audit', { cookie })).json<{
      entries: { who: string; what: string; details: Record<string, string> }[];
    }>().entries;
    return all.filter(({ who }) => who === 'Ann').some(({ what }) => what === 'POST /api/accounts') && all;
  });
  const of = (what: string) => entries.find((entry) => entry.what === what);
  assert.deepEqual(of('POST /api/jobs')?.details, { kind: 'scanPath', root: '1' });
  assert.deepEqual(of('PUT /api/settings')?.details, { ioWorkers: '2 → 3' });
  assert.deepEqual(of('POST /api/accounts')?.details, { name: 'Eve', role: 'viewer' });
  assert.ok(entries.some(({ what, who }) => what === 'login refused' && who === 'ann'));
  assert.ok(!JSON.stringify(entries).includes('not to be kept'));
  assert.ok(!JSON.stringify(entries).includes(form));
});

test('what the tables can’t hold is remembered as far as they can', async () => {
  const { cookie, form } = await session('owner');
  const people = { 'x-form-token': form, cookie, 'content-type': 'application/x-www-form-urlencoded' };
  const name = `${'x'.repeat(299)}😀`;
  await app.inject({
    method: 'POST',
    url: '/jobs/import-all',
    headers: { ...here, ...people },
    payload: new URLSearchParams({ 'cut\0': name, halves: '\0' }).toString(),
  });
  const [entry] = await eventually('what was done', 5000, async () => {
    const { entries } = (await ask('GET /api/audit', { cookie })).json<{
      entries: { what: string; details: Record<string, string> }[];
    }>();
    return entries[0]?.what.startsWith('POST /jobs/import-all') && entries;
  });
  assert.deepEqual(entry?.details, { 'cut\uFFFD': `${'x'.repeat(299)}\uFFFD…`, halves: '\uFFFD' });
});

test('values that no table can hold are the request’s fault', async () => {
  const { cookie } = await session('owner');
  const large = String(2 ** 40);
  for (const url of [
    ...['/?camera=%00', '/?from=2025-02-31', '/?to=2025-13-01', '/api/files?tag=%00', `/api/files?person=${large}`],
    ...[`/people/review?person=${large}`, `/api/dirs?cursor=${large}`],
  ]) {
    const response = await app.inject({ url, headers: { ...here, cookie, accept: 'text/html' } });
    assert.equal(codeOf(response), '400 request.invalid', url);
  }
  const login = await app.inject({
    method: 'POST',
    url: '/login',
    headers: here,
    payload: { name: 'a\0', password: 'b' },
  });
  assert.equal(codeOf(login), '400 request.invalid');
});

test('nothing that is sent becomes a header, and a way back leads nowhere else', async () => {
  for (const back of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/x\r\nset-cookie: a=b',
    'javascript:alert(1)',
  ]) {
    const response = await app.inject({
      method: 'POST',
      url: '/login',
      headers: here,
      payload: { name: 'ann', password, back },
    });
    assert.equal(response.statusCode, 303);
    const location = String(response.headers.location);
    assert.ok(location.startsWith('/') && !/^\/[/\\]/.test(location) && !/[\r\n]/.test(location), location);
    assert.equal(response.cookies.length, 1);
  }
});

test('paths out of the house lead nowhere', async () => {
  const { cookie } = await session('owner');
  for (const url of [
    ...[
      '/assets/../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/thumbs/../../etc/passwd',
      '/thumbs/..%2f..%2fetc%2fpasswd-320.webp',
    ],
    ...[
      '/originals/..%2f1',
      '/originals/1%00',
      '/try/file/..%2f..%2f/x.webp',
      `/thumbs/${'ab'.repeat(32)}-9999999.webp`,
    ],
  ]) {
    const response = await app.inject({ url, headers: { ...here, cookie } });
    assert.ok([400, 404].includes(response.statusCode), `${url}: ${response.statusCode}`);
    assert.ok(!response.body.includes('root:') && !response.body.includes('"dependencies"'), url);
  }
});

test('bodies that are too large are refused, and who does not say what they want is not waited for', async (t) => {
  const { cookie, form } = await session('owner');
  const big = await ask('POST /api/people', { cookie, 'x-form-token': form }, { name: 'x'.repeat(3_000_000) });
  assert.equal(big.statusCode, 413);
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const socket = net.connect(Number(address.port), address.hostname);
  t.after(() => socket.destroy());
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  const drip = setInterval(() => socket.write('x-slow: 1\r\n'), 500);
  socket.on('error', () => clearInterval(drip));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n');
  await closed;
  clearInterval(drip);
  assert.match(answer, /^HTTP\/1\.1 408/);
});

test('ten thousand sessions, and thousands of false ones, cost no memory', async () => {
  await sql`
    INSERT INTO session (hash, account_id, address, agent)
    SELECT sha256(n::text::bytea), ${accounts.viewer}, '127.0.0.1', 'many' FROM generate_series(1, 10000) AS n`;
  const heapAfter = async (from: number, to: number): Promise<number> => {
    for (let n = from; n < to; n++) await ask('GET /api/status', { cookie: `photo-assistant-4800=${n}` });
    // What was just answered is let go of in later turns.
    for (let i = 0; i < 3; i++) {
      await new Promise(setImmediate);
      collect();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(0, 3000);
  const after = await heapAfter(3000, 9000);
  assert.ok(after - before < 3e6, `${Math.round((after - before) / 1e3)} kB more`);
  const { sessions } = (
    await ask('GET /api/sessions', await session('owner').then(({ cookie }) => ({ cookie })))
  ).json<{
    sessions: unknown[];
  }>();
  assert.ok(sessions.length <= 200);
  await sql`DELETE FROM session WHERE agent = 'many'`;
});
