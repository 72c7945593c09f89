import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../model/errors.ts';
import { distanceBins, ThresholdFacts, type Distances } from '../model/distances.ts';
import { FaceGroup, UnknownFaces } from '../model/face-groups.ts';
import { Job } from '../model/job.ts';
import type { Move, Plan } from '../model/move-plan.ts';
import type { Dir } from '../model/library.ts';
import type { Face, Person, Refimg } from '../model/people.ts';
import type { Settings } from '../model/settings.ts';
import { SortingRules } from '../model/sorting.ts';
import { openAccess } from '../tests/support/open-access.ts';
import { fileDetails, photoFile } from '../tests/support/photo-file.ts';
import { MovesReply, PlannedDirsReply, PlanReply, PlansReply } from './api/plan-routes.ts';
import * as reply from './api/schema.ts';
import { buildApp } from './app.ts';
import type { WebDeps } from './deps.ts';

const hostile = '\u202Egpj.</title><script>alert(1)</script>"\'&' + 'x'.repeat(200);
const at = '2025-06-14T10:00:00.000Z';
const config = { host: '127.0.0.1', port: 4800, publicUrl: undefined, trustedProxies: false } as const;

const place = { town: hostile, region: hostile, country: hostile };
const photo = photoFile({
  name: hostile,
  nameBytes: Buffer.from(hostile).toString('base64'),
  path: `/photos/${hostile}`,
  mtime: at,
  hash: 'ab'.repeat(32),
  thumb: true,
  thumbhash: '"><script>',
  width: 40,
  height: 30,
  orientation: 1,
  takenAt: '2025-06-14T12:00:00',
  takenOffset: 120,
  takenZone: hostile,
  takenSource: hostile,
  takenCertainty: 'certain',
  camera: hostile,
  latitude: 1,
  longitude: 2,
  place: { ...place, metres: 1200 },
  format: hostile,
  title: hostile,
  description: hostile,
  rating: 4,
  tags: [hostile],
  parts: ['raw'],
  readAt: at,
  error: { step: 'thumbs', code: 'decode.failed', message: hostile },
});
const details = fileDetails({
  passedDates: [{ source: hostile, value: hostile, why: hostile }],
  people: [hostile],
  regions: [{ name: hostile, type: 'face', left: 0.1, top: 0.1, width: 0.2, height: 0.2 }],
  codecs: [hostile],
  decoder: hostile,
  decodeMs: 12,
  warnings: [hostile],
  metadata: { [hostile]: hostile },
});
const dir: Dir = {
  id: 1,
  root: 1,
  pathPrefix: hostile,
  path: `/photos/${hostile}`,
  numFiles: 1,
  numRead: 1,
  numFailed: 1,
  numPictures: 1,
  numSearched: 1,
  numFacesFailed: 0,
  mtime: at,
  lastScan: at,
  error: { code: 'dir.unreadable', message: hostile },
};
const job: Job = {
  id: 'scan/2',
  runId: 'r',
  kind: 'scanPath',
  title: `Scan ${hostile}`,
  status: 'failed',
  startedAt: at,
  endedAt: at,
  error: { code: 'root.missing', message: hostile },
  waitsFor: ['scan/1'],
  waitsBecause: hostile,
  autoFailedBy: null,
  parent: null,
  root: 2,
  dir: null,
  person: null,
  plan: null,
  steps: [{ name: 'scan', status: 'failed', files: { total: 0, done: 0, failed: 0 } }],
  progress: { done: 0, total: null, perSecond: null, secondsLeft: null },
  result: null,
  failedIn: null,
  asks: null,
  temporalUrl: null,
};
const person: Person = {
  id: 1,
  name: hostile,
  threshold: null,
  hidden: false,
  ...{ refimgs: 1, activeRefimgs: 1, faces: 2, confirmed: 1, perhaps: 1, cover: 1 },
};
const scan = { at, version: hostile, model: hostile, settings: { [hostile]: hostile } };
const face: Face = {
  id: 1,
  file: 1,
  ...{ x: 0.1, y: 0.1, w: 0.2, h: 0.3, size: 80, score: 0.9, sharpness: 8, cut: false, byHand: false, marked: null },
  name: {
    person,
    state: 'auto',
    ...{ perhaps: true, distance: 0.5, threshold: 0.54, refimg: 1, at, scan },
    runnerUp: { person, distance: 0.6 },
  },
  rejected: [person],
  near: [{ person, refimg: 1, distance: 0.5 }],
  scan,
};
const refimg: Refimg = {
  ...{ id: 1, person: 1, face: 1, file: 1, title: hostile, size: 80, sharpness: 8 },
  ...{ foundBy: 'assumed', quality: ['no face found'], active: true, matches: 2, alone: 1 },
};
const reset = { pictures: 2, faces: 3, facesKept: 1, auto: 2, confirmed: 1, rejected: 0, marked: 0 };
const measured: Distances = {
  ...{ at, samples: 4, people: 2, outdated: false },
  same: Array.from({ length: distanceBins }, (_, i) => (i === 40 ? 3 : 0)),
  different: Array.from({ length: distanceBins }, (_, i) => (i === 70 ? 5 : 0)),
};
const group: FaceGroup = {
  id: 1,
  count: 50,
  faces: [
    { id: 1, file: 1 },
    { id: 2, file: 1 },
  ],
};
const plan: Plan = {
  ...{
    id: 3,
    state: 'draft',
    changes: 7,
    path: hostile,
    pattern: hostile,
    madeAt: at,
    approvedAt: null,
    endedAt: null,
  },
  wanted: { root: 2, to: hostile, files: [1], from: '2021-01-01', onTaken: 'leave' },
  ledger: { found: 4, planned: 1, moved: 0, skipped: 2, duplicates: 1, failed: 0, undone: 0 },
  ...{ bytes: 5_600_000_000, wantedBack: 0 },
};
const move: Move = {
  ...{ id: 1, unit: 1, file: 1, isLead: true, thumb: 'ab'.repeat(32), from: hostile, to: hostile, size: 812 },
  ...{ state: 'planned', notes: ['uncertain date', 'name taken'], leftBecause: null, forGood: false, error: null },
  why: {
    date: { local: '2025-06-14T12:00:00', source: hostile, certainty: 'uncertain' },
    used: [{ token: 'town', text: hostile, from: 'town' }],
    rule: 0,
  },
};
const moves: Move[] = [
  move,
  { ...move, id: 2, isLead: false, thumb: null, notes: [], why: null },
  { ...move, id: 3, unit: 3, file: null, state: 'left', leftBecause: 'duplicate', forGood: true },
  { ...move, id: 4, unit: 4, state: 'failed', error: { code: 'move.no-room', message: hostile } },
];
const plannedDir = {
  ...{ path: hostile, key: Buffer.from('2021').toString('base64'), files: 4, bytes: 900, noted: 2, left: 1 },
  ...{ own: 4, hasDirs: true },
};
const tried = {
  ...{ id: 1, path: hostile, thumb: 'ab'.repeat(32), fname: 'a.jpg', type: 'image' as const, dir: 'DCIM' },
  taken: { local: '2025-06-14T12:00:00', source: hostile, certainty: 'likely' as const },
  ...{ camera: null, town: hostile, region: null, country: null, title: null },
};
const line = { id: 7, at, job: 'scan/2', dir: null, file: 1, level: 'error' as const, text: hostile };
const thumbsDir = mkdtempSync(path.join(os.tmpdir(), 'web-test-'));
after(() => rmSync(thumbsDir, { recursive: true }));

const faceSettings = {
  ...({
    lookForFaces: true,
    faceDetector: 'combined',
    faceTiles: 'as needed',
    faceMinScore: 0.25,
    faceMinSize: 16,
  } as const),
  ...{ nameThreshold: 0.54, namePerhaps: 0.06, nameMargin: 0, oncePerPhoto: true },
};

const missingSettings = { missingDays: 30, missingShare: 10, missingFiles: 500, junk: ['Thumbs.db'], checkShare: 1 };

const ownAccord = {
  ...{ watchImports: true, settleSeconds: 10, rescanHours: 24 },
  ...{ nightlyAt: '03:00', quietFrom: '', quietTo: '' },
};

const outside = {
  ...{ cpuShare: 100, diskRate: 0, pauseOnBattery: false, pauseAboveLoad: 0, diskFrom: '', diskTo: '' },
  ...{ notifyUrl: '', notifyFailures: true, notifyApprovals: true, notifyImports: true },
};

