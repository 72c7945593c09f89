import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createRoots } from '../activities/roots.ts';
import { checkPath } from '../cli/check-path.ts';
import { describeJobs } from '../engine/client/describe-jobs.ts';
import type { Execution } from '../engine/client/job-memo.ts';
import type { WorkerReport } from '../model/house.ts';
import { addRoots, listRoots } from '../sql/roots.ts';
import { announceWorker, forgetWorkers, listWorkers } from '../sql/workers.ts';
import { quickDatabase } from './support/database.ts';
import { temporaryDir } from './support/house.ts';
import { writeOld } from './support/pictures.ts';

test('a path is left to who can read it; where nobody can it waits, and where one machine does all it is offline', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  const dir = temporaryDir(t);
  await addRoots(sql, { importPaths: ['/photos'], storagePaths: [] });
  const roots = createRoots({ sql, pathMap: [['/photos', path.join(dir, 'photos')]], host: 'reader' });
  const announced = (host: string, name: string, more: Partial<WorkerReport> = {}) =>
    announceWorker(sql, {
      ...{ name, host, pid: 1, queues: [name], version: '1', ioClass: 'idle', niceness: 19, memoryBytes: 1 },
      ...{ startedAt: new Date().toISOString(), backend: null, roots: [], activities: [], ...more },
    });
  const unseen = async () => (await listRoots(sql))[0]?.unseen;

  await t.test('one machine does all', async () => {
    await announced('reader', 'engine');
    await announced('reader', 'io');
    await announced('elsewhere', 'ai');
    await assert.rejects(roots.checked(1, false), {
      code: 'root.missing',
      message: /^\/photos \(.*photos on this machine\)/,
    });
    assert.equal(await unseen(), false);
    assert.equal((await checkPath(sql, [], '/photos'))?.code, 'root.missing');
  });

  await t.test('of several none can read it', async () => {
    await announced('servers', 'io');
    await assert.rejects(roots.checked(1, false), { code: 'root.unseen', message: 'No worker can read /photos.' });
    await assert.rejects(roots.open(1), { code: 'root.unseen' });
    assert.equal(await roots.isSeenElsewhere(1), false);
    assert.deepEqual(await roots.seen(), []);
    assert.equal(await unseen(), true);
    assert.equal((await checkPath(sql, [], '/photos'))?.code, 'root.unseen');
  });

  await t.test('another one can', async () => {
    await announced('servers', 'io', { roots: [1] });
    await assert.rejects(roots.open(1), { code: 'root.unseen', message: /other machines/ });
    assert.equal(await roots.isSeenElsewhere(1), true);
    assert.equal(await unseen(), false);
    assert.equal(await checkPath(sql, [], '/photos'), null);
  });

  await t.test('that one has fallen silent', async () => {
    await sql`UPDATE worker SET seen_at = now() - interval '1 minute' WHERE host = 'servers'`;
    await assert.rejects(roots.open(1), { code: 'root.unseen', message: 'No worker can read /photos.' });
    assert.equal(await unseen(), true);
  });

  await t.test('this one can, where it lies here; an empty mount point of what held files is not it', async () => {
    writeOld(path.join(dir, 'photos', 'a.jpg'), 'a');
    assert.equal((await roots.open(1)).here, path.join(dir, 'photos'));
    assert.equal((await roots.checked(1, false)).root.path, '/photos');
    assert.deepEqual(await roots.seen(), [1]);
    await announced('reader', 'io', { roots: await roots.seen() });
    assert.equal(await unseen(), false);
    await sql`INSERT INTO dir (root_id, path_prefix, num_files) VALUES (1, '', 1)`;
    await sql`INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type) VALUES (1, 'a.jpg', 1, 1, '1', 'image')`;
    renameSync(path.join(dir, 'photos'), path.join(dir, 'away'));
    mkdirSync(path.join(dir, 'photos'));
    assert.deepEqual(await roots.seen(), []);
    await assert.rejects(roots.checked(1, false), { code: 'root.unseen' });
  });
});

