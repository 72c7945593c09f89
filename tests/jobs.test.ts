import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { findTemporal } from '../engine/supervisor/temporal.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { writeOld, writePicture } from './support/pictures.ts';

const run = promisify(execFile);
const at = (id: string, action = '') => `/api/jobs/${encodeURIComponent(id)}${action}`;

test('jobs are started from anywhere, paused, resumed and canceled', async (t) => {
  const photos = temporaryDir(t);
  // Large enough that an import of them can be paused in the middle; what follows a JPEG's end makes each one's bytes its own.
  const large = await sharp({ create: { width: 5000, height: 4000, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();
  for (let d = 0; d < 6; d++) {
    for (let f = 0; f < 10; f++)
      writeOld(path.join(photos, `d${d}`, `f${f}.jpg`), Buffer.concat([large, Buffer.from(`${d} ${f}`)]));
  }
  const house = await startHouse(t, { imports: [photos], faces: false });

  // A dir's chain is told of both together, before its work has stopped.
  const chain = await eventually('a dir that is read', 60_000, async () => {
    const [running] = await house.jobs('kind=dirChain&status=running');
    return running;
  });
  const engine = house.house().parts.find(({ name }) => name === 'engine')?.pid;
  assert.ok(engine);
  process.kill(engine, 'SIGSTOP');
  for (const action of ['/pause', '/resume'])
    assert.equal((await house.send('POST', at(chain.id, action))).status, 202);
  process.kill(engine, 'SIGCONT');

  await t.test('paused, an import stops and says so; resumed, it goes on to its end', async () => {
    await eventually('the import to begin', 60_000, async () => (await house.status()).coverage.read > 0);
    // However long it takes to ask for the pause, no picture is read meanwhile.
    const io = house.house().parts.find(({ name }) => name === 'io')?.pid;
    assert.ok(io);
    process.kill(io, 'SIGSTOP');
    assert.equal((await house.send('POST', at('import/1', '/pause'))).status < 300, true);
    const paused = await eventually('the pause', 30_000, async () => {
      const job = await house.job('import/1');
      return job.status === 'paused' && job;
    });
    process.kill(io, 'SIGCONT');
    assert.equal(paused.endedAt, null);
    assert.ok((await house.jobs('status=paused')).some((job) => job.id === 'import/1'));
    await eventually('the work in hand to stop', 30_000, async () => {
      const before = (await house.status()).coverage.read;
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      return (await house.status()).coverage.read === before;
    });
    const { read } = (await house.status()).coverage;
    assert.ok(read < 60, `${read} files were read before the pause`);
    await house.send('POST', at('import/1', '/resume'));
    assert.equal((await house.ended('import/1')).status, 'completed');
    assert.equal((await house.status()).coverage.read, 60);
  });

  await t.test('resumed before its work had stopped, a job has gone on', async () => {
    assert.equal((await house.job(chain.id)).status, 'completed');
  });

  await t.test('progress, log and steps are told', async () => {
    const job = await house.job('dir/2');
    assert.deepEqual(
      job.steps.map((step) => [step.name, step.status, step.files.done]),
      [
        ['scan', 'done', 10],
        ['thumbs', 'done', 10],
      ],
    );
    assert.deepEqual([job.progress.done, job.progress.total], [10, 10]);
    assert.equal(job.parent, 'import/1');
    assert.match(JSON.stringify(await house.get(at('dir/2', '/log'))), /read \d+ files/);
    assert.match(job.temporalUrl ?? '', /^http:\/\/127\.0\.0\.1/);
  });

  await t.test('a chain started from a shell looks like any other, and has its page', async () => {
    const before = (await house.job('dir/3')).runId;
    await fromShell(house, 'start', 'dirChain', 'dir/3', { dir: 3 });
    const job = await house.ended('dir/3');
    assert.notEqual(job.runId, before);
    assert.deepEqual([job.kind, job.dir, job.status], ['dirChain', 3, 'completed']);
    assert.ok((await house.jobs('kind=dirChain')).some((each) => each.runId === job.runId));
    assert.match(await (await fetch(`${house.url}/jobs/job/${encodeURIComponent('dir/3')}`)).text(), /thumbs/);
  });

  await t.test('a job that has ended can not be canceled; one that never was is unknown', async () => {
    const ended = await house.send('POST', at('dir/3', '/cancel'));
    assert.equal(ended.status, 409);
    assert.match(JSON.stringify(ended.body), /job\.not-running/);
    assert.equal((await house.send('POST', at('dir/999', '/again'))).status, 404);
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'dirChain', dir: 999 })).status, 404);
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'everything' })).status, 400);
  });

  await t.test('an import waits for other work on a dir, and then reads it', async () => {
    await fromShell(
      house,
      'signal-with-start',
      'dirChain',
      'dir/2',
      { dir: 2, from: 'faces' },
      '--signal-name',
      'pause',
    );
    await eventually('the pause', 30_000, async () => (await house.job('dir/2')).status === 'paused');
    await writePicture(path.join(photos, 'd0', 'new.jpg'), 'rgb(7,8,9)');
    await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
    await eventually('the new file to be found', 30_000, async () => (await house.status()).coverage.files === 61);
    assert.equal((await house.job('import/1')).endedAt, null);
    await house.send('POST', at('dir/2', '/resume'));
    assert.equal((await house.ended('import/1')).status, 'completed');
    assert.equal((await house.status()).coverage.read, 61);
  });

  await t.test('canceled, a scan says so', async () => {
    // Paused first, so that it is there to be canceled however quick it is.
    await fromShell(house, 'signal-with-start', 'scanPath', 'scan/1', { root: 1 }, '--signal-name', 'pause');
    await eventually('the pause', 30_000, async () => (await house.job('scan/1')).status === 'paused');
    await house.send('POST', at('scan/1', '/cancel'));
    assert.equal((await house.ended('scan/1')).status, 'canceled');
  });
});