/** A house in which everything is as given, and what was asked of it. */
function fakeHouse(
  changes: { jobs?: Partial<WebDeps['jobs']>; library?: Partial<WebDeps['library']>; deps?: Partial<WebDeps> } = {},
) {
  const calls: string[] = [];
  let settings: Settings = {
    importPaths: ['/photos'],
    storagePaths: [],
    ignore: ['.*/'],
    ioWorkers: 2,
    chainWindow: 4,
    ...missingSettings,
    ...ownAccord,
    ...outside,
    ...faceSettings,
  };
  const deps: WebDeps = {
    config: { ...config, thumbsDir, trialsDir: path.join(thumbsDir, 'trials') },
    access: openAccess,
    readHouse: async () => null,
    checkPath: async (path) =>
      path.startsWith('/photos') ? null : { code: 'root.missing', message: `${path} does not exist.` },
    sorter: {
      check: (pattern) =>
        pattern.includes('{nope}') ? { code: 'pattern.invalid', message: `Column 1: ${hostile}` } : null,
      place: (_rules, photos) => photos.map(() => ({ path: hostile, used: [], rule: 0 })),
    },
    library: {
      roots: async () => [
        {
          id: 2,
          kind: 'storage',
          path: hostile,
          ...{ dirs: 1, numFiles: 1, numRead: 1, numFailed: 0, numPictures: 1, numSearched: 1, numFacesFailed: 0 },
          lastScan: at,
          ...{ watchedDirs: null, watchTrouble: null, unseen: true },
        },
        {
          id: 1,
          kind: 'import',
          path: hostile,
          dirs: 1,
          numFiles: 1,
          numRead: 1,
          numFailed: 0,
          numPictures: 1,
          numSearched: 1,
          numFacesFailed: 0,
          lastScan: at,
          watchedDirs: null,
          watchTrouble: hostile,
          unseen: false,
        },
      ],
      dirs: async () => ({ dirs: [dir], next: null }),
      dir: async () => dir,
      trail: async () => [dir],
      files: async () => ({ files: [photo], next: 'abc' }),
      tiles: async () => ({ files: [photo], next: 'abc' }),
      file: async (id) => {
        if (id !== 1) throw new CodedError('file.unknown');
        return photo;
      },
      neighbours: async () => ({ previous: null, next: 2 }),
      map: async () => ({
        cells: [{ count: 12, latitude: 48.9, longitude: 2.3, box: { west: 2, south: 48, east: 3, north: 49 }, place }],
        places: [{ ...place, count: 12 }],
      }),
      duplicates: async () => ({
        groups: [{ hash: 'ab'.repeat(32), size: 4_000_000, count: 60, files: [photo, photo] }],
        next: 'abc',
        total: { groups: 3, bytes: 2_100_000_000 },
      }),
      onDisk: async () => ({ path: Buffer.from('/nowhere'), name: 'a.jpg', type: 'image' }),
      details: async () => details,
      bundle: async () => [photo],
      clip: async () => null,
      filterOptions: async () => ({
        cameras: [hostile],
        places: [{ town: hostile, region: hostile, country: hostile }],
        tags: [hostile],
      }),
      coverage: async () => ({ files: 1, read: 1, failed: 0, dirs: 1 }),
      log: async ({ after: seen }) => (seen === undefined ? [line] : []),
      settings: async () => settings,
      save: async (next) => {
        calls.push('save');
        settings = next;
      },
      workers: async () => [
        {
          name: 'io',
          host: 'h',
          pid: 1,
          queues: ['io', 'engine', 'ai'],
          version: '1',
          ioClass: 'idle',
          niceness: 19,
          memoryBytes: 1,
          backend: null,
          roots: [1],
          startedAt: at,
          seenAt: at,
          alive: true,
        },
      ],
      jobWaits: async () => [{ job: 'dir/1', root: 1, host: 'h', worker: 'io', why: hostile }],
      dirNumbers: async () => ({
        ...{ dirs: 3, failedDirs: 1, files: 10, read: 7, readFailed: 2, pictures: 6, searched: 5, searchFailed: 1 },
      }),
      faceNumbers: async () => ({ found: 12, auto: 4, confirmed: 3 }),
      moveNumbers: async () => [{ state: 'moved', files: 8 }],
      activityTotals: async () => [
        { worker: 'io', host: hostile, pid: 1, activity: 'thumbs', outcome: 'completed', count: 2, seconds: 3.5 },
      ],
      people: async () => [person],
      peopleToChoose: async () => [person],
      person: async () => person,
      addPerson: async () => 1,
      personNamed: async (name) => {
        calls.push(`named ${name}`);
        return 2;
      },
      splitPerson: async (who, split) => {
        calls.push(`split ${JSON.stringify({ ...who, ...split })}`);
        return { faces: split.faces.length, refimgs: split.refimgs.length };
      },
      facesOfPerson: async () => [{ id: 1, file: 1, title: hostile, confirmed: false, perhaps: true }],
      writtenNames: async () => [{ name: hostile, pictures: 3, person: null }],
      changePerson: async () => undefined,
      deletePerson: async () => undefined,
      mergePeople: async () => undefined,
      refimgs: async () => [refimg],
      addRefimg: async () => 1,
      addFaceAsRefimg: async () => 1,
      switchRefimg: async () => undefined,
      personOfRefimg: async () => 1,
      deleteRefimg: async () => undefined,
      facesOfFile: async () => [face],
      face: async () => face,
      facesToReview: async () => ({ faces: [face], left: 1 }),
      cropOfFace: async () => ({ hash: 'ab'.repeat(32), x: 0, y: 0, w: 1, h: 1 }),
      cropOfRefimg: async () => ({ hash: 'ab'.repeat(32), x: 0, y: 0, w: 1, h: 1 }),
      scannedPictures: async () => [
        {
          settings: { [hostile]: hostile },
          networks: hostile,
          today: false,
          pictures: 2,
          faces: 3,
          first: at,
          last: at,
        },
      ],
      resetPreview: async () => ({ total: reset, numDirs: 2, dirs: [{ id: 1, path: hostile, ...reset }] }),
      distances: async () => ({
        faces: 4,
        outdated: false,
        everybody: measured,
        people: [{ ...person, ...measured, person: 1 }],
      }),
      unknownFaces: async () => ({
        grouping: { id: 7, at, faces: 50_000, leftOut: 3 },
        ...{ unknown: 60, newer: 1, grouped: 50, total: 2 },
        groups: [group],
        next: '50-1',
      }),
      faceGroup: async () => group,
      grouping: async () => ({ id: 7, at, faces: 9, leftOut: 0, newest: 9 }),
      sayOfGroup: async (id, said) => {
        calls.push(`group ${id} ${JSON.stringify(said)}`);
        return { person: said.do === 'mark' ? null : 1, faces: [1, 2], left: 1 };
      },
      sorting: async () => ({ pattern: '{name}', rules: [{ when: { camera: hostile }, pattern: hostile }] }),
      saveSorting: async (root, sorting) => void calls.push(`sorting ${root} ${JSON.stringify(sorting)}`),
      offeredDirs: async () => [hostile],
      photosToTry: async () => [tried],
      plans: async () => [plan, { ...plan, id: 2, state: 'done', approvedAt: at, endedAt: at }],
      plan: async (id) => {
        if (id > 3) throw new CodedError('plan.unknown');
        return id === 3 ? plan : { ...plan, id, state: 'done', approvedAt: at, endedAt: at };
      },
      planCounts: async () => ({
        notes: [{ note: 'name taken', files: 2 }],
        left: [{ because: 'duplicate', files: 1 }],
      }),
      plannedDirs: async (_id, under) => (under === '' ? [plannedDir] : []),
      moves: async () => ({ moves, next: 4 }),
      createPlan: async (wanted) => {
        calls.push(`plan ${JSON.stringify(wanted)}`);
        return 3;
      },
      changePlan: async (id, wanted) => void calls.push(`change ${id} ${JSON.stringify(wanted)}`),
      chooseForUnits: async (id, choice) => void calls.push(`choose ${id} ${JSON.stringify(choice)}`),
      approvePlan: async (id, seen) => {
        if (id !== 3) throw new CodedError('plan.not-draft');
        calls.push(`approve plan ${id} ${seen}`);
      },
      discardPlan: async (id) => void calls.push(`discard ${id}`),
      wantBack: async (id, units) => void calls.push(`back ${id} ${JSON.stringify(units)}`),
      say: async (id, said) => void calls.push(`say ${id} ${JSON.stringify(said)}`),
      ...changes.library,
    },
    jobs: {
      engineStatus: async () => ({
        state: 'awaiting jobs',
        since: at,
        jobs: { running: 1, paused: 0, completed: 2, failed: 1 },
      }),
      queues: async () => [{ queue: 'io', type: 'activity', backlog: 5, age: 12.5 }],
      list: async () => ({ jobs: [job], next: null }),
      get: async (id) => {
        if (id !== 'scan/2') throw new CodedError('job.unknown', `There is no job ${id}.`);
        return job;
      },
      start: async (wanted) => {
        calls.push(`start ${JSON.stringify(wanted)}`);
        return { id: 'dir/1' };
      },
      tryFile: async (trial) => ({ id: `try-file/${trial}` }),
      tryFaces: async ({ trial }) => ({ id: `try/${trial}` }),
      addRefimgs: async (trial) => ({ id: `refimgs/${trial}` }),
      drawFace: async (input) => {
        calls.push(`draw ${JSON.stringify(input)}`);
        return { id: 'draw/1' };
      },
      takeOverRegions: async (names) => {
        calls.push(`take over ${JSON.stringify(names)}`);
        return { id: 'regions/1' };
      },
      importAll: async () => ({ ids: [] }),
      again: async (id) => {
        calls.push(`again ${id}`);
        return { id };
      },
      cancel: async () => undefined,
      pause: async () => undefined,
      resume: async () => undefined,
      approve: async (id) => void calls.push(`approve ${id}`),
      reject: async (id) => void calls.push(`reject ${id}`),
      boot: async () => undefined,
      settingsSaved: async () => void calls.push('told'),
      close: async () => undefined,
      ...changes.jobs,
    },
    ...changes.deps,
  };
  return { app: buildApp(deps), calls, settings: () => settings };
}

