import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { modelDir } from '../faces/backend.ts';
import { scheduleNames, type ScheduleName } from '../model/job-kinds.ts';
import * as workflows from '../workflows/index.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { writeOld, writePicture } from './support/pictures.ts';

const { History } = proto.temporal.api.history.v1;
const saved = path.join(import.meta.dirname, 'histories');
const workflowBundle = { codePath: path.join(import.meta.dirname, '..', 'dist', 'workflow-bundle.js') };
/** Three people; it comes with the networks. */
const people = readFileSync(path.join(modelDir, '..', 'demo', 'sample1.jpg'));

// A job that was begun by an earlier version must be gone on with by this one. When a workflow's code is changed on
// purpose, guard the change with patched(), and add a set of histories under a name of its own, by which they are told
// apart from those that are there: SAVE_HISTORIES=name npm test -- replay
Runtime.install({ logger: new DefaultLogger('WARN') });

test('saved histories are replayed by the workflows as they are now', async (t) => {
  const { SAVE_HISTORIES: set } = process.env;
  if (set) await saveHistories(t, set);
  const kinds = new Set<string>();
  for (const file of readdirSync(saved)) {
    const history = History.decode(readFileSync(path.join(saved, file)));
    kinds.add(history.events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '');
    await t.test(file, () => Worker.runReplayHistory({ workflowBundle }, history));
  }
  assert.deepEqual([...kinds].sort(), Object.keys(workflows).sort(), 'there are histories of every kind of job');
});

/** Runs each kind of job, well and badly, paused and canceled, and keeps its history. */
async function saveHistories(t: Parameters<typeof startHouse>[0], set: string): Promise<void> {
  const photos = temporaryDir(t);
  for (const dir of ['a', 'b']) await writePicture(path.join(photos, dir, 'p.jpg'), dir === 'a' ? 'red' : 'blue');
  writeOld(path.join(photos, 'b', 'people.jpg'), people);
  const storage = temporaryDir(t);
  writeOld(path.join(storage, 'there', 'before.txt'), 'before');
  const house = await startHouse(t, { imports: [photos, '/not/there'] });
  await house.until('awaiting jobs');
  await eventually('the faces to be looked for', 120_000, async () => (await house.ended('faces/1')).endedAt !== null);
  await runFacesJobs(house);
  await runRemoval(house, photos);
  await runSorter(house, storage);

  const { temporalAddress: address, temporalNamespace: namespace } = house.house();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await runSchedules(house, client);
  mkdirSync(saved, { recursive: true });
  const numbers = new Map<string, number>();
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list()) runs.push(run);
  for (const { workflowId, runId, type, status } of runs.sort((a, b) => +a.startTime - +b.startTime)) {
    const number = (numbers.get(type) ?? 0) + 1;
    numbers.set(type, number);
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const name = `${set}-${type}-${number}-${status.name.toLowerCase()}.history`;
    writeFileSync(path.join(saved, name), History.encode(withoutTraces(history)).finish());
  }
  await connection.close();
}

/** Traces of the stack tell of the machine they were recorded on, and of nothing else. */
function withoutTraces<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if ('stackTrace' in value) value.stackTrace = '';
  for (const each of Object.values(value)) withoutTraces(each);
  return value;
}

/** One file is gone, then another, and even these are asked about. */
async function runRemoval(house: RunningHouse, photos: string): Promise<void> {
  assert.equal((await house.send('PUT', '/api/settings', { missingFiles: 0 })).status, 200);
  rmSync(path.join(photos, 'a', 'p.jpg'));
  const ask = async () => {
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'scanPath', root: 1, deep: true })).status, 202);
    await house.ended('scan/1');
    await eventually('the question', 60_000, async () => (await house.job('remove/1')).status === 'needs-approval');
  };
  await ask();
  assert.equal((await house.send('POST', '/api/jobs/remove%2F1/reject')).status, 202);
  assert.equal((await house.ended('remove/1')).status, 'completed');
  rmSync(path.join(photos, 'b', 'p.jpg'));
  await ask();
  assert.equal((await house.send('POST', '/api/jobs/remove%2F1/approve')).status, 202);
  assert.equal((await house.ended('remove/1')).status, 'completed');
}

/** A plan that nobody has approved, then it is changed, carried out while its path is away and is there, and taken back. */
async function runSorter(house: RunningHouse, storage: string): Promise<void> {
  assert.equal((await house.send('PUT', '/api/settings', { storagePaths: [storage] })).status, 200);
  const { roots } = (await house.get('/api/roots')) as { roots: { id: number; kind: string }[] };
  const root = roots.find(({ kind }) => kind === 'storage')?.id ?? 0;
  await eventually(
    'the storage path to be read',
    60_000,
    async () => (await house.job(`import/${root}`)).endedAt !== null,
  );
  const post = async (where: string, body: object = {}) => {
    const answer = await house.send('POST', where, body);
    assert.equal(answer.status, 202, `${where}: ${JSON.stringify(answer.body)}`);
    return answer.body as { id: string };
  };
  const ends = async (id: string, status: string) => assert.equal((await house.ended(id)).status, status, id);
  const plan = Number((await post('/api/plans', { root, removeEmptied: true })).id);
  await ends(`plan/${plan}`, 'completed');
  await post('/api/jobs', { kind: 'moveFiles', plan });
  await ends(`move/${plan}`, 'failed');
  await post('/api/jobs', { kind: 'planMoves', plan });
  await post('/api/jobs', { kind: 'planMoves', plan });
  await ends(`plan/${plan}`, 'completed');
  renameSync(storage, `${storage}.away`);
  await post(`/api/plans/${plan}/approve`);
  await ends(`move/${plan}`, 'failed');
  renameSync(`${storage}.away`, storage);
  await post(`/api/jobs/move%2F${plan}/again`);
  await ends(`move/${plan}`, 'completed');
  await post('/api/jobs', { kind: 'checkFiles', root });
  await ends(`check/${root}`, 'completed');
  await post(`/api/plans/${plan}/undo`);
  await ends(`undo/${plan}`, 'completed');
}

