import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { RootsReply } from '../web/api/schema.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writeOld, writePicture } from './support/pictures.ts';
import { startReceiver, type Receiver } from './support/receiver.ts';

const patience = 60_000;
const evil = 'a\n{"level":"fatal","msg":"forged"}\n\u001b[31m\u009b2J.jpg';

const Span = Type.Object({
  traceId: Type.String(),
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String()),
  name: Type.String(),
});
const Spans = Type.Object({
  resourceSpans: Type.Array(
    Type.Object({
      resource: Type.Object({
        attributes: Type.Array(
          Type.Object({ key: Type.String(), value: Type.Object({ stringValue: Type.Optional(Type.String()) }) }),
        ),
      }),
      scopeSpans: Type.Array(Type.Object({ spans: Type.Array(Span) })),
    }),
  ),
});
const Told = Type.Object({ event: Type.String(), job: Type.String(), title: Type.String(), click: Type.String() });

const toAfter: (() => unknown)[] = [];
let house: RunningHouse;
let collector: Receiver;
let phone: Receiver;
let photos: string;

before(async () => {
  const t = { after: (fn?: unknown) => void (typeof fn === 'function' && toAfter.push(fn as () => unknown)) };
  collector = await startReceiver();
  phone = await startReceiver();
  photos = temporaryDir(t);
  await writePicture(path.join(photos, evil, 'first.jpg'), 'red');
  writeOld(path.join(photos, evil, evil), 'no picture');
  settle(path.join(photos, evil), photos);
  house = await startHouse(t, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  const settings = { importPaths: [photos], lookForFaces: false, watchImports: false, notifyUrl: phone.url };
  assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
  await house.until('awaiting jobs', patience);
});
after(async () => {
  for (const fn of toAfter.toReversed()) await fn();
  await collector.close();
  await phone.close();
});

const spans = () =>
  collector.received.flatMap(({ body }) =>
    Value.Parse(Spans, Value.Clean(Spans, body)).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap((scope) =>
        scope.spans.map((span) => ({
          ...span,
          service: resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
        })),
      ),
    ),
  );

test('one trace holds the request, the job that it starts, and what the workers do for it', async () => {
  assert.equal((await house.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 })).status, 202);
  assert.equal((await house.ended('scan/1', patience)).status, 'completed');
  const trace = await eventually('the trace', patience, async () => {
    const root = spans().find(({ name }) => name === 'POST /api/jobs');
    const whole = spans().filter(({ traceId }) => traceId === root?.traceId);
    // A span is sent when it has ended: the outer ones come last.
    const names = new Set(whole.map(({ name }) => name));
    return ['RunActivity:scanRoot', 'RunWorkflow:scanPath'].every((name) => names.has(name)) && whole;
  });
  const services = new Map(trace.map(({ name, service }) => [name, service]));
  assert.equal(services.get('POST /api/jobs'), 'photo-assistant-web');
  assert.equal(services.get('RunWorkflow:scanPath'), 'photo-assistant-engine');
  assert.equal(services.get('RunActivity:scanRoot'), 'photo-assistant-io');
  // From each of them the way leads up to the request.
  const byId = new Map(trace.map((span) => [span.spanId, span]));
  let up = trace.find(({ name }) => name === 'RunActivity:scanRoot');
  const way: string[] = [];
  for (; up; up = byId.get(up.parentSpanId ?? '')) way.push(up.name);
  assert.equal(way.at(-1), 'POST /api/jobs', way.join(' < '));
  assert.ok(
    way.includes('RunWorkflow:scanPath') && way.some((name) => name.includes('StartWorkflow')),
    way.join(' < '),
  );
});

const told = () => phone.received.map(({ body }) => Value.Parse(Told, Value.Clean(Told, body)));

