import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { eventually } from './support/house.ts';
import { startJobServer, untilTold, type JobServer } from './support/job-server.ts';

const patience = 60_000;
const found = { dirs: 1, changedDirs: 1, numFiles: 1, failedDirs: 0 };
const roots = [1, 2].map((id) => ({ id, kind: 'import' as const, path: `/photos/${id}` }));
const dirs = [1, 2].map((id) => ({ id, path: `/photos/1/${id}`, unread: false }));

let jobs: JobServer;
before(async () => {
  jobs = await startJobServer();
});
after(() => jobs.stop());

test('a scan that is canceled alone: the others go on, and it counts as not done', async () => {
  jobs.does({
    readStartUpFacts: () => Promise.resolve({ roots, anyFile: true }),
    scanRoot: ({ root }) => (root === 1 ? untilTold<typeof found>().wait() : Promise.resolve(found)),
  });
  await jobs.start('findFiles', 'find', {});
  await jobs.begun('scanRoot', 2);
  await jobs.latest('scan/1').cancel();
  assert.equal(await jobs.end('find'), 'COMPLETED');
  const [first, second] = (await jobs.latest('find').result()) as { ok: boolean; code?: string }[];
  assert.deepEqual([first?.ok, first?.code, second?.ok], [false, 'job.canceled', true]);
});

test('a scan that is canceled while an import waits for it: the import says that it did not run because of that', async () => {
  jobs.does({ scanRoot: () => untilTold<typeof found>().wait() });
  await jobs.start('importPath', 'import/1', { root: 1 });
  await jobs.begun('scanRoot');
  await jobs.latest('scan/1').cancel();
  assert.equal(await jobs.end('import/1'), 'FAILED');
  assert.deepEqual((await jobs.memo('import/1'))?.error, {
    code: 'job.auto-failed',
    message: 'Not run, because it waits for scan/1, which was canceled',
  });
});

test('the chain of a dir that is canceled alone: the import goes on, and counts it', async () => {
  jobs.does({
    nextDirs: () => Promise.resolve({ dirs, window: 1 }),
    thumbs: ({ dir }) => (dir === 1 ? untilTold<never>().wait() : Promise.resolve({ read: 1, unsettled: 0 })),
    nextFacesDirs: () => Promise.resolve([]),
  });
  const scanned = { root: 1, ok: true, result: found };
  await jobs.start('importPath', 'import/1', { root: 1, scanned });
  await jobs.begun('thumbs');
  await jobs.latest('dir/1').cancel();
  assert.equal(await jobs.end('import/1'), 'COMPLETED');
  assert.deepEqual(jobs.given('tellImportDone'), [{ chains: 2, failedChains: 1 }]);
  assert.deepEqual([await jobs.end('dir/1'), await jobs.end('dir/2')], ['CANCELLED', 'COMPLETED']);
});

test('a path that goes away in the middle fails its import once, and not each of its dirs', async () => {
  jobs.does({
    nextDirs: () => Promise.resolve({ dirs, window: 1 }),
    thumbs: () => Promise.reject(ApplicationFailure.nonRetryable('/photos/1 is not there.', 'root.missing')),
    nextFacesDirs: () => Promise.resolve([]),
  });
  await jobs.start('importPath', 'import/1', { root: 1, scanned: { root: 1, ok: true, result: found } });
  assert.equal(await jobs.end('import/1'), 'FAILED');
  const memo = await jobs.memo('import/1');
  assert.deepEqual(memo?.error, { code: 'root.missing', message: '/photos/1 is not there.' });
  assert.deepEqual(memo.chains, { done: 1, failed: 1 });
  assert.equal(jobs.given('thumbs').length, 1);
});

test('an import that is canceled is so with its chains', async () => {
  jobs.does({
    nextDirs: () => Promise.resolve({ dirs, window: 1 }),
    thumbs: () => untilTold<never>().wait(),
  });
  await jobs.start('importPath', 'import/1', { root: 1, scanned: { root: 1, ok: true, result: found } });
  await jobs.begun('thumbs');
  await jobs.latest('import/1').cancel();
  assert.equal(await jobs.end('import/1'), 'CANCELLED');
  assert.equal(await jobs.end('dir/1'), 'CANCELLED');
  assert.equal(jobs.given('thumbs').length, 1);
});