const form = (app: FastifyInstance, url: string, fields: [string, string][], headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: { host: '127.0.0.1:4800', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const get = (app: FastifyInstance, url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { host: '127.0.0.1:4800', ...headers } });

/** The value at a JSON pointer of an answer. */
const read = (answer: { json: () => unknown }, pointer: string): unknown => {
  const body = answer.json();
  return typeof body === 'object' && body !== null ? Value.Pointer.Get(body, pointer) : undefined;
};

const pages = [
  '/',
  '/photos/1',
  '/map',
  '/map?box=-5,42,9,51',
  '/duplicates',
  '/people',
  '/people/1',
  '/people/review',
  '/people/scans',
  '/people/scans?dir=1&person=1',
  '/people/scans/reset',
  '/people/scans/reset?dir=1',
  '/people/1/split',
  '/people/regions',
  '/people/thresholds',
  '/people/1/thresholds',
  '/people/unknown',
  '/people/unknown?named=2&person=1&left=1',
  '/people/unknown/1',
  '/try/faces',
  '/try/faces?file=1',
  '/try/faces?dir=1',
  '/folders',
  '/folders/1',
  '/folders/1?failed=1',
  '/folders/1?choose=1',
  '/sorter',
  '/sorter?dir=1',
  '/sorter?file=1&file=2',
  '/sorter/plans/3',
  `/sorter/plans/3?dir=${encodeURIComponent(plannedDir.key)}`,
  '/sorter/plans/2?state=failed',
  '/jobs',
  '/jobs/import',
  '/jobs/move',
  '/jobs/job/scan%2F2',
  '/settings',
  '/status',
  '/nope',
];

test('hostile names are text on every page, under a policy that runs nothing but our own scripts', async () => {
  const { app } = fakeHouse();
  for (const url of pages) {
    const { body, headers } = await get(app, url);
    assert.doesNotMatch(body, /<script>|\sstyle=|\son[a-z]+=/i, url);
    assert.ok(!body.includes('</title><script'), url);
    const policy = String(headers['content-security-policy']);
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    const scripts = [...body.matchAll(/<script [^>]*nonce="([^"]*)"/g)].map((match) => match[1]);
    assert.deepEqual(new Set(scripts), new Set([nonce]), url);
    assert.equal(scripts.length, body.split('<script').length - 1, url);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  }
});

test('the timeline is narrowed to a person by name, from one page to the next', async () => {
  const asked: unknown[] = [];
  const { app } = fakeHouse({
    library: {
      person: async () => ({ ...person, name: 'Zoë' }),
      tiles: async (filter) => {
        asked.push(filter.person);
        return { files: [photo], next: 'abc' };
      },
    },
  });
  const all = /<a class="button" href="([^"]*)">All photos/.exec((await get(app, '/people/1')).body)?.[1] ?? '';
  const { body } = await get(app, all);
  assert.match(body, /aria-label="Without Zoë"/);
  assert.match(body, /<input type="hidden" name="person" value="1"\/>/);
  assert.match(body, /<a class="button" href="\/\?person=1&amp;cursor=abc&amp;day=2025-06-14">Older photos/);
  assert.deepEqual(asked, [1, 1]);
  assert.equal((await get(app, '/?person=x')).statusCode, 400);
});

test('what a job asks stands on every page, with its answers', async () => {
  const asking: Job = {
    ...job,
    ...{
      id: 'remove/2',
      kind: 'removeMissing',
      title: `Remove what is gone from ${hostile}`,
      status: 'needs-approval',
    },
    ...{ endedAt: null, error: null, waitsFor: [], steps: [], asks: { files: 1200, of: 3000 } },
  };
  const { app, calls } = fakeHouse({
    jobs: {
      list: async ({ status }) => ({ jobs: status === 'needs-approval' ? [asking] : [job], next: null }),
      get: async () => asking,
    },
  });
  for (const url of [...pages, '/jobs/job/remove%2F2']) {
    const { body } = await get(app, url);
    assert.match(body, /1,200 files of 3,000 are not there any more/, url);
    assert.match(body, /action="\/jobs\/job\/remove%2F2\/approve"/, url);
    assert.match(body, /action="\/jobs\/job\/remove%2F2\/reject"/, url);
    assert.doesNotMatch(body, /remove%2F2\/(pause|resume)/, url);
  }
  assert.equal((await form(app, '/jobs/job/remove%2F2/reject', [])).statusCode, 303);
  const headers = { host: 'localhost' };
  const { statusCode } = await app.inject({ method: 'POST', url: '/api/jobs/remove%2F2/approve', headers });
  assert.equal(statusCode, 202);
  assert.deepEqual(calls, ['reject remove/2', 'approve remove/2']);
});

