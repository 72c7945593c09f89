import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, startHouse, temporaryDir } from './support/house.ts';
import { writePicture } from './support/pictures.ts';

// The case the product was designed from: three import paths, and the second does not exist.
test('a path that does not exist fails alone, what waits for it is auto-failed, and running it again succeeds', async (t) => {
  const base = temporaryDir(t);
  const [first, second, third] = ['one', 'two', 'three'].map((name) => path.join(base, name)) as [
    string,
    string,
    string,
  ];
  for (let i = 0; i < 5; i++) await writePicture(path.join(first, `a${i}.jpg`), `rgb(${i * 40}, 20, 90)`);
  for (let i = 0; i < 3; i++) await writePicture(path.join(third, 'deep', `c${i}.jpg`), `rgb(20, ${i * 40}, 10)`);
  const house = await startHouse(t, { imports: [first, second, third] });
  const { coverage, jobs } = await house.until('awaiting jobs');

  await t.test('jobs 1 and 3 succeed with their num_files, job 2 fails with the reason', async () => {
    const scans = await Promise.all([1, 2, 3].map((root) => house.job(`scan/${root}`)));
    assert.deepEqual(
      scans.map((job) => [job.status, job.result?.num_files ?? null]),
      [
        ['completed', 5],
        ['failed', null],
        ['completed', 3],
      ],
    );
    const failed = await house.job('scan/2');
    assert.equal(failed.error?.code, 'root.missing');
    assert.match(failed.error.message, /two/);
    assert.deepEqual(
      failed.steps.map((step) => [step.name, step.status]),
      [['scan', 'failed']],
    );
  });

  await t.test('the work waiting on 1 and 3 runs; the work waiting on 2 is auto-failed, naming it', async () => {
    assert.equal((await house.job('import/1')).status, 'completed');
    assert.equal((await house.job('import/3')).status, 'completed');
    const waiting = await house.job('import/2');
    assert.equal(waiting.status, 'failed');
    assert.equal(waiting.error?.code, 'job.auto-failed');
    assert.equal(waiting.autoFailedBy, 'scan/2');
    assert.deepEqual(waiting.waitsFor, ['scan/2']);
    assert.ok(waiting.steps.every((step) => step.status === 'auto-failed'));
    assert.deepEqual(coverage, { ...coverage, files: 8, read: 8, failed: 0 });
    assert.equal(jobs.failed, 2);
  });

  await t.test('the page of the failed job names the reason and what was auto-failed because of it', async () => {
    const page = await (await fetch(`${house.url}/jobs/job/${encodeURIComponent('scan/2')}`)).text();
    assert.match(page, /does not exist or is not mounted/);
    assert.match(page, /import\/2|Import .*two/);
    assert.match(page, /Run again/);
    const chain = (await house.jobs('kind=dirChain')).find((job) => job.progress.total === 5);
    const log = await house.get(`/api/jobs/${encodeURIComponent(chain?.id ?? '')}/log`);
    assert.match(JSON.stringify(log), /read \d+ files/);
    assert.match(JSON.stringify(await house.get('/api/jobs/scan%2F2/log')), /root\.missing/);
    assert.match(JSON.stringify(await house.get('/api/jobs/import%2F2/log')), /job\.auto-failed/);
  });

  await t.test('once the path exists, running it again scans it and does what waited for it', async () => {
    mkdirSync(second);
    await writePicture(path.join(second, 'b.jpg'), 'rgb(1, 200, 3)');
    const { status } = await house.send('POST', `/api/jobs/${encodeURIComponent('scan/2')}/again`);
    assert.equal(status, 202);
    await eventually('all 9 files to be read', 60_000, async () => (await house.status()).coverage.read === 9);
    const again = await eventually('scan/2 to be completed', 30_000, async () => {
      const job = await house.job('scan/2');
      return job.status === 'completed' && job;
    });
    assert.equal(again.result?.num_files, 1);
    assert.equal((await house.ended('import/2')).status, 'completed');
    await eventually('no failed job', 30_000, async () => (await house.status()).jobs.failed === 0);
  });
});
