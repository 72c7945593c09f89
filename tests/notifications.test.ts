import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { createLogger } from '../engine/logger.ts';
import { startNotifier } from '../engine/notifier.ts';
import { isWanted } from '../model/notification.ts';
import { Settings } from '../model/settings.ts';
import { addNotification } from '../sql/notifications.ts';
import { readSettings, saveSettings } from '../sql/settings.ts';
import { quickDatabase } from './support/database.ts';
import { eventually } from './support/house.ts';
import { startReceiver } from './support/receiver.ts';

const { sql, stop } = await quickDatabase();
after(stop);

const patience = 30_000;
const Sent = Type.Object({
  id: Type.String(),
  event: Type.String(),
  job: Type.String(),
  title: Type.String(),
  message: Type.String(),
  priority: Type.Integer(),
  click: Type.String(),
});
const hostile = 'scan\r\nX-Evil: 1 \u0000 {{.job}} </b>';

async function notifier(t: TestContext, url: string) {
  await sql`DELETE FROM notification`;
  await saveSettings(sql, { ...(await readSettings(sql)), notifyUrl: url });
  const end = startNotifier({
    sql,
    log: createLogger('test', () => undefined),
    job: async (id) => {
      if (id === 'gone') throw new Error('no such job');
      return { title: `Scan ${hostile}` };
    },
    page: 'https://photos.example/pa/',
  });
  t.after(end);
}

const failure = { key: 'failed 1', event: 'job failed' as const, job: 'scan/1', message: hostile };
/** What is to be tried again later is tried now. */
const hurry = () => sql`UPDATE notification SET next_try = now() WHERE next_try > now() AND trouble IS NOT NULL`;
const left = async () => (await sql`SELECT 1 FROM notification WHERE next_try IS NOT NULL`).length;
const allDone = () =>
  eventually('all to be sent', patience, async () => {
    await hurry();
    return (await left()) === 0;
  });

test('what is told comes once, as JSON, with its job, link and priority, and ntfy is told how to read it', async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  await notifier(t, `${receiver.url}/topic`);
  await addNotification(sql, failure);
  await addNotification(sql, failure);
  await addNotification(sql, { ...failure, key: 'done 1', event: 'import done', job: 'gone' });
  await allDone();
  assert.equal(receiver.received.length, 2);
  const [first, second] = receiver.received;
  const body = Value.Parse(Sent, first?.body);
  assert.deepEqual(body, {
    id: 'failed 1',
    event: 'job failed',
    job: 'scan/1',
    title: `Scan ${hostile}: failed`,
    message: hostile.replace('\0', '\\x00'),
    priority: 4,
    click: 'https://photos.example/pa/jobs/job/scan%2F1',
  });
  assert.equal(first?.path, '/topic');
  assert.ok(first);
  assert.equal(first.headers['x-evil'], undefined);
  assert.deepEqual(
    ['x-template', 'x-title', 'x-message', 'x-priority', 'x-click'].map((name) => first.headers[name]),
    ['yes', '{{.title}}', '{{.message}}', '4', body.click],
  );
  assert.equal(Value.Parse(Sent, second?.body).title, 'gone: done');
});

test('a receiver that answers 500 or nothing is tried again until it takes it', async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  receiver.answers.push({ status: 500 }, 'hang', { status: 429 });
  await notifier(t, receiver.url);
  await addNotification(sql, failure);
  await allDone();
  assert.deepEqual(
    receiver.received.map(({ body }) => Value.Parse(Sent, body).id),
    ['failed 1', 'failed 1', 'failed 1', 'failed 1'],
  );
  const [row] = await sql`SELECT tries, trouble, sent_at IS NOT NULL AS sent FROM notification`;
  assert.deepEqual({ ...row }, { tries: 4, trouble: null, sent: true });
});

/** Waits until one could not be sent. */
const oneTry = () =>
  eventually(
    'a try',
    patience,
    async () => (await sql`SELECT 1 FROM notification WHERE trouble IS NOT NULL`).length > 0,
  );

test('one that is down gets it when it is back', async (t) => {
  const down = await startReceiver();
  await down.close();
  await notifier(t, down.url);
  await addNotification(sql, failure);
  await oneTry();
  const receiver = await startReceiver(down.port);
  t.after(() => receiver.close());
  await allDone();
  assert.equal(receiver.received.length, 1);
});

test('a redirect is not followed: it could lead anywhere', async (t) => {
  const elsewhere = await startReceiver();
  t.after(() => elsewhere.close());
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  receiver.answers.push({ status: 307, headers: { location: `${elsewhere.url}/inside` } });
  await notifier(t, receiver.url);
  await addNotification(sql, failure);
  await oneTry();
  const [row] = await sql<{ trouble: string }[]>`SELECT trouble FROM notification`;
  assert.match(row?.trouble ?? '', /sends elsewhere \(307\)/);
  assert.deepEqual(elsewhere.received, []);
});

test('what is a day old is given up, tried before or not', async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  await notifier(t, receiver.url);
  // As a restored library has it.
  await sql.begin(async (tx) => {
    await addNotification(tx, failure);
    await tx`UPDATE notification SET at = now() - interval '25 hours'`;
  });
  await eventually('the end of it', patience, async () => (await left()) === 0);
  const [row] = await sql`SELECT sent_at, trouble FROM notification`;
  assert.deepEqual({ ...row }, { sent_at: null, trouble: 'it is more than a day old' });
  assert.deepEqual(receiver.received, []);
});

test('only what the settings ask for is kept at all', async () => {
  await sql`DELETE FROM notification`;
  const settings = await readSettings(sql);
  await saveSettings(sql, { ...settings, notifyUrl: 'http://127.0.0.1:1', notifyFailures: false });
  await addNotification(sql, failure);
  await saveSettings(sql, { ...settings, notifyUrl: '', notifyFailures: true });
  await addNotification(sql, failure);
  assert.equal((await sql`SELECT 1 FROM notification`).length, 0);
  const all = { notifyUrl: 'http://x', notifyFailures: false, notifyApprovals: true, notifyImports: false };
  assert.deepEqual(
    (['job failed', 'approval needed', 'import done', 'test'] as const).map((event) => isWanted(event, all)),
    [false, true, false, true],
  );
});

test('only addresses of the web are taken, and none with a password in it', () => {
  const taken = (url: string) => Value.Check(Settings.properties.notifyUrl, url);
  for (const url of ['', 'http://127.0.0.1:8080/hook', 'https://ntfy.sh/my-topic', 'https://example.org?a=b'])
    assert.equal(taken(url), true, url);
  for (const url of [
    'file:///etc/passwd',
    'ftp://x/',
    'https://me:secret@example.org/',
    'http://a b/',
    'javascript:1',
    '//x',
  ])
    assert.equal(taken(url), false, url);
});
