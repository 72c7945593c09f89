import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import Value from 'typebox/value';
import { fromBytes } from '../faces/descriptor.ts';
import { addDistances, distinctSamples, noDistances } from '../faces/distances.ts';
import { groupFaces, groupLimit, qualityOf } from '../faces/group.ts';
import { ThresholdFacts } from '../model/distances.ts';
import { FaceGroup, UnknownFaces } from '../model/face-groups.ts';
import { knownFaces, storeDistances, whatIsKnown } from '../sql/distances.ts';
import { storeGroups, unknownFaces } from '../sql/face-groups.ts';
import { sorter } from '../cli/sorter.ts';
import { addPerson } from '../sql/people.ts';
import { addFaceAsRefimg, switchRefimg } from '../sql/refimgs.ts';
import { confirmName, markFace, rejectName, unsayName } from '../sql/said.ts';
import { createApp } from '../web/app.ts';
import { quickDatabase } from './support/database.ts';
import { noJobs } from './support/no-jobs.ts';
import { emptyLibrary, type FaceLibrary } from './support/face-library.ts';

const { sql, stop } = await quickDatabase();
let app: FastifyInstance;
let started: string[];
let library: FaceLibrary;
const dir = mkdtempSync(path.join(os.tmpdir(), 'face-groups-'));

before(async () => {
  app = createApp({
    sql,
    config: {
      host: '127.0.0.1',
      port: 4800,
      publicUrl: undefined,
      trustedProxies: false,
      thumbsDir: dir,
      trialsDir: dir,
    },
    readHouse: async () => null,
    checkPath: async () => null,
    sorter,
    jobs: noJobs((job) => started.push(JSON.stringify(job))),
  });
});
after(async () => {
  await app.close();
  await stop();
  rmSync(dir, { recursive: true });
});

/** Ten pictures: two strangers in six of them, one of them and somebody else in others. */
beforeEach(async () => {
  started = [];
  library = await emptyLibrary(sql, 10);
  for (const file of [1, 2, 3, 4, 5, 6]) {
    await library.search(file, [
      { place: 1, looks: file / 100 },
      { place: 3, looks: 1 + file / 100 },
    ]);
  }
  for (const file of [7, 8]) await library.search(file, [{ place: 1, looks: 1.1 }]);
  await library.search(9, [{ place: 1, looks: 2 }]);
});

/** What the job does. */
async function group(): Promise<void> {
  const faces = (await unknownFaces(sql, 2 ** 31 - 1, 1000)).map(({ id, file, descriptor, ...looks }) => ({
    ...{ id, file, descriptor: fromBytes(descriptor) },
    ...qualityOf(looks),
  }));
  const steps = groupFaces(faces, { limit: groupLimit, oncePerPhoto: true });
  let step = steps.next();
  while (!step.done) step = steps.next();
  await storeGroups(sql, { faces: faces.length, leftOut: 0, newest: faces[0]?.id ?? 0, groups: step.value });
}

/** What the job does. */
async function measure(): Promise<void> {
  const { known } = await whatIsKnown(sql);
  const found = await knownFaces(sql, 100);
  const samples = distinctSamples(found.map((face) => ({ ...face, descriptor: fromBytes(face.descriptor) })));
  const { everybody, persons } = noDistances(samples);
  for (const i of samples.keys()) addDistances({ everybody, persons }, samples, i);
  const measured = [
    { person: null, samples: samples.length, ...everybody },
    ...[...persons].map(([person, counts]) => ({ person, samples: 1, ...counts })),
  ];
  await storeDistances(sql, { known, people: persons.size, measured });
}