test('writes that another site causes are refused, those of this page and of programs are not', async () => {
  const { app, calls } = fakeHouse();
  const send = async (headers: Record<string, string>) =>
    (await form(app, '/jobs/job/scan%2F2/again', [], headers)).statusCode;
  assert.equal(await send({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await send({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await send({ origin: 'http://evil.example' }), 403);
  assert.equal(await send({ origin: 'null' }), 403);
  assert.equal(await send({ host: 'evil.example' }), 403);
  assert.deepEqual(calls, []);
  assert.equal(await send({ 'sec-fetch-site': 'same-origin' }), 303);
  assert.equal(await send({ origin: 'http://127.0.0.1:4800' }), 303);
  assert.equal(await send({}), 303);
  assert.deepEqual(calls, ['again scan/2', 'again scan/2', 'again scan/2']);
});

test('a form comes back to the page it was on, and to no other site', async () => {
  const { app } = fakeHouse();
  const back = async (wanted: string) =>
    (
      await form(app, '/jobs/start', [
        ['kind', 'dirChain'],
        ['dir', '1'],
        ['back', wanted],
      ])
    ).headers.location;
  assert.equal(await back('/folders/1'), '/folders/1?started=dir%2F1');
  for (const elsewhere of [
    ...['//evil.example/', 'https://evil.example/', '/\\evil.example/', 'javascript:alert(1)'],
    ...['/.//evil.example/', '/a/..//evil.example/', '/%2e//evil.example/', '/.\\\\evil.example/'],
  ]) {
    assert.equal(await back(elsewhere), '/jobs/job/dir%2F1?started=dir%2F1', elsewhere);
  }
  assert.equal(
    (
      await form(app, '/jobs/start', [
        ['kind', 'dirChain'],
        ['dir', 'x'],
      ])
    ).statusCode,
    400,
  );
});

test('errors have a code, a status and no insides', async () => {
  const { app } = fakeHouse({ library: { roots: () => Promise.reject(new Error('secret detail')) } });
  app.log.level = 'silent';
  const shape = async (url: string, method: 'GET' | 'POST' = 'GET', payload?: object) => {
    const answer = await app.inject({ method, url, headers: { host: 'localhost' }, ...(payload && { payload }) });
    assert.ok(Value.Check(reply.ErrorReply, answer.json()), url);
    assert.doesNotMatch(answer.body, /secret|at .*\.ts/);
    return `${answer.statusCode} ${String(read(answer, '/error/code'))}`;
  };
  assert.equal(await shape('/api/nope'), '404 request.not-found');
  assert.equal(await shape('/api/jobs/dir%2F9'), '404 job.unknown');
  assert.equal(await shape('/api/files/9'), '404 file.unknown');
  assert.equal(await shape('/api/files?limit=1000000'), '400 request.invalid');
  assert.equal(await shape('/api/jobs', 'POST', { kind: 'dirChain' }), '400 request.invalid');
  assert.equal(await shape('/api/jobs', 'POST', { kind: 'dirChain', dir: 1, other: 1 }), '400 request.invalid');
  assert.equal(await shape('/api/roots'), '500 internal');
  const page = await get(app, '/folders');
  assert.equal(page.statusCode, 500);
  assert.doesNotMatch(page.body, /secret/);
});

test('the JSON API answers what its schemas say', async () => {
  const { app, calls } = fakeHouse();
  const answers: [string, TSchema][] = [
    ['/api/status', reply.StatusReply],
    ['/api/jobs?kind=scanPath&status=failed', reply.JobsReply],
    ['/api/jobs/scan%2F2', Job],
    ['/api/jobs/scan%2F2/log', reply.LogReply],
    ['/api/roots', reply.RootsReply],
    ['/api/dirs?root=1', reply.DirsReply],
    ['/api/files?dir=1', reply.FilesReply],
    ['/api/files/1', reply.FileReply],
    ['/api/map?box=170,-20,-170,10', reply.MapReply],
    ['/api/duplicates?limit=1', reply.DuplicatesReply],
    ['/api/people/thresholds', ThresholdFacts],
    ['/api/people/1/thresholds', ThresholdFacts],
    ['/api/people/unknown', UnknownFaces],
    ['/api/people/unknown/1', FaceGroup],
    ['/api/sorting/2', SortingRules],
    ['/api/plans?limit=2', PlansReply],
    ['/api/plans/3', PlanReply],
    ['/api/plans/3/dirs?under=MjAyMQ==', PlannedDirsReply],
    ['/api/plans/3/moves?note=name%20taken&limit=4', MovesReply],
    ['/readyz', reply.Ready],
  ];
  for (const [url, schema] of answers) {
    const answer = await get(app, url);
    assert.equal(answer.statusCode, 200, `${url} ${answer.body}`);
    assert.deepEqual([...Value.Errors(schema, answer.json())], [], url);
  }
  const file = await get(app, '/api/files/1');
  assert.equal(read(file, '/name'), hostile);
  assert.deepEqual(read(file, '/metadata'), { [hostile]: hostile });
  const started = await app.inject({
    method: 'POST',
    url: '/api/jobs',
    headers: { host: 'localhost' },
    payload: { kind: 'dirChain', dir: 1 },
  });
  assert.deepEqual([started.statusCode, started.json()], [202, { id: 'dir/1' }]);
  assert.deepEqual(calls, ['start {"kind":"dirChain","dir":1}']);
  const all = await app.inject({ method: 'POST', url: '/api/jobs/import-all', headers: { host: 'localhost' } });
  assert.deepEqual([all.statusCode, all.json()], [202, { ids: [] }]);
  const paths = Object.keys(read(await get(app, '/api/openapi.json'), '/paths') ?? {});
  for (const name of [
    '/api/status',
    '/api/jobs',
    '/api/jobs/{id}',
    '/api/jobs/{id}/log',
    '/api/dirs',
    '/api/files',
    '/api/files/{id}',
    '/api/map',
    '/api/duplicates',
    '/api/settings',
  ]) {
    assert.ok(paths.includes(name), name);
  }
  assert.match((await get(app, '/metrics')).body, /^photo_assistant_jobs\{status="failed"\} 1$/m);
});

test('a path that cannot be used is told beside its field, keeps what was typed, and nothing is saved', async () => {
  const { app, calls, settings } = fakeHouse();
  const fields: [string, string][] = [
    ['importPaths', '/photos'],
    ['importPaths', 'C:'],
    ['importPaths', ''],
    ['ignore', 'typed.tmp\r\nother'],
    ['ioWorkers', '3'],
    ['chainWindow', '4'],
    ...Object.entries(missingSettings).map(([name, value]): [string, string] => [name, String(value)]),
    // A box that is not ticked is not sent.
    ...Object.entries({ ...ownAccord, ...outside, ...faceSettings })
      .filter(([, value]) => value !== false)
      .map(([name, value]): [string, string] => [name, value === true ? 'on' : String(value)]),
  ];
  const refused = await form(app, '/settings', fields);
  assert.equal(refused.statusCode, 422);
  assert.match(refused.body, /value="C:"[^>]*aria-invalid="true"[^>]*aria-describedby="importPaths-1-problem"/);
  assert.match(refused.body, /C: does not exist\./);
  assert.match(refused.body, /typed\.tmp/);
  assert.deepEqual(calls, []);
  const removed = await form(app, '/settings', [...fields, ['do', 'remove:importPaths:0']]);
  assert.doesNotMatch(removed.body, /value="\/photos"/);
  assert.deepEqual(calls, []);
  const saved = await form(app, '/settings', [...fields, ['acceptMissingPaths', 'on']]);
  assert.equal(saved.statusCode, 303);
  assert.deepEqual(calls, ['save', 'told']);
  assert.deepEqual(settings(), {
    importPaths: ['/photos', 'C:'],
    storagePaths: [],
    ignore: ['typed.tmp', 'other'],
    ...ownAccord,
    ...outside,
    ioWorkers: 3,
    chainWindow: 4,
    ...missingSettings,
    ...faceSettings,
  });
  assert.equal(
    (await form(app, '/settings', [...fields.slice(0, 4), ['ioWorkers', 'many'], ['chainWindow', '4']])).statusCode,
    422,
  );
  assert.deepEqual(calls, ['save', 'told']);
});

test('PUT /api/settings refuses bad paths with a list of problems, unless they are accepted', async () => {
  const { app, calls } = fakeHouse();
  const put = (payload: object) =>
    app.inject({ method: 'PUT', url: '/api/settings', headers: { host: 'localhost' }, payload });
  const settings = { importPaths: ['/photos', 'C:', 'C:'], storagePaths: [], ignore: [], ioWorkers: 1, chainWindow: 1 };
  const refused = await put(settings);
  assert.equal(refused.statusCode, 422);
  assert.ok(Value.Check(reply.SettingsRefused, refused.json()));
  assert.deepEqual(
    [0, 1].map((i) => [read(refused, `/error/problems/${i}/index`), read(refused, `/error/problems/${i}/code`)]),
    [
      [1, 'root.missing'],
      [2, 'setting.path-refused'],
    ],
  );
  assert.equal(read(refused, '/error/code'), 'root.missing');
  assert.deepEqual(calls, []);
  assert.equal((await put({ ...settings, importPaths: ['/photos', 'C:'], acceptMissingPaths: true })).statusCode, 200);
  assert.deepEqual(calls, ['save', 'told']);
});

test('while the servers are away every page says so, and a click is kept to be sent again', async () => {
  const away = (code: 'database.unavailable' | 'temporal.unavailable') => () => Promise.reject(new CodedError(code));
  const part = (name: string, status: 'starting' | 'running') => ({
    name,
    status,
    pid: 1,
    restarts: 0,
    since: at,
    lastExit: null,
  });
  const { app } = fakeHouse({
    library: Object.fromEntries(Object.keys(fakeLibraryKeys).map((name) => [name, away('database.unavailable')])),
    jobs: {
      engineStatus: away('temporal.unavailable'),
      start: away('temporal.unavailable'),
      list: away('temporal.unavailable'),
      get: away('temporal.unavailable'),
    },
    deps: {
      readHouse: async () => ({
        pid: 1,
        startedAt: at,
        web: '',
        databaseUrl: '',
        temporalAddress: '',
        temporalNamespace: '',
        temporalUi: null,
        parts: [part('postgres', 'starting'), part('web', 'running')],
      }),
    },
  });
  for (const url of pages.filter((each) => each !== '/nope')) {
    const { statusCode, body } = await get(app, url);
    assert.equal(statusCode, 503, url);
    assert.match(body, /Starting: database…/, url);
    assert.match(body, /hx-trigger="every 3s"/, url);
  }
  const clicked = await form(app, '/jobs/start', [
    ['kind', 'dirChain'],
    ['dir', '1'],
    ['back', '/folders/1'],
  ]);
  assert.equal(clicked.statusCode, 503);
  assert.match(clicked.body, /Nothing was started/);
  assert.match(clicked.body, /<form method="post" action="\/jobs\/start"/);
  assert.match(clicked.body, /<input type="hidden" name="dir" value="1"\/>/);
  assert.equal((await get(app, '/readyz')).statusCode, 503);
  assert.equal((await get(app, '/healthz')).statusCode, 200);
});

test('who can’t be known while the database is away gets a page that looks again, and tells nothing of the house', async () => {
  const { app } = fakeHouse({
    deps: {
      config: { ...config, host: '0.0.0.0', thumbsDir, trialsDir: thumbsDir },
      access: { ...openAccess, readKey: () => Promise.reject(new CodedError('database.unavailable')) },
    },
  });
  for (const headers of [{ accept: 'text/html' }, { accept: 'text/html', 'hx-request': 'true' }]) {
    const { statusCode, body } = await get(app, '/folders?failed=1', headers);
    assert.equal(statusCode, 503);
    assert.match(body, /<main id="main"[^>]*><section[^>]* hx-get="\/folders\?failed=1" hx-trigger="every 3s"/);
    assert.match(body, /<meta http-equiv="refresh"/);
    assert.doesNotMatch(body, /<nav|<script/);
  }
  const clicked = await form(app, '/jobs/start', [['kind', 'findFiles']], { accept: 'text/html' });
  assert.equal(clicked.statusCode, 503);
  assert.match(clicked.body, /Nothing was done/);
  assert.doesNotMatch(clicked.body, /http-equiv|hx-get/);
  for (const [url, headers] of [
    ['/api/status', { accept: 'text/html' }],
    ['/folders', {}],
  ] as const) {
    const { statusCode, headers: sent } = await get(app, url, headers);
    assert.deepEqual([statusCode, sent['content-type']], [503, 'application/json; charset=utf-8']);
  }
});

test('what was noted before the job server was away is said to be, remembered, and begun by another click', async () => {
  const away = () => Promise.reject(new CodedError('temporal.unavailable'));
  const written: { what: string; details: Record<string, string> }[] = [];
  const { app, calls } = fakeHouse({
    jobs: { start: away, settingsSaved: away },
    deps: { access: { ...openAccess, writeAudit: async ({ what, details }) => void written.push({ what, details }) } },
  });
  const hidden = ({ body }: { body: string }) =>
    [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const approved = await form(app, '/sorter/plans/3/approve', [['seen', '7']]);
  assert.equal(approved.statusCode, 503);
  assert.match(approved.body, /It was noted, but not begun/);
  assert.doesNotMatch(approved.body, /Nothing was started/);
  assert.match(approved.body, /<form method="post" action="\/jobs\/start"/);
  assert.deepEqual(hidden(approved), [
    ['kind', 'moveFiles'],
    ['plan', '3'],
  ]);
  const merged = await form(app, '/people/1/merge', [['into', '2']]);
  assert.match(merged.body, /It was noted, but not begun/);
  assert.deepEqual(hidden(merged), [
    ['kind', 'identifyPerson'],
    ['person', '2'],
    ['all', 'on'],
  ]);
  const put = await app.inject({
    method: 'PUT',
    url: '/api/settings',
    headers: { host: 'localhost' },
    payload: { ioWorkers: 3 },
  });
  assert.deepEqual([put.statusCode, read(put, '/error/code')], [503, 'job.not-begun']);
  assert.deepEqual(calls, ['approve plan 3 7', 'save']);
  assert.equal((await form(app, '/people/1/merge', [])).statusCode, 400);
  assert.deepEqual(written, [
    { what: 'POST /sorter/plans/3/approve (failed: 503)', details: { seen: '7' } },
    { what: 'POST /people/1/merge (failed: 503)', details: { into: '2' } },
    { what: 'PUT /api/settings (failed: 503)', details: { ioWorkers: '2 → 3' } },
  ]);
});

const fakeLibraryKeys: Record<keyof WebDeps['library'], true> = {
  roots: true,
  dirs: true,
  dir: true,
  trail: true,
  files: true,
  tiles: true,
  file: true,
  neighbours: true,
  onDisk: true,
  details: true,
  bundle: true,
  clip: true,
  filterOptions: true,
  map: true,
  duplicates: true,
  coverage: true,
  jobWaits: true,
  dirNumbers: true,
  faceNumbers: true,
  moveNumbers: true,
  activityTotals: true,
  log: true,
  settings: true,
  save: true,
  workers: true,
  people: true,
  peopleToChoose: true,
  person: true,
  addPerson: true,
  personNamed: true,
  splitPerson: true,
  facesOfPerson: true,
  writtenNames: true,
  changePerson: true,
  deletePerson: true,
  mergePeople: true,
  refimgs: true,
  addRefimg: true,
  addFaceAsRefimg: true,
  switchRefimg: true,
  personOfRefimg: true,
  deleteRefimg: true,
  facesOfFile: true,
  face: true,
  facesToReview: true,
  cropOfFace: true,
  cropOfRefimg: true,
  scannedPictures: true,
  resetPreview: true,
  say: true,
  sorting: true,
  saveSorting: true,
  offeredDirs: true,
  photosToTry: true,
  plans: true,
  plan: true,
  planCounts: true,
  plannedDirs: true,
  moves: true,
  createPlan: true,
  changePlan: true,
  chooseForUnits: true,
  approvePlan: true,
  discardPlan: true,
  wantBack: true,
  distances: true,
  unknownFaces: true,
  faceGroup: true,
  grouping: true,
  sayOfGroup: true,
};

test('rules are tried as they are typed, refused beside their field, and saved', async () => {
  const { app, calls } = fakeHouse();
  const rule = (name: string, ...values: string[]) => values.map((value): [string, string] => [`rule-${name}`, value]);
  const typed = (pattern: string): [string, string][] => [
    ['pattern', pattern],
    ...rule('type', 'video', '', ''),
    ...rule('date', '', 'unknown', ''),
    ...rule('camera', '', '', ''),
    ...rule('country', '', 'no', ''),
    ...rule('extensions', '.MOV, mp4', '', ''),
    ...rule('dir', '', '', ''),
    ...rule('pattern', 'videos/{name}', 'unsorted/{name}', ''),
  ];
  const preview = await form(app, '/sorter/rules/2/preview', typed('{name}'));
  assert.match(preview.body, /^<hx-partial hx-target="#preview"/);
  assert.match(preview.body, /goes to/);
  const unread = await form(app, '/sorter/rules/2/preview', typed('{nope}'));
  assert.match(unread.body, /<hx-partial hx-target="#problem-of-pattern"[^>]*><p class="problem">Column 1/);
  for (const answer of [preview, unread]) assert.doesNotMatch(answer.body, /<script/);
  const refused = await form(app, '/sorter/rules/2', [...typed('{nope}'), ['do', 'save']]);
  assert.equal(refused.statusCode, 422);
  assert.match(refused.body, /value="\{nope\}"[^>]*aria-invalid="true"/);
  const bare = await form(app, '/sorter/rules/2', [['pattern', '{name}'], ...rule('pattern', 'x/{name}')]);
  assert.match(bare.body, /A condition is needed\./);
  assert.deepEqual(calls, []);

  const up = await form(app, '/sorter/rules/2', [...typed('{name}'), ['do', 'up:1']]);
  assert.ok(up.body.indexOf('value="unsorted/{name}"') < up.body.indexOf('value="videos/{name}"'));
  const fewer = await form(app, '/sorter/rules/2', [...typed('{name}'), ['do', 'remove:0']]);
  assert.ok(!fewer.body.includes('value="videos/{name}"'));
  assert.deepEqual(calls, []);

  const saved = await form(app, '/sorter/rules/2', [...typed('{name}'), ['do', 'save']]);
  assert.equal(saved.statusCode, 303);
  const rules = [
    { when: { type: 'video', extensions: ['MOV', 'mp4'] }, pattern: 'videos/{name}' },
    { when: { date: 'unknown', country: 'NO' }, pattern: 'unsorted/{name}' },
  ];
  assert.deepEqual(calls, [`sorting 2 ${JSON.stringify({ pattern: '{name}', rules })}`]);
  const send = (method: 'PUT' | 'POST', url: string, payload: object) =>
    app.inject({ method, url, headers: { host: 'localhost' }, payload });
  const put = await send('PUT', '/api/sorting/2', { pattern: '{nope}', rules });
  assert.deepEqual([put.statusCode, read(put, '/error/code')], [422, 'pattern.invalid']);
  assert.equal((await send('PUT', '/api/sorting/2', { pattern: '{name}', rules })).statusCode, 200);
  const ten = await send('POST', '/api/sorting/preview', { root: 2, sorting: { pattern: '{name}', rules } });
  assert.deepEqual(read(ten, '/photos/0'), { file: 1, from: hostile, to: hostile, used: [], rule: 0 });
});

test('plans are made, changed, approved, thrown away and taken back by forms', async () => {
  const { app, calls } = fakeHouse();
  const choices: [string, string][] = [
    ['to', ' /2021/Norway/ '],
    ['onTaken', 'keep both'],
    ['onDuplicate', 'leave'],
    ['removeEmptied', 'on'],
  ];
  const made = await form(app, '/sorter/plans', [
    ['root', '2'],
    ['roots', '1'],
    ['from', '2021-01-01'],
    ['until', ''],
    ...choices,
  ]);
  assert.deepEqual([made.statusCode, made.headers.location], [303, '/sorter/plans/3']);
  const wanted = { to: '2021/Norway', onTaken: 'keep both', onDuplicate: 'leave', removeEmptied: true };
  const start = (kind: string, id = 3) => `start ${JSON.stringify({ kind, plan: id })}`;
  assert.deepEqual(calls.splice(0), [
    `plan ${JSON.stringify({ root: 2, ...wanted, from: '2021-01-01' })}`,
    start('planMoves'),
  ]);
  assert.equal((await form(app, '/sorter/plans', [['root', '2'], ...choices])).statusCode, 400, 'no path was chosen');
  await form(app, '/sorter/plans/3', [['to', ''], ...choices.slice(1)]);
  const { to: _, ...kept } = wanted;
  assert.deepEqual(calls.splice(0), [
    `change 3 ${JSON.stringify({ root: 2, files: [1], from: '2021-01-01', ...kept })}`,
    start('planMoves'),
  ]);

  const decide = async (...fields: [string, string][]) => {
    const answer = await form(app, '/sorter/plans/3/choose', [['to', ''], ['which', 'chosen'], ...fields]);
    return [answer.statusCode, ...calls.splice(0).filter((call) => call.startsWith('choose'))];
  };
  const shown: [string, string][] = [
    ['shown', '1'],
    ['shown', '3'],
  ];
  assert.deepEqual(await decide(...shown, ['unit', '1'], ['do', 'skip']), [
    303,
    'choose 3 {"units":[1],"choice":"skip"}',
  ]);
  assert.deepEqual(await decide(...shown, ['unit', '1'], ['do', 'leave:3']), [
    303,
    'choose 3 {"units":[3],"choice":"leave"}',
  ]);
  assert.deepEqual(await decide(...shown, ['do', 'skip']), [400]);
  assert.deepEqual(await decide(...shown, ['unit', '1'], ['do', 'dir']), [400]);
  assert.deepEqual(await decide(...shown, ['unit', '1'], ['do', 'delete']), [400]);
  const all = await form(app, '/sorter/plans/3/choose', [
    ...([...shown, ['to', '/'], ['which', 'shown'], ['do', 'dir']] as [string, string][]),
    ['back', '/sorter/plans/3?note=duplicate'],
  ]);
  assert.equal(all.headers.location, '/sorter/plans/3?note=duplicate');
  assert.deepEqual(calls.splice(0), ['choose 3 {"units":[1,3],"choice":null,"to":""}', start('planMoves')]);

  assert.match((await get(app, '/sorter/plans/3')).body, /name="seen" value="7"/);
  await form(app, '/sorter/plans/3/approve', [['seen', '7']]);
  assert.deepEqual(calls.splice(0), ['approve plan 3 7', start('moveFiles')]);
  assert.equal((await form(app, '/sorter/plans/2/approve', [['seen', '7']])).statusCode, 409);
  assert.equal((await form(app, '/sorter/plans/3/approve', [])).statusCode, 400);
  assert.equal((await form(app, '/sorter/plans/3/discard', [])).headers.location, '/sorter');
  assert.equal((await form(app, '/sorter/plans/2/undo', [['do', 'chosen']])).statusCode, 400);
  await form(app, '/sorter/plans/2/undo', [
    ['do', 'chosen'],
    ['unit', '4'],
  ]);
  await form(app, '/sorter/plans/2/undo', [['do', 'all']]);
  assert.deepEqual(calls.splice(0), [
    'discard 3',
    'back 2 [4]',
    start('undoMoves', 2),
    'back 2 null',
    start('undoMoves', 2),
  ]);
  assert.equal((await get(app, '/sorter/plans/9')).statusCode, 404);
});

test('a plan says when there is nothing to move, when the job server is away, and when nothing works on it', async () => {
  const nothing = { found: 2, planned: 0, moved: 0, skipped: 2, duplicates: 0, failed: 0, undone: 0 };
  const page = async (changes: Partial<Plan>, jobs: Partial<WebDeps['jobs']> = {}) => {
    const { app } = fakeHouse({ jobs, library: { plan: async () => ({ ...plan, ...changes }) } });
    return (await get(app, '/sorter/plans/3')).body;
  };
  const idle = await page({ ledger: nothing });
  assert.match(idle, /There is nothing to move/);
  assert.doesNotMatch(idle, /plans\/3\/approve/);
  assert.match(await page({}), /Move 1 file \(5\.6 GB\)/);
  assert.match(await page({ state: 'making' }), /It is not made yet.*Make it/s);
  const at_work = { ...job, id: 'plan/3', status: 'running' as const, endedAt: null, error: null };
  assert.match(await page({ state: 'making' }, { get: async () => at_work }), /hx-trigger="every 2s".*Looking where/s);
  assert.match(await page({ state: 'approved', approvedAt: at }), /1 still to be moved.*Go on/s);
  const away = await page({}, { get: () => Promise.reject(new CodedError('temporal.unavailable')) });
  assert.match(away, /whether anything runs is not known/);
  const failed = { ...plan.ledger, planned: 0, failed: 1 };
  assert.match(await page({ state: 'done', approvedAt: at, ledger: failed }), /Try failed ones again/);
  const none = fakeHouse({ library: { roots: async () => [] } });
  assert.match((await get(none.app, '/sorter')).body, /no storage path is named yet/);
});

test('the API makes plans, decides, approves and takes back', async () => {
  const { app, calls } = fakeHouse();
  const send = async (method: 'PUT' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, headers: { host: 'localhost' }, ...(payload && { payload }) });
    return [answer.statusCode, answer.json<unknown>()];
  };
  assert.deepEqual(await send('POST', '/api/plans', { root: 2 }), [202, { id: 3, job: 'dir/1' }]);
  assert.deepEqual(await send('PUT', '/api/plans/3', { root: 2, to: '' }), [202, { id: 'dir/1' }]);
  assert.deepEqual(await send('POST', '/api/plans/3/choose', { units: [1], to: null }), [202, { id: 'dir/1' }]);
  assert.deepEqual(await send('POST', '/api/plans/3/approve'), [202, { id: 'dir/1' }]);
  assert.deepEqual(await send('POST', '/api/plans/3/approve', { seen: 7 }), [202, { id: 'dir/1' }]);
  assert.equal((await send('POST', '/api/plans/2/approve'))[0], 409);
  assert.equal((await send('POST', '/api/plans/3/discard'))[0], 200);
  assert.deepEqual(await send('POST', '/api/plans/3/undo', { units: [1] }), [202, { id: 'dir/1' }]);
  assert.deepEqual(await send('POST', '/api/plans/3/undo'), [202, { id: 'dir/1' }]);
  assert.equal((await send('POST', '/api/plans', { root: 2, files: [] }))[0], 400);
  assert.equal((await send('POST', '/api/plans/3/choose', { units: [] }))[0], 400);
  const sent = calls.filter((call) => !call.startsWith('start'));
  assert.deepEqual(sent, [
    ...['plan {"root":2}', 'change 3 {"root":2,"to":""}', 'choose 3 {"units":[1],"to":null}', 'approve plan 3 null'],
    'approve plan 3 7',
    ...['discard 3', 'back 3 [1]', 'back 3 null'],
  ]);
});

test('originals are streamed whole or in part, and can run nothing', async () => {
  const original = path.join(thumbsDir, 'original');
  writeFileSync(original, '0123456789');
  const serve = (name: string, file = original) =>
    fakeHouse({ library: { onDisk: async () => ({ path: Buffer.from(file), name, type: 'image' }) } }).app;
  const whole = await get(serve('ü "1".JPG'), '/originals/1');
  assert.deepEqual([whole.statusCode, whole.body, whole.headers['content-type']], [200, '0123456789', 'image/jpeg']);
  assert.equal(whole.headers['content-security-policy'], 'sandbox');
  assert.equal(
    whole.headers['content-disposition'],
    `inline; filename="_ _1_.JPG"; filename*=UTF-8''%C3%BC%20%221%22.JPG`,
  );
  const etag = String(whole.headers.etag);
  assert.equal((await get(serve('a.jpg'), '/originals/1', { 'if-none-match': etag })).statusCode, 304);
  const part = await get(serve('a.mp4'), '/originals/1', { range: 'bytes=2-4' });
  assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, '234', 'bytes 2-4/10']);
  assert.equal((await get(serve('a.mp4'), '/originals/1', { range: 'bytes=-3' })).body, '789');
  assert.equal((await get(serve('a.mp4'), '/originals/1', { range: 'bytes=10-' })).statusCode, 416);
  assert.equal(
    (await get(serve('a.mp4'), '/originals/1', { range: 'bytes=2-4', 'if-range': '"old"' })).statusCode,
    200,
  );
  for (const name of ['a.svg', 'a.html', 'a', 'a.xmp', 'a.__proto__']) {
    const { headers } = await get(serve(name), '/originals/1');
    assert.match(String(headers['content-disposition']), /^attachment/, name);
    assert.equal(headers['content-type'], 'application/octet-stream', name);
  }
  assert.equal((await get(serve('a.jpg', '/nowhere'), '/originals/1')).statusCode, 404);
  assert.equal((await get(serve('a.jpg', thumbsDir), '/originals/1')).statusCode, 404);
});

test('that a session is used is noted once for many requests, and again where it was not', async () => {
  const noted: object[] = [];
  let away = true;
  const session = { id: 7, account: 1, name: 'Ann', role: 'owner' } as const;
  const { app } = fakeHouse({
    deps: {
      access: {
        ...openAccess,
        readKey: async () => ({ accounts: true, session, token: null }),
        noteUse: async (used) => {
          noted.push(used);
          if (away) throw new CodedError('database.unavailable');
        },
      },
    },
  });
  app.log.level = 'silent';
  await get(app, '/folders');
  away = false;
  for (let i = 0; i < 5; i++) assert.equal((await get(app, '/folders')).statusCode, 200);
  assert.deepEqual(noted, [{ session: 7 }, { session: 7 }]);
});

test('without scripts only pages that show how things stand, and have nothing to be filled in, look again', async () => {
  const { app } = fakeHouse({
    jobs: {
      engineStatus: async () => ({
        ...{ state: 'import files', since: at },
        jobs: { running: 1, paused: 0, completed: 0, failed: 0 },
      }),
    },
  });
  const reload = '<noscript><meta http-equiv="refresh"';
  for (const url of pages.filter((each) => each !== '/nope')) {
    const { body } = await get(app, url);
    assert.equal(body.includes(reload), ['/jobs', '/jobs/job/scan%2F2', '/status'].includes(url), url);
  }
  const refused = await form(app, '/sorter/rules/2', [['pattern', '{nope}']]);
  assert.ok(!refused.body.includes(reload));
});

test('a viewer is shown no link that refuses them', async () => {
  const session = { id: 7, account: 1, name: 'Eve', role: 'viewer' } as const;
  const { app } = fakeHouse({
    deps: { access: { ...openAccess, readKey: async () => ({ accounts: true, session, token: null }) } },
    jobs: { get: async () => ({ ...job, kind: 'moveFiles', plan: 3 }) },
  });
  const refused = new Set<string>();
  const seen = new Set<string>();
  for (const url of ['/jobs/ai', '/jobs/job/move%2F3', ...pages]) {
    const { statusCode, body } = await get(app, url);
    if (statusCode !== 200) continue;
    for (const [, link = ''] of body.matchAll(/<(?:a|form)[^>]* (?:href|action)="(\/[^"#]*)/g)) {
      if (seen.has(link) || link.includes('/logout')) continue;
      seen.add(link);
      if ((await get(app, link.replaceAll('&amp;', '&'))).statusCode === 403) refused.add(`${url} → ${link}`);
    }
  }
  assert.ok(seen.has('/folders/1'));
  assert.deepEqual([...refused], []);
});

test('nobody is chosen beforehand to be made one with a person, which is for good', async () => {
  const others = [person, { ...person, id: 2 }, { ...person, id: 3 }];
  const { app, calls } = fakeHouse({ library: { peopleToChoose: async () => others } });
  const { body } = await get(app, '/people/1');
  const offered = /<select id="merge-into" name="into" required>(.*?)<\/select>/.exec(body)?.[1] ?? '';
  assert.deepEqual(
    [...offered.matchAll(/<option value(?:="(\d*)")?>/g)].map(([, id = '']) => id),
    ['', '2', '3'],
  );
  assert.equal((await form(app, '/people/1/merge', [['into', '']])).statusCode, 400);
  assert.deepEqual(calls, []);
});

test('who is not let in is not told where the servers are', async () => {
  const away = () => Promise.reject(new CodedError('database.unavailable', 'connect ECONNREFUSED 10.0.0.5:5432'));
  const { app } = fakeHouse({
    library: { coverage: away, workers: () => Promise.reject(new Error('secret detail')) },
    deps: {
      config: { ...config, host: '0.0.0.0', thumbsDir, trialsDir: thumbsDir },
      access: { ...openAccess, readKey: away },
    },
  });
  const ready = await get(app, '/readyz');
  assert.equal(ready.statusCode, 503);
  assert.deepEqual(read(ready, '/checks/database'), { ok: false, message: 'The database does not answer.' });
  for (const { body } of [ready, await get(app, '/api/status'), await get(app, '/login', { accept: 'text/html' })])
    assert.doesNotMatch(body, /10\.0\.0\.5|secret/);
});

test('tables look alike', async () => {
  const entry = { id: 1, at, who: hostile, address: '::1', what: hostile, details: { [hostile]: hostile } };
  const { app } = fakeHouse({ deps: { access: { ...openAccess, audit: async () => [entry] } } });
  for (const url of [...pages, '/settings/audit']) {
    const { body } = await get(app, url);
    for (const [table] of body.replaceAll(/class="metadata".*?<\/table>/gs, '').matchAll(/<table[^>]*>/g))
      assert.match(table, /class="changes/, url);
  }
});

test('no proxy keeps what was shown to one, and nobody a token', async () => {
  const trial = '6f1f6d1e-5b9c-4d5b-9d53-2f3c6f0d1a11';
  const { app } = fakeHouse();
  const kept = async (dir: string, name: string, url: string) => {
    mkdirSync(path.join(thumbsDir, dir), { recursive: true });
    writeFileSync(path.join(thumbsDir, dir, name), 'a picture');
    const { statusCode, headers } = await get(app, url);
    return `${statusCode} ${String(headers['cache-control'])}`;
  };
  const hash = 'ab'.repeat(32);
  assert.equal(
    await kept('ab/ab', `${hash}-320.webp`, `/thumbs/${hash}-320.webp`),
    '200 private, max-age=31536000, immutable',
  );
  assert.equal(
    await kept(`trials/${trial}/thumbs/ab/ab`, `${hash}-1440.webp`, `/try/file/${trial}/${hash}.webp`),
    '200 private, no-cache',
  );
  const gone = await get(app, `/thumbs/${hash}-1440.webp`);
  assert.deepEqual([gone.statusCode, gone.headers['cache-control']], [404, 'private, no-cache']);
  const token = await form(app, '/settings/access/tokens', [
    ['name', 'script'],
    ['scopes', 'read'],
  ]);
  assert.deepEqual([token.statusCode, token.headers['cache-control']], [201, 'no-store']);
});

test('the map says how many photos are near what, and leads closer or to them', async () => {
  const { app } = fakeHouse();
  const { body } = await get(app, '/map');
  assert.match(body, /<title>12 photos near [^<]*&lt;script>/);
  const [, closer] = /<a href="(\/map\?box=[^"]*)"><title>/.exec(body) ?? [];
  const near = await get(app, closer ?? '');
  assert.equal(near.statusCode, 200);
  assert.match(near.body, /<a href="\/\?box=[^"]*">12 photos taken here<\/a>/);
  assert.match(near.body, new RegExp(`href="/\\?place=${encodeURIComponent(hostile.slice(0, 4))}`));
  assert.equal((await get(app, '/map?box=1,2,3')).statusCode, 400);
  assert.equal((await get(app, '/map?box=1,80,3,20')).statusCode, 400);
  assert.equal((await get(app, `/map?box=1,2,3,${'9'.repeat(400)}`)).statusCode, 400);
});

test('a map and duplicates without anything say what will be there', async () => {
  const { app } = fakeHouse({
    library: {
      map: async () => ({ cells: [], places: [] }),
      duplicates: async () => ({ groups: [], next: null, total: { groups: 0, bytes: 0 } }),
    },
  });
  assert.match((await get(app, '/map')).body, /know where they were taken appear here/);
  assert.match((await get(app, '/map?box=1,2,3,4')).body, /0 photos taken here.*<svg class="map near"/);
  assert.match((await get(app, '/duplicates')).body, /There are none/);
});

test('live parts are sent to who listens, and nothing is asked while nobody does', async () => {
  let asked = 0;
  const { app } = fakeHouse({
    jobs: {
      engineStatus: async () => {
        asked++;
        return { state: 'import files', since: at, jobs: { running: 1, paused: 0, completed: 0, failed: 0 } };
      },
    },
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    assert.equal(asked, 0);
    const gone = new AbortController();
    const stream = await fetch(`${address}/live?topic=job&arg=scan%2F2&after=7`, { signal: gone.signal });
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');
    let text = '';
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes('hx-target="#job-live"')) break;
    }
    gone.abort();
    assert.match(text, /<hx-partial hx-target="#top" hx-swap="innerMorph">.*Importing your files/);
    assert.match(text, /<hx-partial hx-target="#job-live" hx-swap="innerMorph">/);
    assert.doesNotMatch(text, /<script>/);
    assert.ok(
      text.split('\n').every((each) => /^(data: |: |id: |$)/.test(each)),
      'every line is a field of a message',
    );
  } finally {
    await app.close();
  }
});

