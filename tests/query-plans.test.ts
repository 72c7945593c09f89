import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import postgres from 'postgres';
import { describeJobs } from '../engine/client/describe-jobs.ts';
import type { Execution } from '../engine/client/job-memo.ts';
import type { JobClient } from '../engine/client/job-client.ts';
import { faceNetworks } from '../model/face-scans.ts';
import { createApp } from '../web/app.ts';
import { quickDatabase } from './support/database.ts';
import { generateLibrary, type GeneratedLibrary } from './support/generated-library.ts';
import { temporaryDir } from './support/house.ts';

/** So many that no planner reads one of the large tables as a whole for want of a reason not to. */
const size = { files: 200_000, dirs: 10_000, faces: 60_000 };
const largeTables = new Set(['file', 'face', 'content', 'file_person_link', 'likeness', 'dir', 'log', 'move']);

/** A plan's node, as EXPLAIN writes it. */
interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Node[];
}

/** What Postgres itself says of each query that it carries out: the queries as they are, with the plans they really had. */
const plans: { query: string; nodes: Node[] }[] = [];
const stop: (() => Promise<void>)[] = [];
const routes: string[] = [];
let app: FastifyInstance;
let filler: postgres.Sql;
let library: GeneratedLibrary;

before(async () => {
  const { sql: own, url, stop: stopDatabase } = await quickDatabase();
  filler = own;
  stop.push(stopDatabase);
  library = await generateLibrary(filler, size);
  const sql = postgres(url, {
    max: 4,
    connection: {
      application_name: 'query plans',
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_nested_statements': true,
      'auto_explain.log_level': 'notice',
      'auto_explain.log_format': 'json',
      client_min_messages: 'notice',
    },
    onnotice: ({ message }) => {
      const json = message?.split('plan:\n')[1];
      if (json === undefined) return;
      const { 'Query Text': query, Plan } = JSON.parse(json) as { 'Query Text': string; Plan: Node };
      plans.push({ query, nodes: nodesOf(Plan) });
    },
  });
  stop.push(() => sql.end());
  const thumbsDir = temporaryDir({ after });
  app = createApp({
    sql,
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: undefined,
      trustedProxies: false,
      thumbsDir,
      trialsDir: thumbsDir,
    },
    jobs: someJobs(sql),
    readHouse: () => Promise.resolve(null),
    checkPath: () => Promise.resolve(null),
    sorter: {
      check: () => null,
      place: (_, photos) => photos.map(() => ({ path: 'a.jpg', used: [], rule: null })),
    },
  });
  app.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().includes('GET')) routes.push(url);
  });
  await app.ready();
});

after(async () => {
  await app.close();
  for (const end of stop.toReversed()) await end();
});

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Jobs of all kinds that ask the tables for something, as Temporal would tell of them. */
function someJobs(sql: postgres.Sql): JobClient {
  const scan = { settings: { detector: 'ssd', tiles: false, minScore: 0.5, minSize: 20 }, networks: faceNetworks };
  const memos = [
    { kind: 'importPath', root: 3 },
    { kind: 'dirChain', dir: 100 },
    { kind: 'facesOfPath', root: 3, rescan: { before: 1, total: 10, unlike: scan } },
    { kind: 'dirChain', dir: 101, rescan: { before: 1, total: 10 } },
    { kind: 'identifyPerson', person: 1 },
    { kind: 'moveFiles', plan: 2 },
  ];
  const executions = memos.map(({ kind, ...memo }, i): Execution => ({
    workflowId: `${kind}/${i}`,
    runId: String(i),
    type: kind,
    status: { name: 'RUNNING' },
    startTime: new Date(),
    memo: { job: { kind, waitsFor: [], steps: [], paused: false, ...memo } },
  }));
  const jobs = () => describeJobs(sql, executions, () => null);
  const [job] = [async () => (await jobs())[0] ?? assert.fail()];
  const answers: Partial<JobClient> = {
    engineStatus: () =>
      Promise.resolve({ state: 'awaiting jobs', since: '', jobs: { running: 6, paused: 0, completed: 0, failed: 0 } }),
    list: async () => ({ jobs: await jobs(), next: null }),
    queues: () => Promise.resolve([]),
    get: job,
  };
  return answers as JobClient;
}