const headers = { host: '127.0.0.1:4800' };
const get = async (url: string) => await app.inject({ url, headers });
const post = async (url: string, payload: object) => await app.inject({ method: 'POST', url, headers, payload });
const form = async (url: string, fields: [string, string][]) =>
  await app.inject({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
const unknown = async (query = '') => Value.Parse(UnknownFaces, (await get(`/api/people/unknown${query}`)).json());
const Told = Type.Object({
  person: Type.Union([Type.Integer(), Type.Null()]),
  faces: Type.Array(Type.Integer()),
  left: Type.Integer(),
});
const names = async (): Promise<string[]> =>
  (await library.links()).map(({ face, person, state }) => `${face} ${person} ${state}`);

test('faces without a name are in groups, the largest first; never grouped, that is said', async () => {
  const before = await unknown();
  assert.deepEqual([before.grouping, before.unknown, before.groups], [null, 15, []]);
  assert.match((await get('/people/unknown')).body, /have not been grouped by likeness yet/);
  await group();
  const { grouping, groups, total, grouped, newer } = await unknown();
  assert.deepEqual(
    groups.map((each) => each.count),
    [8, 6],
  );
  assert.deepEqual([grouping?.faces, total, grouped, newer], [15, 2, 14, 0]);
  const [first, second] = groups;
  assert.deepEqual(
    second?.faces.map((face) => face.id).toSorted((a, b) => a - b),
    [1, 3, 5, 7, 9, 11],
  );
  assert.match((await get('/people/unknown')).body, /15 faces without a name: 14 in 2 groups, 1\s+alone/);
  const page = await unknown('?limit=1');
  assert.deepEqual([page.groups.map((each) => each.id), page.total], [[first?.id], 2]);
  const rest = await unknown(`?limit=1&cursor=${page.next}`);
  assert.deepEqual(
    rest.groups.map((each) => each.id),
    [second.id],
  );
  await library.search(10, [{ place: 1, looks: 0 }]);
  assert.equal((await unknown()).newer, 1);
});

test('what has a name, was set aside, or is in a picture that is gone is not in a group', async () => {
  const person = await addPerson(sql, 'Marie');
  await confirmName(sql, 1, person);
  await markFace(sql, 3, 'not a face');
  await sql`UPDATE file SET gone_after = now(), missing_since = now() WHERE id = 3`;
  await sql`INSERT INTO file_person_link (face_id, person_id, state, perhaps) VALUES (7, ${person}, 'auto', true)`;
  await rejectName(sql, 9, person);
  await group();
  const { groups } = await unknown();
  const all = groups.flatMap((each) => each.faces.map((face) => face.id));
  for (const gone of [1, 3, 5, 6]) assert.ok(!all.includes(gone), `face ${gone}`);
  for (const still of [7, 9, 11]) assert.ok(all.includes(still), `face ${still}`);
  await confirmName(sql, 11, person);
  assert.ok(!(await unknown()).groups.some((each) => each.faces.some((face) => face.id === 11)), 'named since');
});

test('a group is named as a whole: reference images for a new person, and the person is looked for', async () => {
  await group();
  const { grouping, groups } = await unknown();
  const id = groups[0]?.id ?? 0;
  const answer = await post(`/api/people/unknown/${id}`, { do: 'confirm', name: ' Marie ', grouping: grouping?.id });
  const told = Value.Parse(Told, answer.json());
  assert.deepEqual(told, { person: 1, faces: groups[0]?.faces.map((face) => face.id), left: 0 });
  assert.deepEqual(
    await names(),
    [2, 4, 6, 8, 10, 12, 13, 14].map((face) => `${face} 1 confirmed`),
  );
  assert.equal((await sql`SELECT FROM refimg WHERE person_id = 1 AND active`).length, 5);
  assert.deepEqual(started, ['{"kind":"identifyPerson","person":1}']);
  assert.deepEqual(await library.untrue(), []);
  assert.deepEqual(
    (await unknown()).groups.map((each) => each.count),
    [6],
  );
  // Of a person who has some, reference images are a person's own choice.
  const other = groups[1]?.id ?? 0;
  await post(`/api/people/unknown/${other}`, { do: 'confirm', name: 'marie', grouping: grouping?.id });
  assert.equal((await sql`SELECT FROM refimg`).length, 5);
  assert.equal((await sql`SELECT FROM person`).length, 1);
});

test('faces that are not ticked, were rejected or got a name meanwhile keep what they have', async () => {
  const [marie, pierre] = [await addPerson(sql, 'Marie'), await addPerson(sql, 'Pierre')];
  await rejectName(sql, 3, marie);
  await group();
  const { grouping, groups } = await unknown();
  const { id = 0, faces = [] } = groups[1] ?? {};
  await confirmName(sql, 5, pierre);
  const fields: [string, string][] = [
    ['grouping', String(grouping?.id)],
    ['shown', faces.map((face) => face.id).join(',')],
    ...faces.filter((face) => face.id !== 7).map((face): [string, string] => ['face', String(face.id)]),
    ['name', 'Marie'],
    ['do', 'confirm'],
  ];
  const answer = await form(`/people/unknown/${id}`, fields);
  assert.equal(answer.headers.location, '/people/unknown?named=3&person=1&left=1');
  assert.deepEqual(await names(), [
    '1 1 confirmed',
    '3 1 rejected',
    '5 2 confirmed',
    '9 1 confirmed',
    '11 1 confirmed',
  ]);
  assert.match((await get(answer.headers.location ?? '')).body, /3 faces named/);
});

test('a group is set aside as a whole', async () => {
  await group();
  const { grouping, groups } = await unknown();
  const id = groups[1]?.id ?? 0;
  const except = [1];
  const answer = await post(`/api/people/unknown/${id}`, {
    do: 'mark',
    mark: 'ignored',
    grouping: grouping?.id,
    except,
  });
  const { person, faces } = Value.Parse(Told, answer.json());
  assert.deepEqual([person, faces.length], [null, 5]);
  const rows = await sql<{ id: number }[]>`SELECT id FROM face WHERE marked = 'ignored' ORDER BY id`;
  assert.deepEqual(
    rows.map((row) => row.id),
    [3, 5, 7, 9, 11],
  );
  assert.deepEqual([started, await library.untrue()], [[], []]);
  const gone = await get(`/api/people/unknown/${id}`);
  assert.deepEqual(Value.Parse(FaceGroup, gone.json()).count, 1);
});

test('what is said of a group as it was before is refused', async () => {
  await group();
  const { grouping, groups } = await unknown();
  await group();
  const answer = await post(`/api/people/unknown/${groups[0]?.id}`, {
    do: 'confirm',
    name: 'Marie',
    grouping: grouping?.id,
  });
  assert.equal(answer.statusCode, 400);
  const now = (await unknown()).grouping?.id;
  const all = Array.from({ length: 20 }, (_, i) => i + 1);
  const nobody = { do: 'confirm', name: 'Marie', grouping: now, except: all };
  assert.equal((await post(`/api/people/unknown/${groups[0]?.id}`, nobody)).statusCode, 400);
  const unknownPerson = { do: 'confirm', person: 99, grouping: now };
  assert.equal((await post(`/api/people/unknown/${groups[0]?.id}`, unknownPerson)).statusCode, 404);
  assert.deepEqual([await names(), (await sql`SELECT FROM person`).length], [[], 0]);
});

test('the page says when distances were never measured, or are not what they were, and looking at it starts nothing', async () => {
  const facts = async (of = '') => Value.Parse(ThresholdFacts, (await get(`/api/people${of}/thresholds`)).json());
  const [marie, pierre] = [await addPerson(sql, 'Marie'), await addPerson(sql, 'Pierre')];
  assert.match((await get('/people/thresholds')).body, /too little to compare/);
  assert.deepEqual(started, [], 'nothing is known');
  for (const face of [1, 3, 5]) await confirmName(sql, face, marie);
  for (const face of [2, 4]) await confirmName(sql, face, pierre);
  await addFaceAsRefimg(sql, marie, 1);
  assert.match((await get('/people/thresholds')).body, /not measured yet.*<button>Measure<\/button>/s);
  await measure();
  const { distances, now, threshold } = await facts();
  assert.deepEqual(
    [distances?.samples, distances?.people, distances?.outdated],
    [5, 2, false],
    'a reference image is a face once',
  );
  assert.deepEqual([distances?.same.reduce((a, b) => a + b), distances?.different.reduce((a, b) => a + b)], [4, 6]);
  assert.deepEqual(now, { threshold, precision: 1, recall: 1 });
  const page = await get('/people/thresholds');
  assert.match(page.body, /from\s+5 faces of 2 people/);
  assert.match(page.body, /<svg class="plot"[^>]*role="img"/);
  assert.equal(
    (await facts(`/${pierre}`)).distances?.same.reduce((a, b) => a + b),
    1,
  );
  assert.match((await get(`/people/${pierre}/thresholds`)).body, /<svg class="plot"/);

  for (const change of [
    () => unsayName(sql, 5, marie),
    () => confirmName(sql, 5, marie),
    () => switchRefimg(sql, 1, false),
    () => addFaceAsRefimg(sql, pierre, 6),
  ]) {
    await change();
    assert.equal((await facts()).distances?.outdated, true);
    assert.match((await get('/people/thresholds')).body, /changed since.*<button>Measure again<\/button>/s);
    await measure();
    assert.equal((await facts()).distances?.outdated, false);
  }
  assert.deepEqual(started, []);
});

test('a threshold is set for everybody and for one person', async () => {
  const marie = await addPerson(sql, 'Marie');
  const before = await form('/people/thresholds', [['threshold', '0.5']]);
  assert.equal(before.headers.location, '/people/thresholds?saved=1');
  await form(`/people/${marie}/thresholds`, [['threshold', '0.6']]);
  const of = async (url: string) => Value.Parse(ThresholdFacts, (await get(url)).json()).threshold;
  assert.deepEqual(
    [await of('/api/people/thresholds'), Math.round((await of(`/api/people/${marie}/thresholds`)) * 100)],
    [0.5, 60],
  );
  assert.match((await get('/people/thresholds?saved=1')).body, /Saved\..*Match everybody again/s);
  await form(`/people/${marie}/thresholds`, [['threshold', '']]);
  assert.equal(await of(`/api/people/${marie}/thresholds`), 0.5);
  for (const wrong of ['0.1', '0.9', 'x', '']) {
    assert.equal((await form('/people/thresholds', [['threshold', wrong]])).statusCode, 422, wrong);
  }
});
