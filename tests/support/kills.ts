import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import Value from 'typebox/value';
import { openDatabase } from '../../sql/database.ts';
import { DirsReply } from '../../web/api/schema.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './house.ts';
import { writePeopleLibrary } from './people.ts';
import { writePhotoLibrary } from './pictures.ts';
import { familyOf, parentOf } from './processes.ts';
import { facesIn, snapshot } from './snapshot.ts';

const patience = 600_000;

/** Names of parts of the house, and `scanner`, a process of the ai worker's; those of one list die at one moment. */
export type Moments = readonly (readonly string[])[];

/** What is killed while files are read, then while faces are looked for, then while they are named. */
export interface Kills {
  import: Moments;
  faces: Moments;
  identify: Moments;
}

/**
 * Reads a library, looks for its faces and names them, in two houses: in one in peace, in the other while parts of it are
 * killed at random moments. That one must come to its end by itself, with exactly the tables and thumbnails of the first.
 * @returns the house that was left in peace
 */
export async function surviveKills(
  t: TestContext,
  { dirs, kills }: { dirs: number; kills: Kills },
): Promise<RunningHouse> {
  const photos = path.join(temporaryDir(t), 'photos');
  await writePhotoLibrary(path.join(photos, 'noise'), { dirs, filesADir: 20 });
  await writePeopleLibrary(path.join(photos, 'people'));
  // Side by side: the one whose parts die spends most of its time waiting for them.
  const houses = await Promise.all([1, 2].map(() => startHouse(t, { imports: [photos] })));
  const [inPeace, inDanger] = houses as [RunningHouse, RunningHouse];
  const [undisturbed, disturbed] = await Promise.all([
    workThrough(t, inPeace, { import: [], faces: [], identify: [] }),
    workThrough(t, inDanger, kills),
  ]);
  await inDanger.stop();
  assert.deepEqual(disturbed, undisturbed);
  const { faces, names } = undisturbed;
  assert.equal(new Set(faces.map((face) => `${face.path} ${face.box}`)).size, faces.length, 'no face is there twice');
  t.diagnostic(`${faces.length} faces, ${names.length} names`);
  assert.ok(faces.length >= 60 && names.length >= 12);
  return inPeace;
}

async function workThrough(t: TestContext, house: RunningHouse, kills: Kills) {
  await killWhile(t, house, kills.import, async () => {
    const { read, files } = (await house.status()).coverage;
    return read / files;
  });
  await house.until('awaiting jobs', patience);
  await killWhile(t, house, kills.faces, () => searched(house));
  await untilQuiet(house);

  await addPeople(house);
  for (const [i, victims] of kills.identify.entries()) {
    // With another threshold there are other names.
    await identifyAll(house, i % 2 === 0 ? 0.4 : 0.6);
    await sleep(Math.random() * 500);
    await killAll(t, house, victims);
    await identified(house);
  }
  await identifyAll(house, 0.54);
  await identified(house);

  assert.deepEqual(
    (await house.jobs('status=failed')).map((job) => [job.id, job.error]),
    [],
  );
  return await snapshot(house.house().databaseUrl, path.join(house.dataDir, 'thumbs'));
}

/** Spreads the moments over the whole of some work, `progress` of which goes from 0 to 1, none at a time known beforehand. */
async function killWhile(t: TestContext, house: RunningHouse, moments: Moments, progress: () => Promise<number>) {
  for (const [i, victims] of moments.entries()) {
    const after = (i / moments.length) * 0.9;
    await eventually(`work after ${i} kills`, patience, async () => (await progress()) > after);
    await sleep(Math.random() * 2_000);
    await killAll(t, house, victims);
  }
}

/** Kills some parts of the house at one moment. */
export async function killAll(t: TestContext, house: RunningHouse, victims: readonly string[]): Promise<void> {
  for (const name of victims) {
    const pid = await eventually(`a running ${name}`, 120_000, () => Promise.resolve(runningPid(house, name)));
    const helpers = name === 'ai' ? scannersOf(pid) : [];
    process.kill(pid, 'SIGKILL');
    t.diagnostic(`killed ${name}`);
    await eventually('its scanners to end', 30_000, () => Promise.resolve(helpers.every((each) => !parentOf(each))));
  }
}

function runningPid(house: RunningHouse, name: string): number | undefined {
  const part = house.house().parts.find((each) => each.name === (name === 'scanner' ? 'ai' : name));
  if (part?.status !== 'running' || part.pid === null) return undefined;
  return name === 'scanner' ? scannersOf(part.pid)[0] : part.pid;
}

/** Elsewhere than on Linux the worker stands for its scanners. */
const scannersOf = (pid: number): number[] => (process.platform === 'linux' ? familyOf(pid).slice(1) : [pid]);

/** The share of the pictures in which faces were looked for. */
async function searched(house: RunningHouse): Promise<number> {
  const { dirs } = Value.Parse(DirsReply, await house.get('/api/dirs?limit=200'));
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
  return sum(dirs.map((dir) => dir.numSearched)) / sum(dirs.map((dir) => dir.numPictures));
}

const untilQuiet = (house: RunningHouse) =>
  eventually('all jobs to have ended', patience, async () => (await house.status()).jobs.running === 0);

/** Six persons, each with a face of the first pictures as reference image. */
async function addPeople(house: RunningHouse): Promise<void> {
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  const faces = await facesIn(sql).finally(() => sql.end());
  for (const [i, face] of faces.slice(0, 6).entries()) {
    await ask(house, 'POST', '/api/people', { name: `Person ${i}` });
    await ask(house, 'POST', `/api/people/${i + 1}/refimgs`, { face: face.id });
    await house.ended(`identify/${i + 1}`, patience);
  }
}

async function identifyAll(house: RunningHouse, nameThreshold: number): Promise<void> {
  await ask(house, 'PUT', '/api/settings', { nameThreshold });
  await ask(house, 'POST', '/api/jobs', { kind: 'identifyPerson', all: true });
}

async function identified(house: RunningHouse): Promise<void> {
  assert.equal((await house.ended('identify/all', patience)).status, 'completed');
  await untilQuiet(house);
}

async function ask(house: RunningHouse, method: 'POST' | 'PUT', where: string, said: unknown): Promise<void> {
  const { status, body } = await house.send(method, where, said);
  assert.ok(status < 300, `${where}: ${JSON.stringify(body)}`);
}