/** Each of them, one while its job runs already, and one in the quiet hours, which is paused, resumed and canceled. */
async function runSchedules(house: RunningHouse, client: Client): Promise<void> {
  const trigger = async (what: ScheduleName) => {
    const jobs = async () =>
      (await house.jobs('kind=scheduled')).filter(({ id }) => id.startsWith(`scheduled/${what}-`));
    const before = (await jobs()).length;
    await client.schedule.getHandle(what).trigger();
    return await eventually(what, 60_000, async () => {
      const now = await jobs();
      return now.length > before && now[0]?.id;
    });
  };
  for (const what of scheduleNames) assert.equal((await house.ended(await trigger(what))).status, 'completed');
  assert.equal((await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1, deep: true })).status, 202);
  assert.equal((await house.ended(await trigger('rescan'))).status, 'completed');

  const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);
  const quiet = { quietFrom: hour(-1), quietTo: hour(2) };
  assert.equal((await house.send('PUT', '/api/settings', quiet)).status, 200);
  const id = await trigger('rescan');
  const waits = () => eventually('the wait', 30_000, async () => (await house.job(id)).steps[0]?.status === 'running');
  for (const what of ['pause', 'resume', 'cancel']) {
    await waits();
    assert.equal((await house.send('POST', `/api/jobs/${encodeURIComponent(id)}/${what}`)).status, 202);
  }
  assert.equal((await house.ended(id)).status, 'canceled');
}

async function runFacesJobs(house: RunningHouse): Promise<void> {
  const run = async (job: object): Promise<string> => {
    const { body } = await house.send('POST', '/api/jobs', job);
    return (await house.ended((body as { id: string }).id)).status;
  };
  const upload = async (where: string, fields: Record<string, string> = {}): Promise<void> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('files', new Blob([new Uint8Array(people)]), 'people.jpg');
    const { status } = await fetch(house.url + where, { method: 'POST', body: form, redirect: 'manual' });
    assert.equal(status, 303, where);
  };
  await house.send('POST', '/api/people', { name: 'Marie' });
  const [file] = await house.files('q=people');
  const { faces } = (await house.get(`/api/files/${file?.id}/faces`)) as { faces: { id: number }[] };
  await house.send('POST', '/api/people/1/refimgs', { face: faces[0]?.id });
  await house.ended('identify/1');
  assert.equal(await run({ kind: 'identifyPerson', all: true }), 'completed');
  assert.equal(await run({ kind: 'identifyPerson', person: 1, dir: 3 }), 'completed');
  assert.equal(await run({ kind: 'dirChain', dir: 2 }), 'completed');
  await upload('/people/1/refimgs');
  await upload('/try/file');
  const { faceDetector, faceTiles, faceMinScore, faceMinSize, nameThreshold, namePerhaps, nameMargin } =
    (await house.get('/api/settings')) as Record<string, unknown>;
  const settings = { faceDetector, faceTiles, faceMinScore, faceMinSize, nameThreshold, namePerhaps, nameMargin };
  const fields = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  await upload('/try/faces', { ...fields, oncePerPhoto: 'true' });
  await upload('/try/faces', { ...fields, oncePerPhoto: 'true', file: String(file?.id) });
  const drawn = { box: { x: 0.4, y: 0.4, w: 0.1, h: 0.1 }, name: 'Pierre' };
  assert.equal((await house.send('POST', `/api/files/${file?.id}/faces`, drawn)).status, 200);
  const names = { names: [{ name: 'Irène', as: 'Irène' }] };
  assert.equal((await house.send('POST', '/api/people/regions', names)).status, 200);
  assert.equal(await run({ kind: 'measureDistances' }), 'completed');
  assert.equal(await run({ kind: 'groupFaces' }), 'completed');
  assert.equal(await run({ kind: 'resetFaces', forget: 'faces', rescan: true }), 'completed');
  await eventually('all jobs to have ended', 120_000, async () => (await house.status()).jobs.running === 0);

  for (const last of ['resume', 'cancel']) {
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, again: true })).status, 202);
    await house.send('POST', '/api/jobs/faces%2F1/pause');
    await eventually('the pause', 30_000, async () => (await house.job('faces/1')).status === 'paused');
    await house.send('POST', `/api/jobs/faces%2F1/${last}`);
    assert.equal((await house.ended('faces/1')).status, last === 'resume' ? 'completed' : 'canceled');
  }
}