test('a face is drawn on a photo by four numbers in percent', async () => {
  const { app, calls } = fakeHouse({ jobs: { get: async () => ({ ...job, error: null }) } });
  const box: [string, string][] = [
    ['x', '90'],
    ['y', '10'],
    ['w', '25.5'],
    ['h', '20'],
  ];
  const named: [string, string] = ['name', ` ${hostile.slice(0, 150)} `];
  const drawn = await form(app, '/photos/1/faces', [...box, named]);
  assert.deepEqual([drawn.statusCode, drawn.headers.location], [303, '/photos/1']);
  assert.deepEqual(calls, [
    `named ${hostile.slice(0, 150)}`,
    `draw ${JSON.stringify({ of: { file: 1 }, person: 2, box: { x: 0.9, y: 0.1, w: 1 - 0.9, h: 0.2 } })}`,
  ]);
  for (const wrong of [
    [...box],
    [...box.slice(1), named],
    [['x', '101'], ...box.slice(1), named],
    [['x', '1e1'], ...box.slice(1), named],
    [['x', '100'], ...box.slice(1), named],
    [...box.slice(0, 3), ['h', '0'], named],
    [...box, ['name', 'a\0b']],
  ] as [string, string][][]) {
    assert.equal((await form(app, '/photos/1/faces', wrong)).statusCode, 400, JSON.stringify(wrong));
  }
  assert.equal(calls.length, 2);
  const api = await app.inject({
    method: 'POST',
    url: '/api/files/1/faces',
    headers: { host: '127.0.0.1:4800' },
    payload: { box: { x: 0.1, y: 0.1, w: 0.2, h: 0.2 }, name: 'Zoë' },
  });
  assert.deepEqual([api.statusCode, api.json()], [200, { job: 'draw/1' }]);
});

