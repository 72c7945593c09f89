import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { projectDir } from '../../config.ts';
import type { Web } from '../shared.ts';
import { createMetrics } from './metrics.ts';

const hostile = 'h"\\\n} 1\nforged{a="b';
const away = () => Promise.reject(new Error('away'));

const library = {
  dirNumbers: async () => ({
    ...{ dirs: 3, failedDirs: 1, files: 10, read: 7, readFailed: 2, pictures: 6, searched: 5, searchFailed: 1 },
  }),
  workers: async () => [{ name: 'io', host: hostile, queues: ['io'], alive: true, memoryBytes: 1e8 }],
  jobWaits: async () => [{ job: 'dir/1', root: 1, host: 'h', worker: 'io', why: 'waits' }],
  activityTotals: async () => [
    { worker: 'io', host: 'h', pid: 7, activity: 'thumbs', outcome: 'completed' as const, count: 2, seconds: 3.5 },
    { worker: 'io', host: 'h', pid: 8, activity: 'thumbs', outcome: 'completed' as const, count: 5, seconds: 1 },
  ],
  faceNumbers: async () => ({ found: 12, auto: 4, confirmed: 3 }),
  moveNumbers: async () => [{ state: 'moved', files: 8 }],
};
const jobs = {
  engineStatus: async () => ({
    state: 'awaiting jobs',
    since: '',
    jobs: { running: 1, paused: 0, completed: 2, failed: 3 },
  }),
  queues: async () => [{ queue: 'io', type: 'activity', backlog: 5, age: 12.5 }],
};
const metricsOf = (changes: { jobs?: object; library?: object } = {}) =>
  createMetrics({
    jobs: { ...jobs, ...changes.jobs } as unknown as Web['jobs'],
    library: { ...library, ...changes.library } as unknown as Web['library'],
  });

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Prometheus' text format, read strictly: each line is a sample, a HELP or a TYPE, and nothing else. */
function parse(text: string): { samples: Sample[]; types: Map<string, string>; helps: Map<string, string> } {
  const [samples, types, helps] = [[] as Sample[], new Map<string, string>(), new Map<string, string>()];
  assert.ok(text.endsWith('\n'));
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (what) {
      const seen = what === 'HELP' ? helps : types;
      assert.ok(!seen.has(name), `${what} ${name} twice`);
      seen.set(name, rest);
      continue;
    }
    const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\n"])*"`;
    const sample = new RegExp(
      `^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(${label}(?:,${label})*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|\\+Inf|Nan)$`,
    ).exec(line);
    assert.ok(sample, `not a line of the format: ${line}`);
    const [, of = '', labels = '', value = ''] = sample;
    const pairs = [...labels.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)];
    const unescape = (written: string) =>
      written.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    samples.push({
      name: of,
      labels: Object.fromEntries(pairs.map(([, key = '', written = '']) => [key, unescape(written)])),
      value: Number(value),
    });
  }
  return { samples, types, helps };
}

const valueOf = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
  samples.find(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value;

test('what is told is what is so, in the format that Prometheus reads, whatever a host is named', async () => {
  const metrics = metricsOf();
  metrics.answered({ method: 'GET', route: '/jobs', status: 200 }, 0.02);
  await metrics.text();
  // A second look tells the same: nothing adds up over looks.
  const { samples } = parse(await metrics.text());
  const of = (name: string, labels?: Record<string, string>) => valueOf(samples, `photo_assistant_${name}`, labels);
  assert.equal(of('files', { step: 'thumbs', outcome: 'done' }), 5);
  assert.equal(of('files', { step: 'thumbs', outcome: 'failed' }), 2);
  assert.equal(of('files', { step: 'thumbs', outcome: 'waiting' }), 3);
  assert.equal(of('dirs', { outcome: 'failed' }), 1);
  assert.equal(of('faces'), 12);
  assert.equal(of('faces_named', { state: 'confirmed' }), 3);
  assert.equal(of('moves', { state: 'moved' }), 8);
  assert.equal(of('jobs', { status: 'failed' }), 3);
  assert.equal(of('jobs_waiting', { worker: 'io' }), 1);
  assert.equal(of('engine_state', { state: 'awaiting jobs' }), 1);
  assert.equal(of('engine_state', { state: 'find files' }), 0);
  assert.equal(of('queue_backlog_tasks', { queue: 'io' }), 5);
  assert.equal(of('queue_backlog_age_seconds', { queue: 'io' }), 12.5);
  assert.equal(of('worker_alive', { host: hostile }), 1);
  // A worker that goes takes its own numbers along, and makes none smaller: that would read as a start anew of all.
  assert.deepEqual([of('activities_total', { pid: '7' }), of('activities_total', { pid: '8' })], [2, 5]);
  assert.deepEqual([of('activity_seconds_total', { pid: '7' }), of('activity_seconds_total', { pid: '8' })], [3.5, 1]);
  assert.equal(of('http_request_duration_seconds_count', { route: '/jobs', status: '200' }), 1);
});

test('names follow the rules of Prometheus: a unit in base units, _total for counters, a HELP and a TYPE each', async () => {
  const { samples, types, helps } = parse(await metricsOf().text());
  for (const [name, type] of types) {
    assert.ok(helps.has(name), `${name} has no HELP`);
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    // What prom-client tells of its process has the names that Prometheus' clients agreed on.
    if (!name.startsWith('photo_assistant_')) continue;
    assert.equal(type === 'counter', name.endsWith('_total'), name);
    assert.doesNotMatch(name, /milli|micro|_ms\b|minute|hour|kilo|mega|percent|gauge|counter|histogram/, name);
  }
  for (const { name } of samples) {
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(family), `${name} has no TYPE`);
  }
});

test('a server that does not answer is told as not up, and nothing old is told in its place', async () => {
  let there = true;
  const engineStatus = () => (there ? jobs.engineStatus() : away());
  const metrics = metricsOf({ jobs: { engineStatus, queues: away }, library: { faceNumbers: away } });
  await metrics.text();
  there = false;
  const { samples } = parse(await metrics.text());
  assert.equal(valueOf(samples, 'photo_assistant_up', { server: 'temporal' }), 0);
  assert.equal(valueOf(samples, 'photo_assistant_up', { server: 'database' }), 1);
  assert.equal(valueOf(samples, 'photo_assistant_jobs', { status: 'running' }), undefined);
  assert.equal(valueOf(samples, 'photo_assistant_queue_backlog_tasks', { queue: 'io' }), undefined);
});

test('every query of the dashboard is about metrics and labels that there are', async () => {
  const metrics = metricsOf();
  metrics.answered({ method: 'GET', route: '/jobs', status: 200 }, 0.02);
  const { samples } = parse(await metrics.text());
  const labels = new Map<string, Set<string>>();
  for (const { name, labels: of } of samples)
    labels.set(name, new Set([...(labels.get(name) ?? []), ...Object.keys(of), 'job', 'instance']));
  const Dashboard = Type.Object({
    panels: Type.Array(Type.Object({ targets: Type.Optional(Type.Array(Type.Object({ expr: Type.String() }))) })),
  });
  const file = path.join(projectDir, 'deploy', 'grafana', 'photo-assistant.json');
  const { panels } = Value.Parse(Dashboard, Value.Clean(Dashboard, JSON.parse(readFileSync(file, 'utf8'))));
  const queries = panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr);
  assert.ok(queries.length > 10);
  for (const expr of queries) {
    const names = expr.match(/\b(photo_assistant|process|nodejs)_[a-z0-9_]+/g) ?? [];
    assert.ok(names.length > 0, expr);
    for (const name of names) assert.ok(labels.has(name), `${name} in ${expr}`);
    for (const [, name = '', inside = ''] of expr.matchAll(/\b([a-z0-9_]+)\{([^}]*)\}/g))
      for (const [, label = ''] of inside.matchAll(/([a-z_]+)\s*(?:=~|!=|!~|=)/g))
        assert.ok(labels.get(name)?.has(label), `${label} of ${name} in ${expr}`);
    for (const [, by = ''] of expr.matchAll(/\bby \(([^)]*)\)/g))
      for (const label of by.split(',').map((one) => one.trim()))
        assert.ok(
          names.every((name) => labels.get(name)?.has(label)),
          `${label} in ${expr}`,
        );
  }
});