test('an import that is done, and a job that failed, are told once each', async () => {
  await eventually('the import', patience, async () => told().some(({ event }) => event === 'import done'));
  rmSync(photos, { recursive: true });
  await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
  assert.equal((await house.ended('import/1', patience)).status, 'failed');
  await eventually('the failure', patience, async () => told().some(({ event }) => event === 'job failed'));
  assert.deepEqual(
    told().map(({ event, job, click }) => [event, job, click]),
    [
      ['import done', 'import/1', `${house.url}/jobs/job/import%2F1`],
      // The import itself was auto-failed: that is told with its cause.
      ['job failed', 'scan/1', `${house.url}/jobs/job/scan%2F1`],
    ],
  );
  const { status, body } = await house.send('POST', '/api/notifications/test');
  assert.deepEqual([status, body], [200, { sent: true }]);
  await phone.close();
  assert.equal((await house.send('POST', '/api/notifications/test')).status, 502);
  phone = await startReceiver();
});

test('what workers and web print is a line of JSON each, with its job, whatever files are named', async () => {
  const dir = path.join(house.dataDir, 'logs');
  let activities = 0;
  for (const part of readdirSync(dir).filter((name) => /^(engine|io|ai|web)\.log$/.test(name))) {
    const text = readFileSync(path.join(dir, part), 'utf8');
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, part);
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const Line = Type.Object({ level: Type.String(), part: Type.String(), msg: Type.String(), time: Type.String() });
      const { level } = Value.Parse(Line, Value.Clean(Line, JSON.parse(line)));
      assert.notEqual(level, 'fatal', line);
      if (line.includes('"activity"')) activities++;
    }
  }
  assert.ok(activities > 3);
  const io = readFileSync(path.join(dir, 'io.log'), 'utf8');
  assert.match(io, /"job":"dir\/\d+".*"dir":\d+.*"activity":"thumbs"/);
});

test('the numbers of a running house are told', async () => {
  const { status } = await fetch(`${house.url}/nowhere/at/all`);
  assert.equal(status, 404);
  const text = await eventually('what the workers did', patience, async () => {
    const now = await (await fetch(`${house.url}/metrics`)).text();
    return now.includes('activity="scanRoot",outcome="failed"') && now;
  });
  for (const line of [
    /^photo_assistant_up\{server="temporal"\} 1$/m,
    /^photo_assistant_up\{server="database"\} 1$/m,
    /^photo_assistant_engine_state\{state="awaiting jobs"\} 1$/m,
    /^photo_assistant_files\{step="thumbs",outcome="done"\} 1$/m,
    /^photo_assistant_files\{step="thumbs",outcome="failed"\} 1$/m,
    /^photo_assistant_queue_backlog_tasks\{queue="io",type="activity"\} 0$/m,
    /^photo_assistant_worker_alive\{.*queue="ai"\} 1$/m,
    /^photo_assistant_activities_total\{activity="scanRoot",outcome="failed",.*,pid="\d+"\} [1-9]/m,
    /^photo_assistant_http_request_duration_seconds_count\{method="GET",route="none",status="404"\} [1-9]/m,
    /^photo_assistant_http_request_duration_seconds_count\{method="POST",route="\/api\/jobs",status="202"\} 2$/m,
  ])
    assert.match(text, line);
});

test('what a job asks is told', async () => {
  const many = temporaryDir({ after: (fn) => toAfter.push(fn) });
  for (let i = 0; i < 3; i++) writeOld(path.join(many, 'dir', `${i}.txt`), `note ${i}`);
  settle(path.join(many, 'dir'), many);
  const settings = { importPaths: [photos, many], missingFiles: 0, notifyUrl: phone.url };
  assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
  const { roots } = Value.Parse(RootsReply, await house.get('/api/roots'));
  const root = roots.find((each) => each.path === many)?.id;
  assert.equal((await house.ended(`import/${root}`, patience)).status, 'completed');
  rmSync(path.join(many, 'dir', '0.txt'));
  await house.send('POST', '/api/jobs', { kind: 'scanPath', root });
  await eventually('the question', patience, async () => told().some(({ event }) => event === 'approval needed'));
  assert.deepEqual(
    told().flatMap(({ event, job, click }) => (event === 'approval needed' ? [[job, click]] : [])),
    [[`remove/${root}`, `${house.url}/jobs/job/remove%2F${root}`]],
  );
  assert.equal((await house.send('POST', `/api/jobs/remove%2F${root}/approve`)).status, 202);
});