test('a job that could not describe the face says why', async () => {
  const failed = { ...job, error: { code: 'faces.failed', message: 'The box holds nothing.' } };
  const { app } = fakeHouse({ jobs: { get: async () => failed } });
  const answer = await form(app, '/photos/1/faces', [
    ...(['x', 'y', 'w', 'h'] as const).map((name): [string, string] => [name, '20']),
    ['name', 'Zoë'],
  ]);
  assert.equal(answer.statusCode, 500);
  assert.match(answer.body, /The box holds nothing\./);
});

test('faces and reference images go to another person, and both are looked for again', async () => {
  const { app, calls } = fakeHouse();
  const fields: [string, string][] = [
    ['face', '4'],
    ['face', '5'],
    ['refimg', '7'],
    ['name', 'Zoë'],
  ];
  const split = await form(app, '/people/1/split', fields);
  assert.deepEqual([split.statusCode, split.headers.location], [303, '/people/2']);
  const expected = [
    'named Zoë',
    'split {"from":1,"into":2,"faces":[4,5],"refimgs":[7]}',
    'start {"kind":"identifyPerson","person":1,"all":true}',
    'start {"kind":"identifyPerson","person":2,"all":true}',
  ];
  assert.deepEqual(calls, expected);
  for (const wrong of [
    [['name', 'Zoë']],
    [['face', '4']],
    [
      ['face', 'x'],
      ['name', 'Zoë'],
    ],
  ] as [string, string][][]) {
    assert.equal((await form(app, '/people/1/split', wrong)).statusCode, 400, JSON.stringify(wrong));
  }
  const api = await app.inject({
    method: 'POST',
    url: '/api/people/1/split',
    headers: { host: '127.0.0.1:4800' },
    payload: { name: 'Zoë', faces: [4, 5], refimgs: [7] },
  });
  assert.deepEqual([api.statusCode, api.json()], [200, { person: 2 }]);
  assert.deepEqual(calls, [...expected, ...expected]);
});

