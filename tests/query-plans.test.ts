import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import postgres from 'postgres';
import { describeJobs, type Execution } from '../engine/client/describe-jobs.ts';
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
let library: GeneratedLibrary;

before(async () => {
  const { sql: filler, url, stop: stopDatabase } = await quickDatabase();
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
    config: { host: '127.0.0.1', thumbsDir, trialsDir: thumbsDir },
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
      Promise.resolve({ state: 'awaiting jobs', since: '', jobs: { running: 6, completed: 0, failed: 0 } }),
    list: async () => ({ jobs: await jobs(), next: null }),
    get: job,
  };
  return answers as JobClient;
}

/** Each page and list with what it may be asked for; routes that ask the tables for nothing but a row are told as such. */
const asked = (): Record<string, string[] | 'no list'> => {
  const { dirs, persons, words } = library;
  const person = [persons.frequent, persons.rare];
  const photo = 500 * 5 + 1;
  const filters = [
    ...Object.values(words).map((word) => `q=${word}`),
    'from=2010-01-01&to=2010-02-01',
    'camera=Camera 3',
    'place=AA|Region 0|Town0',
    'type=video',
    'type=raw',
    'rating=5',
    'tag=label 3',
    'box=-9,36,-8,37',
  ];
  return {
    '/': ['/', ...filters.map((filter) => `/?${filter}`)],
    '/photos/:id': [`/photos/${photo}`, `/photos/${photo}?dir=${dirs.usual}`],
    '/folders': ['/folders'],
    '/folders/:id': Object.values(dirs).flatMap((id) => [`/folders/${id}`, `/folders/${id}?failed=1`]),
    '/people': ['/people'],
    '/people/:id': person.map((id) => `/people/${id}`),
  };
};

test('no page and no list reads a large table as a whole', async (t) => {
  for (const route of routes) {
    const ways = asked()[route];
    if (ways === 'no list') continue;
    for (const url of ways ?? [route]) {
      await t.test(url, async () => {
        plans.length = 0;
        const start = performance.now();
        const { statusCode } = await app.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });
        console.log(statusCode, url, (performance.now() - start).toFixed(0), 'ms', plans.length);
        const whole = plans.flatMap(({ query, nodes }) =>
          nodes
            .filter((node) => node['Node Type'] === 'Seq Scan' && largeTables.has(node['Relation Name'] ?? ''))
            .map((node) => `${node['Relation Name']}: ${query.replaceAll(/\s+/g, ' ')}`),
        );
        assert.deepEqual(whole, []);
      });
    }
  }
});