test('what takes long on the way is not begun anew while its worker is alive', async () => {
  const answer = untilTold<{ dirs: never[]; window: number }>();
  jobs.does({ nextDirs: () => answer.wait(), nextFacesDirs: () => Promise.resolve([]) });
  const running = await jobs.start('importPath', 'import/1', {
    root: 1,
    scanned: { root: 1, ok: true, result: found },
  });
  await jobs.begun('nextDirs');
  await eventually('the worker to be heard of', patience, async () => {
    const [asked] = (await running.describe()).raw.pendingActivities ?? [];
    return Boolean(asked?.lastHeartbeatTime);
  });
  answer.done({ dirs: [], window: 1 });
  assert.equal(await jobs.end('import/1'), 'COMPLETED');
});

test('what a scan for faces began with is not asked again where it goes on', async () => {
  jobs.does({ nextFacesDirs: () => Promise.resolve([]) });
  const rescan = { before: 7, outdated: false, total: 400 };
  const cursor = { afterDir: 200, chains: 200, failedChains: 0 };
  await jobs.start('facesOfPath', 'faces/1', { root: 1, again: true, before: 7, rescan, cursor });
  assert.equal(await jobs.end('faces/1'), 'COMPLETED');
  assert.deepEqual(jobs.given('beginRescan'), []);
  assert.deepEqual((await jobs.memo('faces/1'))?.rescan, rescan);
});

test('a pause that comes while a child is being started reaches it', async () => {
  const scan = untilTold<typeof found>();
  jobs.does({
    scanRoot: () => scan.wait(),
    nextDirs: () => Promise.resolve({ dirs: [], window: 1 }),
    nextFacesDirs: () => Promise.resolve([]),
  });
  await jobs.startWith('pause', 'importPath', 'import/1', { root: 1 });
  await eventually('the scan to be paused', patience, async () => (await jobs.memo('scan/1'))?.paused);
  await jobs.latest('import/1').signal('resume');
  scan.done(found);
  assert.equal(await jobs.end('import/1'), 'COMPLETED');
  assert.equal(await jobs.end('scan/1'), 'COMPLETED');
});

test('a pause that comes with the end of the work in hand is kept where a job goes on as a new run', async () => {
  const first = untilTold<{ names: number; changed: number }>();
  jobs.does({ dirsWithFaces: () => Promise.resolve([1]), identify: () => first.wait() });
  await jobs.start('identifyPerson', 'identify/all', {});
  await jobs.begun('identify');
  const job = jobs.latest('identify/all');
  await job.signal('identify', { all: true });
  await jobs.unheard(async () => {
    first.done({ names: 0, changed: 0 });
    await eventually(
      'the work to be done',
      patience,
      async () => !(await job.describe()).raw.pendingActivities?.length,
    );
    await job.signal('pause');
  });
  await eventually('the pause', patience, async () => (await jobs.memo('identify/all'))?.paused);
  await job.signal('resume');
  assert.equal(await jobs.end('identify/all'), 'COMPLETED');
  assert.deepEqual(jobs.given('identify'), [
    { dirs: [1], all: false },
    { dirs: [1], all: true },
  ]);
});

test('faces that are asked for again while they are looked for are looked for afterwards, in what settings have changed since', async () => {
  const first = untilTold<{ searched: number; larger: number }>();
  jobs.does({
    beginRescan: ({ outdated, before = 7 }) => Promise.resolve({ before, outdated, total: 1 }),
    nextFacesDirs: () => Promise.resolve(dirs.slice(0, 1)),
    faces: () => first.wait(),
  });
  await jobs.start('facesOfPath', 'faces/1', { root: 1, again: true, ask: 'its own' });
  await jobs.begun('faces');
  for (const ask of ['its own', 'another']) await jobs.latest('faces/1').signal('facesAgain', { again: true, ask });
  first.done({ searched: 1, larger: 0 });
  assert.equal(await jobs.end('faces/1'), 'COMPLETED');
  const ofThePath = jobs.given('nextFacesDirs') as { rescan?: { outdated: boolean } }[];
  assert.deepEqual(
    ofThePath.map(({ rescan }) => rescan?.outdated),
    [false, true],
  );
});

test('new pictures are not passed by a search for faces that runs: an import and a reset tell it', async () => {
  for (const tell of [
    () => jobs.start('importPath', 'import/1', { root: 1, scanned: { root: 1, ok: true, result: found } }),
    () => jobs.start('resetFaces', 'reset-faces/all', { forget: 'faces', rescan: true }),
  ]) {
    const first = untilTold<{ searched: number; larger: number }>();
    jobs.does({
      readStartUpFacts: () => Promise.resolve({ roots: roots.slice(0, 1), anyFile: true }),
      nextDirs: () => Promise.resolve({ dirs: [], window: 1 }),
      nextFacesDirs: () => Promise.resolve(dirs.slice(0, 1)),
      dirsToReset: () => Promise.resolve([]),
      faces: () => first.wait(),
    });
    await jobs.start('facesOfPath', 'faces/1', { root: 1 });
    await jobs.begun('faces');
    const { workflowId } = await tell();
    assert.equal(await jobs.end(workflowId), 'COMPLETED');
    first.done({ searched: 1, larger: 0 });
    assert.equal(await jobs.end('faces/1'), 'COMPLETED');
    assert.equal(jobs.given('faces').length, 2);
  }
});

