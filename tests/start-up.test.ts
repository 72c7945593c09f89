import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { freePort } from '../engine/supervisor/ports.ts';
import { eventually, program, startHouse, temporaryDir } from './support/house.ts';
import { writePicture } from './support/pictures.ts';

test('all branches of the start', async (t) => {
  const photos = temporaryDir(t);
  for (let i = 0; i < 4; i++) await writePicture(path.join(photos, 'camera', `p${i}.jpg`), `rgb(9, ${i * 50}, 200)`);
  const dataDir = temporaryDir(t, 'photo-assistant-data-');
  const port = await freePort();
  const empty = await startHouse(t, { dataDir, port });

  await t.test('no import path: configuration needed, until the form is saved', async () => {
    await empty.until('configuration needed');
    const page = await (await fetch(`${empty.url}/`)).text();
    assert.match(page, /import path/i);

    const refused = await empty.send('PUT', '/api/settings', { importPaths: ['/not/there/at/all'] });
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.body), /not\/there\/at\/all/);
    assert.equal((await empty.status()).state, 'configuration needed');

    const saved = await empty.send('PUT', '/api/settings', { importPaths: [photos] });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
  });

  await t.test('an empty database: find files, import files, awaiting jobs', async () => {
    const seen = new Set<string>();
    const { coverage } = await eventually('awaiting jobs', 60_000, async () => {
      const now = await empty.status();
      seen.add(now.state);
      return now.state === 'awaiting jobs' && now;
    });
    assert.equal(coverage.read, 4);
    const find = await empty.job('find');
    assert.equal(find.status, 'completed');
    assert.equal(find.result?.num_files, 4);
    assert.ok(
      [...seen].every((state) =>
        ['configuration needed', 'initialising', 'find files', 'import files', 'awaiting jobs'].includes(state),
      ),
    );
  });

  await t.test('two clicks on the same button make one job', async () => {
    const clicks = await Promise.all(
      [1, 2, 3].map(() => empty.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 })),
    );
    assert.deepEqual(
      clicks.map((click) => click.status),
      [202, 202, 202],
    );
    assert.equal(new Set(clicks.map((click) => JSON.stringify(click.body))).size, 1);
    assert.equal((await empty.ended('scan/1')).status, 'completed');
  });

  await t.test('a second start on the same data folder is refused, naming the pid', async () => {
    const { code, output } = await empty.command('start', '--import', photos);
    assert.equal(code, 1);
    assert.match(output, /house\.already-running/);
    assert.match(output, new RegExp(`\\b${empty.supervisor.pid}\\b`));
  });

  await t.test('the command line tells the same, and starts the same jobs', async () => {
    const { code, output } = await empty.command('status');
    assert.equal(code, 0, output);
    assert.match(output, /awaiting jobs/);
    assert.match(output, /4 of 4 files read/);
    assert.match((await empty.command('import', photos)).output, /^import\/1$/m);
    assert.equal((await empty.ended('import/1')).status, 'completed');
    assert.match((await empty.command('jobs')).output, /completed\s+import\/1/);
    assert.match((await empty.command('scan', '/nowhere')).output, /root\.unknown/);
  });

  await t.test('the workers say what priority the system gives them', async () => {
    const { workers } = (await empty.get('/api/status')) as {
      workers: { name: string; pid: number; ioClass: string; niceness: number }[];
    };
    assert.deepEqual(workers.map((worker) => worker.name).toSorted(), ['ai', 'engine', 'io']);
    for (const worker of workers) {
      assert.equal(worker.niceness, 19, worker.name);
      if (process.platform === 'linux') assert.equal(worker.ioClass, 'idle', worker.name);
      const session = `/proc/${worker.pid}/autogroup`;
      const weight = worker.name === 'engine' ? /nice 0$/m : /nice 19$/m;
      if (existsSync(session)) assert.match(readFileSync(session, 'utf8'), weight, worker.name);
    }
  });

  await t.test('files in the database: straight to awaiting jobs, with nothing done twice', async () => {
    // Faces are grouped when all of them are there.
    await eventually('all jobs to end', 60_000, async () => (await empty.status()).jobs.running === 0);
    const before = await empty.jobs();
    await empty.stop();
    const again = await startHouse(t, { dataDir, port });
    const { coverage } = await again.until('awaiting jobs');
    assert.equal(coverage.read, 4);
    const key = (job: { id: string; runId: string }) => `${job.id} ${job.runId}`;
    const old = new Set(before.filter((job) => job.kind !== 'engine').map(key));
    assert.deepEqual(
      (await again.jobs()).filter((job) => job.kind !== 'engine' && !old.has(key(job))),
      [],
    );
  });
});

test('a port in use is refused with a clear message, before anything is started', async (t) => {
  const taken = http.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const dataDir = temporaryDir(t);
  const env = { PATH: process.env.PATH, PORT: String(port), PHOTO_ASSISTANT_DATA: dataDir };
  const { status, stderr } = spawnSync(process.execPath, [program, 'start'], { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /house\.port-in-use/);
  assert.match(stderr, new RegExp(`\\b${port}\\b`));
  assert.ok(!existsSync(path.join(dataDir, 'postgres')), 'nothing was set up');
});