/** Each page and list with what it is asked for. */
function questions({ dirs, persons, words }: GeneratedLibrary): Record<string, string[]> {
  const photo = 2501;
  const filters = [
    ...Object.values(words).map((word) => `q=${word}`),
    'q=',
    'from=2010-01-01&to=2010-02-01',
    'type=video',
    'rating=5',
    'camera=Canon%20PowerShot',
    'camera=Camera%207',
    'camera=none',
    'place=IA%7CRegion%208%7CTown8',
    'place=IA',
    'tag=label%207',
    'tag=none',
    'tag=&camera=&place=',
    'box=-9,36,-8,37',
  ];
  const each = (ids: Record<string, number>, url: (id: number) => string) => Object.values(ids).map(url);
  return {
    '/': [
      ...filters.map((filter) => `/?${filter}`),
      ...each(persons, (id) => `/?person=${id}`),
      `/?person=${persons.frequent}&q=${words.rare}`,
    ],
    '/photos/:id': [`/photos/${photo}`, `/photos/${photo}?dir=${dirs.usual}`],
    '/folders': ['/folders'],
    '/folders/:id': each(dirs, (id) => `/folders/${id}`).flatMap((url) => [url, `${url}?failed=1`]),
    '/people': ['/people'],
    '/people/:id': each(persons, (id) => `/people/${id}`),
    '/people/:id/split': each(persons, (id) => `/people/${id}/split`),
    '/people/review': ['/people/review', ...each(persons, (id) => `/people/review?person=${id}`)],
    '/people/regions': ['/people/regions'],
    '/sorter': ['/sorter'],
    '/sorter/plans/:id': ['/sorter/plans/2'],
    '/jobs': ['/jobs'],
    '/jobs/import': ['/jobs/import'],
    '/jobs/ai': ['/jobs/ai'],
    '/jobs/move': ['/jobs/move'],
    '/jobs/job/:id': ['/jobs/job/dir%2F100'],
    '/settings': ['/settings'],
    '/status': ['/status'],
    '/try/faces': ['/try/faces'],
    '/readyz': ['/readyz'],
    '/api/status': ['/api/status'],
    '/api/jobs': ['/api/jobs', '/api/jobs?kind=dirChain'],
    '/api/jobs/:id': ['/api/jobs/dir%2F100'],
    '/api/jobs/:id/log': ['/api/jobs/dir%2F100/log', '/api/jobs/dir%2F100/log?level=warn'],
    '/api/roots': ['/api/roots'],
    '/api/dirs': ['/api/dirs', '/api/dirs?root=3', `/api/dirs?parent=${dirs.parent}`],
    '/api/files': [
      ...filters.slice(0, 3).map((filter) => `/api/files?${filter}`),
      '/api/files?tag=&camera=&place=',
      '/api/files',
      ...each(dirs, (id) => `/api/files?dir=${id}`),
      ...each(persons, (id) => `/api/files?person=${id}`),
      `/api/files?person=${persons.frequent}&q=${words.rare}`,
    ],
    '/api/files/:id': [`/api/files/${photo}`],
    '/api/files/:id/faces': [`/api/files/${photo}/faces`],
    '/api/settings': ['/api/settings'],
    '/api/people': ['/api/people'],
    '/api/people/:id': each(persons, (id) => `/api/people/${id}`),
    '/api/people/:id/faces': each(persons, (id) => `/api/people/${id}/faces`),
    '/api/people/regions': ['/api/people/regions'],
    '/api/faces/review': ['/api/faces/review'],
    '/api/plans': ['/api/plans'],
    '/api/plans/:id': ['/api/plans/2'],
    '/api/plans/:id/dirs': ['/api/plans/2/dirs'],
    '/api/plans/:id/moves': ['/api/plans/2/moves'],
    '/api/sorting/:root': ['/api/sorting/3'],
    '/api/sorting/:root/dirs': ['/api/sorting/3/dirs'],
  };
}