test('a person with new reference images is looked for once more where that is being done', async () => {
  const first = untilTold<{ names: number; changed: number }>();
  jobs.does({
    findReferences: () => Promise.resolve({ persons: [3] } as never),
    dirsWithFaces: () => Promise.resolve([1]),
    identify: () => first.wait(),
  });
  await jobs.start('identifyPerson', 'identify/3', { person: 3 });
  await jobs.begun('identify');
  await jobs.start('addRefimgs', 'refimgs/1', { trial: '1', person: 3 });
  assert.equal(await jobs.end('refimgs/1'), 'COMPLETED');
  first.done({ names: 0, changed: 0 });
  assert.equal(await jobs.end('identify/3'), 'COMPLETED');
  assert.equal(jobs.given('identify').length, 2);
});

test('faces of one dir that were forgotten are looked for when its chain is done', async () => {
  const first = untilTold<{ searched: number; larger: number }>();
  jobs.does({
    faces: () => first.wait(),
    waitForJob: async ({ id }) => {
      await first.wait();
      await jobs.end(id);
    },
  });
  await jobs.start('dirChain', 'dir/1', { dir: 1, from: 'faces' });
  await jobs.begun('faces');
  await jobs.start('resetFaces', 'reset-faces/1', { dir: 1, forget: 'faces', rescan: true });
  await jobs.begun('waitForJob');
  first.done({ searched: 1, larger: 0 });
  assert.equal(await jobs.end('reset-faces/1'), 'COMPLETED');
  assert.equal(await jobs.end('dir/1'), 'COMPLETED');
  assert.equal(jobs.given('faces').length, 2);
});

test('what is forgotten is looked for anew where who looked for it has ended before it could be told', async () => {
  const first = untilTold<{ names: number; changed: number }>();
  jobs.does({
    dirsWithFaces: () => Promise.resolve([1]),
    dirsToReset: () => Promise.resolve([]),
    identify: () => first.wait(),
  });
  await jobs.start('identifyPerson', 'identify/all', {});
  await jobs.begun('identify');
  await jobs.deafen('identify/all');
  await jobs.start('resetFaces', 'reset-faces/all', { forget: 'names', rescan: true });
  await jobs.unheeded('reset-faces/all');
  first.done({ names: 0, changed: 0 });
  assert.equal(await jobs.end('reset-faces/all'), 'COMPLETED');
  assert.equal(await jobs.end('identify/all'), 'COMPLETED');
  assert.deepEqual(jobs.given('identify'), [
    { dirs: [1], all: false },
    { dirs: [1], all: true },
  ]);
});

test('files that are gone are asked about where the removal of others has ended before it could be told', async () => {
  const removing = untilTold<void>();
  jobs.does({ removeMissing: () => removing.wait(), scanRoot: () => Promise.resolve({ ...found, held: 9 }) });
  await jobs.start('removeMissing', 'remove/1', { root: 1 });
  await jobs.begun('removeMissing');
  await jobs.deafen('remove/1');
  await jobs.start('scanPath', 'scan/1', { root: 1 });
  await jobs.unheeded('scan/1');
  removing.done();
  assert.equal(await jobs.end('scan/1'), 'COMPLETED');
  assert.equal(await jobs.end('remove/1'), 'COMPLETED');
  assert.equal(jobs.given('heldFiles').length, 2);
});

test('what is scheduled acts at once when settings are saved in the quiet hours', async () => {
  let minutes = 600;
  jobs.does({
    quietMinutes: () => Promise.resolve(minutes),
    readStartUpFacts: () => Promise.resolve({ roots: [], anyFile: true }),
  });
  await jobs.start('scheduled', 'scheduled/rescan-now', { what: 'rescan' });
  await jobs.begun('quietMinutes');
  minutes = 0;
  await jobs.latest('scheduled/rescan-now').signal('settingsSaved');
  assert.equal(await jobs.end('scheduled/rescan-now'), 'COMPLETED');
});