test('a plan whose paths no worker can read says so', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  await addRoots(sql, { importPaths: ['/camera'], storagePaths: ['/photos'] });
  const report = { version: '1', ioClass: 'idle', niceness: 19, memoryBytes: 1, backend: null, activities: [], pid: 1 };
  const startedAt = new Date().toISOString();
  const readers = async (roots: number[]) => {
    for (const host of ['a', 'b'])
      await announceWorker(sql, { ...report, name: 'io', queues: ['io'], host, startedAt, roots });
  };
  await sql`
    INSERT INTO move_plan (root_id, wanted, sorting)
    SELECT id, '{"root": 2, "roots": [1]}', '{"pattern": "{year}", "rules": []}' FROM root WHERE path = '/photos'`;
  const execution: Execution = {
    ...{ workflowId: 'move/1', runId: '1', type: 'moveFiles', status: { name: 'RUNNING' }, startTime: new Date() },
    memo: { job: { kind: 'moveFiles', plan: 1, waitsFor: [], steps: [], paused: false } },
  };
  const waits = async () => (await describeJobs(sql, [execution], () => null))[0]?.waitsBecause;
  await readers([1, 2]);
  assert.equal(await waits(), null);
  await readers([1]);
  assert.equal(await waits(), 'no worker can read this path: /photos');
  await readers([2]);
  assert.equal(await waits(), 'no worker can read this path: /camera');
});

test('a job whose step no worker that runs can do says so', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  await addRoots(sql, { importPaths: ['/camera'], storagePaths: [] });
  const report = { version: '1', ioClass: 'idle', niceness: 19, memoryBytes: 1, backend: null, activities: [], pid: 1 };
  const announced = (name: string) =>
    announceWorker(sql, {
      ...{ ...report, name, queues: [name], host: 'a', startedAt: new Date().toISOString(), roots: [1] },
    });
  const waits = async (step: string) => {
    const steps = [{ name: step, status: 'running' }];
    const execution: Execution = {
      ...{ workflowId: 'import/1', runId: '1', type: 'importPath', status: { name: 'RUNNING' }, startTime: new Date() },
      memo: { job: { kind: 'importPath', root: 1, waitsFor: [], steps, paused: false } },
    };
    return (await describeJobs(sql, [execution], () => null))[0]?.waitsBecause;
  };
  await announced('engine');
  assert.equal(await waits('thumbs'), 'waits: no worker runs that reads and moves files');
  await announced('io');
  assert.equal(await waits('thumbs'), null);
  assert.equal(await waits('faces'), 'waits: no worker runs that looks for faces');
  await announced('ai');
  assert.equal(await waits('faces'), null);
  await sql`UPDATE worker SET seen_at = now() - interval '1 minute' WHERE name = 'ai'`;
  assert.equal(await waits('identify'), 'waits: no worker runs that looks for faces');
});

test('two workers of a kind on one machine are two, and one that ended is forgotten', async (t) => {
  const { sql, stop } = await quickDatabase();
  t.after(stop);
  const report = { name: 'ai', host: 'h', queues: ['ai'], version: '1', ioClass: 'idle', niceness: 19, memoryBytes: 1 };
  for (const pid of [1, 2, 2])
    await announceWorker(sql, {
      ...report,
      pid,
      startedAt: new Date().toISOString(),
      backend: 'wasm',
      roots: [],
      activities: [],
    });
  assert.deepEqual(
    (await listWorkers(sql)).map(({ pid, backend, alive }) => [pid, backend, alive]),
    [
      [1, 'wasm', true],
      [2, 'wasm', true],
    ],
  );
  await forgetWorkers(sql, 'h', 'ai', [1]);
  assert.deepEqual(
    (await listWorkers(sql)).map(({ pid }) => pid),
    [2],
  );
});