/** These tell of the whole library what no index has: they read it once for as long as it stays the same, or before a deed. */
const ofWholeLibrary = new Set([
  ...['/map', '/api/map', '/duplicates', '/api/duplicates'],
  ...['/people/scans', '/api/faces/scans', '/people/scans/reset', '/api/faces/reset'],
  ...['/people/thresholds', '/api/people/thresholds', '/people/:id/thresholds', '/api/people/:id/thresholds'],
  ...['/people/unknown', '/api/people/unknown'],
  // Once a minute at most, however often they are asked for.
  '/metrics',
]);

/** These ask the large tables for single rows by their numbers, or for nothing. */
const ofSingleRows =
  /^(\*|\/assets\/.*|\/thumbs\/.*|\/originals\/.*|.*\.webp|.*:trial|\/people\/unknown\/:id|\/api\/people\/unknown\/:id|\/try\/file|\/live|\/login|\/settings\/access|\/settings\/audit|\/api\/(accounts|audit|sessions|tokens)|\/healthz|\/api\/openapi\.json)$/;

test('the test knows every page and list that the app has', () => {
  const known = questions(library);
  const unknown = routes.filter(
    (route) => !(route in known) && !ofWholeLibrary.has(route) && !ofSingleRows.test(route),
  );
  assert.deepEqual(unknown, []);
});

test('no page and no list reads a large table as a whole', async (t) => {
  for (const url of Object.values(questions(library)).flat()) {
    await t.test(url, async () => {
      plans.length = 0;
      const { statusCode } = await app.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });
      assert.equal(statusCode, url === '/readyz' ? 503 : 200);
      const whole = plans.flatMap(({ query, nodes }) =>
        nodes
          .filter((node) => node['Node Type'] === 'Seq Scan' && largeTables.has(node['Relation Name'] ?? ''))
          .map((node) => `${node['Relation Name']}: ${query.replaceAll(/\s+/g, ' ')}`),
      );
      assert.deepEqual(whole, []);
    });
  }
});

test('page after page of a filter shows all that fit, newest first, wherever they are taken from', async () => {
  const fits = {
    'camera=Camera%207': "content.camera = 'Camera 7'",
    'place=IA%7CRegion%208%7CTown8': "content.town = 'Town8'",
    'tag=label%207': "'label 7' = ANY (file.labels)",
    'rating=5&to=2012-12-31': "file.rating = 5 AND file.taken_at < '2013-01-01'",
    'camera=Camera%207&tag=label%207': "content.camera = 'Camera 7' AND 'label 7' = ANY (file.labels)",
  };
  for (const [filter, condition] of Object.entries(fits)) {
    const shown: number[] = [];
    for (let cursor = ''; ;) {
      const url = `/api/files?limit=200&${filter}${cursor && `&cursor=${cursor}`}`;
      const page: { files: { id: number }[]; next: string | null } = (
        await app.inject({ url, headers: { host: 'localhost' } })
      ).json();
      shown.push(...page.files.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
    }
    const fitting = await filler.unsafe<{ id: number }[]>(`
      SELECT file.id FROM file JOIN content USING (hash)
      WHERE file.taken_at IS NOT NULL AND missing_since IS NULL AND type IN ('image', 'video') AND main_id IS NULL AND ${condition}
      ORDER BY file.taken_at DESC, file.id DESC`);
    assert.ok(fitting.length > 0, filter);
    assert.deepEqual(
      shown,
      fitting.map(({ id }) => id),
      filter,
    );
  }
});

test('the plans of the queries arrive: one that reads a large table is seen', async () => {
  plans.length = 0;
  await app.inject({ url: '/duplicates', headers: { host: 'localhost', accept: 'text/html' } });
  assert.ok(plans.some(({ nodes }) => nodes.some((node) => largeTables.has(node['Relation Name'] ?? ''))));
});