test('names in files are taken over as chosen, each as whoever is named beside it', async () => {
  const { app, calls } = fakeHouse();
  const fields: [string, string][] = [
    ['name', hostile.slice(0, 200)],
    ['as', 'Zoë'],
    ['name', 'left alone'],
    ['as', 'left alone'],
    ['take', '2'],
    ['name', 'Cam'],
    ['as', ' Camille '],
    ['take', '0'],
  ];
  const taken = await form(app, '/people/regions', fields);
  assert.deepEqual([taken.statusCode, taken.headers.location], [303, '/jobs/job/regions%2F1']);
  assert.deepEqual(calls, [
    'named Camille',
    'named Zoë',
    `take over ${JSON.stringify([
      { name: 'Cam', person: 2 },
      { name: hostile.slice(0, 200), person: 2 },
    ])}`,
  ]);
  assert.equal(
    (
      await form(app, '/people/regions', [
        ['name', 'Cam'],
        ['as', 'Cam'],
      ])
    ).statusCode,
    400,
  );
});

test('what was made of a folder is told file by file; a face is chosen, or drawn', async () => {
  const trial = '0b0e8d5c-3f5f-4a6e-9a55-0d2a1c1f7a10';
  const folder = path.join(thumbsDir, trial);
  mkdirSync(folder);
  const found = { x: 0.1, y: 0.1, w: 0.2, h: 0.2, size: 80, sharpness: 8, landmarks: 'AAAA', descriptor: 'AAAA' };
  const picture = { name: hostile, person: { id: 3, name: hostile }, hash: 'ab'.repeat(32), error: null, refimg: null };
  const pictures = [
    { ...picture, foundBy: 'detector', faces: [found], refimg: 9 },
    { ...picture, foundBy: 'detector', faces: [found, found] },
    { ...picture, foundBy: 'assumed', faces: [found] },
    { ...picture, hash: null, person: null, foundBy: null, faces: [], error: hostile },
  ];
  writeFileSync(path.join(folder, 'references.json'), JSON.stringify({ left: 12, pictures }));
  const { app, calls } = fakeHouse({
    deps: { config: { ...config, thumbsDir, trialsDir: thumbsDir } },
    jobs: { get: async () => ({ ...job, error: null }) },
    library: { addRefimg: async ({ person: who, foundBy }) => (calls.push(`refimg ${who} ${foundBy}`), 5) },
  });
  const shown = await get(app, `/people/references/${trial}`);
  assert.equal(shown.statusCode, 200);
  assert.ok(!shown.body.includes('<script>alert'));
  assert.match(shown.body, /12 more files/);
  assert.equal(shown.body.match(/data-draw/g)?.length, 2);
  const api = await get(app, `/api/references/${trial}`);
  assert.equal(api.statusCode, 200);
  assert.ok(!api.body.includes('descriptor'));
  assert.equal(read(api, '/pictures/1/faces/1/size'), 80);

  const chosen = await form(app, `/people/references/${trial}/1`, [['face', '1']]);
  assert.deepEqual([chosen.statusCode, chosen.headers.location], [303, '/people/3']);
  const box = (['x', 'y', 'w', 'h'] as const).map((name): [string, string] => [name, '25']);
  const drawn = await form(app, `/people/references/${trial}/2/box`, box);
  assert.deepEqual([drawn.statusCode, drawn.headers.location], [303, '/people/3']);
  assert.deepEqual(calls, [
    'refimg 3 detector',
    'start {"kind":"identifyPerson","person":3}',
    `draw ${JSON.stringify({ of: { hash: 'ab'.repeat(32), title: hostile }, person: 3, box: { x: 0.25, y: 0.25, w: 0.25, h: 0.25 } })}`,
  ]);
  for (const wrong of [`${trial}/1`, `${trial}/9`, `${trial}/3`]) {
    assert.equal((await form(app, `/people/references/${wrong}`, [['face', '2']])).statusCode, 400, wrong);
  }
});

test('the name of a person may be anything but nothing', async () => {
  const { app } = fakeHouse({ library: { addPerson: async () => 1 } });
  const add = (name: string) =>
    app.inject({ method: 'POST', url: '/api/people', headers: { host: '127.0.0.1:4800' }, payload: { name } });
  for (const name of ['\u202Egnp', '<script>alert(1)</script>', '👩‍👩‍👧', 'x'.repeat(200), "O'Neil\n"]) {
    assert.equal((await add(name)).statusCode, 200, name);
  }
  for (const name of ['', ' ', 'a\0', '\0', 'x'.repeat(201)]) assert.equal((await add(name)).statusCode, 400, name);
});
