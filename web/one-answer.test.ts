import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import fastify from 'fastify';
import { anybodyHere, type Visitor } from './access/visitor.ts';
import { answerTogether } from './one-answer.ts';

const page = { accept: 'text/html' };

/** A server whose answers are made when the test says so; who asks is named in a header. */
async function open(t: TestContext) {
  const app = fastify();
  t.after(async () => await app.close());
  app.decorateRequest('visitor', null);
  app.addHook('onRequest', async (request) => {
    const who = String(request.headers['x-who'] ?? 'somebody');
    request.visitor = { ...anybodyHere, who, formToken: `mark of ${who}` } satisfies Visitor;
  });
  answerTogether(app);
  let made = 0;
  let asked = () => {};
  const waiting: (() => void)[] = [];
  app.get('/page', async (request, reply) => {
    made++;
    const html = `<p>${made} for ${request.visitor?.formToken}`;
    await new Promise<void>((done) => {
      waiting.push(done);
      asked();
    });
    return await reply.type('text/html').header('x-nonce', String(made)).send(html);
  });
  app.get('/wrong', async (_request, reply) => await reply.code(503).send({ wrong: ++made }));
  app.get('/cookie', async (_request, reply) => await reply.header('set-cookie', `a=${++made}`).send('{}'));
  app.get('/stream', async (_request, reply) => await reply.send(Readable.from([String(++made)])));
  const get = async (url: string, headers: Record<string, string> = page) => await app.inject({ url, headers });
  /** Lets all that wait be answered, once so many do. */
  const answer = async (many = 1) => {
    while (waiting.length < many) await new Promise<void>((done) => (asked = done));
    for (const done of waiting.splice(0)) done();
  };
  return { app, get, answer, made: () => made };
}

test('all who ask for the same page at the same time get one, with its headers', async (t) => {
  const { get, answer, made } = await open(t);
  const asked = Array.from({ length: 20 }, () => get('/page'));
  await answer();
  const got = await Promise.all(asked);
  assert.deepEqual(
    [...new Set(got.map(({ body, headers }) => `${body} ${String(headers['x-nonce'])}`))],
    ['<p>1 for mark of somebody 1'],
  );
  assert.ok(got.every(({ headers, rawPayload }) => Number(headers['content-length']) === rawPayload.length));
  assert.equal(made(), 1);
});

test('who comes while a page is made gets one that is made after it', async (t) => {
  const { get, answer, made } = await open(t);
  const first = get('/page');
  while (made() === 0) await new Promise((turn) => setImmediate(turn));
  const late = [get('/page'), get('/page')];
  await answer();
  assert.match((await first).body, /^<p>1 /);
  await answer();
  for (const each of late) assert.match((await each).body, /^<p>2 /);
});

test('what another may see, or asks for in another way, is made for them alone', async (t) => {
  const { get, answer, made } = await open(t);
  const asked = [
    get('/page'),
    get('/page', { ...page, 'x-who': 'another' }),
    get('/page', { ...page, 'hx-request-type': 'partial' }),
    get('/page?q=a'),
    get('/page', { accept: '*/*' }),
    get('/page', { accept: '*/*' }),
  ];
  await answer(6);
  const bodies = (await Promise.all(asked)).map(({ body }) => body);
  assert.equal(made(), 6);
  assert.match(bodies[1] ?? '', /mark of another/);
});

test('an error is told to all who asked, and not kept', async (t) => {
  const { get } = await open(t);
  const both = await Promise.all([get('/wrong'), get('/wrong')]);
  assert.deepEqual(
    both.map(({ statusCode, body }) => [statusCode, body]),
    [
      [503, '{"wrong":1}'],
      [503, '{"wrong":1}'],
    ],
  );
  assert.equal((await get('/wrong')).body, '{"wrong":2}');
});

test('files and answers with cookies are never shared', async (t) => {
  const { get } = await open(t);
  for (const url of ['/cookie', '/stream']) {
    const both = await Promise.all([get(url), get(url)]);
    const told = both.map(({ body, headers }) => `${body} ${String(headers['set-cookie'])}`);
    assert.equal(new Set(told).size, 2, told.join());
  }
});

test('nobody waits for one who asked first and went away', async (t) => {
  const { app, get, answer, made } = await open(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const gone = send({ port, path: '/page', headers: page }).on('error', () => undefined);
  gone.end();
  while (made() === 0) await new Promise((turn) => setImmediate(turn));
  const other = get('/page');
  const closed = new Promise((done) => gone.once('close', done));
  gone.destroy();
  await closed;
  // The one who went away is still being answered; the other is made meanwhile.
  while (made() === 1) await new Promise((turn) => setImmediate(turn));
  await answer(2);
  assert.match((await other).body, /^<p>2 /);
});