/** Has Temporal's own command line start a workflow, as people do who know nothing else of the house. */
async function fromShell(
  house: RunningHouse,
  how: 'start' | 'signal-with-start',
  type: string,
  id: string,
  input: object,
  ...more: string[]
): Promise<void> {
  const { temporalAddress, temporalNamespace } = house.house();
  const temporal = findTemporal();
  assert.ok(temporal, 'the Temporal command line');
  const where = ['--address', temporalAddress, '--namespace', temporalNamespace];
  const what = ['--type', type, '--task-queue', 'engine', '--workflow-id', id, '--input', JSON.stringify(input)];
  await run(temporal, ['workflow', how, ...what, ...where, ...more]);
}

test('while Temporal is down a click gets a clear answer, and nothing is lost when it is back', async (t) => {
  const photos = temporaryDir(t);
  await writePicture(path.join(photos, 'a.jpg'), 'rgb(1,2,3)');
  const house = await startHouse(t, { imports: [photos], faces: false });
  await house.until('awaiting jobs');
  const temporal = house.house().parts.find((part) => part.name === 'temporal');
  assert.ok(temporal?.pid);
  process.kill(temporal.pid, 'SIGSTOP');
  try {
    const { status, body } = await house.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 });
    assert.equal(status, 503);
    assert.match(JSON.stringify(body), /temporal\.unavailable/);
    const page = await fetch(`${house.url}/jobs`, { signal: AbortSignal.timeout(20_000) });
    assert.match(await page.text(), /does not answer/);
    assert.equal((await fetch(`${house.url}/healthz`)).status, 200);
    assert.equal((await fetch(`${house.url}/readyz`)).status, 503);
  } finally {
    process.kill(temporal.pid, 'SIGCONT');
  }
  await eventually(
    'the click to be taken',
    60_000,
    async () => (await house.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 })).status === 202,
  );
  assert.equal((await house.ended('scan/1')).status, 'completed');
});
