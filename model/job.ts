import Type, { type Static } from 'typebox';
import { Forget } from './face-scans.ts';
import { chainSteps, jobKinds, scheduleNames } from './job-kinds.ts';

export const JobStatus = Type.Enum(['running', 'completed', 'failed', 'canceled', 'paused', 'needs-approval']);
export type JobStatus = 'running' | 'completed' | 'failed' | 'canceled' | 'paused' | 'needs-approval';

const Kind = Type.Enum([...jobKinds]);

const ErrorBody = Type.Object({ code: Type.String(), message: Type.String() });

const StepStatus = Type.Enum(['waiting', 'running', 'done', 'failed', 'auto-failed']);

export const JobStep = Type.Object({
  name: Type.String(),
  status: StepStatus,
  files: Type.Object({ total: Type.Integer(), done: Type.Integer(), failed: Type.Integer() }),
  error: Type.Optional(ErrorBody),
});
export type JobStep = Static<typeof JobStep>;

/** `total` is null while it is not known (a first scan); rates are files a second over the last half minute. */
export const JobProgress = Type.Object({
  done: Type.Integer(),
  total: Type.Union([Type.Integer(), Type.Null()]),
  perSecond: Type.Union([Type.Number(), Type.Null()]),
  secondsLeft: Type.Union([Type.Number(), Type.Null()]),
});
export type JobProgress = Static<typeof JobProgress>;

/** A job as the API and the pages show it: a Temporal workflow execution with what the tables know of it. */
export const Job = Type.Object({
  id: Type.String(),
  runId: Type.String(),
  kind: Kind,
  title: Type.String(),
  status: JobStatus,
  startedAt: Type.String({ format: 'date-time' }),
  endedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  error: Type.Union([ErrorBody, Type.Null()]),
  waitsFor: Type.Array(Type.String()),
  /** Why its work rests now, though nobody paused it: the machine is not free for it, quiet hours, or a path none can read. */
  waitsBecause: Type.Union([Type.String(), Type.Null()]),
  autoFailedBy: Type.Union([Type.String(), Type.Null()]),
  parent: Type.Union([Type.String(), Type.Null()]),
  root: Type.Union([Type.Integer(), Type.Null()]),
  dir: Type.Union([Type.Integer(), Type.Null()]),
  person: Type.Union([Type.Integer(), Type.Null()]),
  plan: Type.Union([Type.Integer(), Type.Null()]),
  steps: Type.Array(JobStep),
  progress: JobProgress,
  /** What a finished scan found; `num_files` is what those who wait for it are told. */
  result: Type.Union([
    Type.Object({
      dirs: Type.Integer(),
      changedDirs: Type.Integer(),
      num_files: Type.Integer(),
      failedDirs: Type.Integer(),
    }),
    Type.Null(),
  ]),
  /** The dir in which a chain of dirs ended, and how many after it were not gone through because of that. */
  failedIn: Type.Union([
    Type.Object({ dir: Type.Integer(), path: Type.String(), notRun: Type.Integer() }),
    Type.Null(),
  ]),
  /** What a person is asked about, by approve or reject: so many files, of so many of the path, are gone at once. */
  asks: Type.Union([Type.Object({ files: Type.Integer(), of: Type.Integer() }), Type.Null()]),
  temporalUrl: Type.Union([Type.String(), Type.Null()]),
});
export type Job = Static<typeof Job>;

export const LogLevel = Type.Enum(['info', 'warn', 'error']);
export type LogLevel = 'info' | 'warn' | 'error';

export const LogLine = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  job: Type.String(),
  dir: Type.Union([Type.Integer(), Type.Null()]),
  file: Type.Union([Type.Integer(), Type.Null()]),
  level: LogLevel,
  text: Type.String(),
});
export type LogLine = Static<typeof LogLine>;

/** The memo a workflow keeps of itself (job-kinds.ts, JobMemo), as it comes back from Temporal. */
export const StoredJobMemo = Type.Object({
  kind: Kind,
  root: Type.Optional(Type.Integer()),
  dir: Type.Optional(Type.Integer()),
  person: Type.Optional(Type.Integer()),
  plan: Type.Optional(Type.Integer()),
  parent: Type.Optional(Type.String()),
  waitsFor: Type.Array(Type.String()),
  steps: Type.Array(Type.Object({ name: Type.String(), status: StepStatus })),
  paused: Type.Boolean(),
  autoFailedBy: Type.Optional(Type.String()),
  error: Type.Optional(ErrorBody),
  result: Type.Optional(
    Type.Object({
      dirs: Type.Integer(),
      changedDirs: Type.Integer(),
      numFiles: Type.Integer(),
      failedDirs: Type.Integer(),
    }),
  ),
  afterDir: Type.Optional(Type.Integer()),
  all: Type.Optional(Type.Boolean()),
  failedDir: Type.Optional(Type.Integer()),
  notRun: Type.Optional(Type.Integer()),
  forget: Type.Optional(Forget),
  thenRescan: Type.Optional(Type.Boolean()),
  rescan: Type.Optional(Type.Object({ before: Type.Integer(), outdated: Type.Boolean(), total: Type.Integer() })),
  pictures: Type.Optional(Type.Object({ done: Type.Integer(), total: Type.Integer() })),
  asks: Type.Optional(Type.Object({ files: Type.Integer(), of: Type.Integer() })),
  what: Type.Optional(Type.Enum([...scheduleNames])),
  state: Type.Optional(Type.String()),
  since: Type.Optional(Type.String()),
});
export type StoredJobMemo = Static<typeof StoredJobMemo>;

const Rescan = {
  again: Type.Optional(Type.Boolean({ description: 'look for faces in all pictures again' })),
  outdated: Type.Optional(Type.Boolean({ description: 'only in those searched with other settings or networks' })),
};

/** What `POST /api/jobs` takes: start (or join) a job. */
export const StartJob = Type.Union([
  Type.Object(
    { kind: Type.Literal('findFiles'), deep: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('scanPath'),
      root: Type.Integer({ minimum: 1 }),
      deep: Type.Optional(Type.Boolean()),
      acceptDevice: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('importPath'),
      root: Type.Integer({ minimum: 1 }),
      deep: Type.Optional(Type.Boolean()),
      acceptDevice: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('dirChain'),
      dir: Type.Integer({ minimum: 1 }),
      from: Type.Optional(Type.Enum([...chainSteps])),
      ...Rescan,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('facesOfPath'),
      root: Type.Integer({ minimum: 1 }),
      ...Rescan,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('identifyPerson'),
      person: Type.Optional(Type.Integer({ minimum: 1 })),
      dir: Type.Optional(Type.Integer({ minimum: 1 })),
      all: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('resetFaces'),
      dir: Type.Optional(Type.Integer({ minimum: 1 })),
      forget: Forget,
      rescan: Type.Optional(Type.Boolean({ description: 'then start what finds them anew' })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('removeMissing'), root: Type.Integer({ minimum: 1 }) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('planMoves'), plan: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('moveFiles'), plan: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('undoMoves'), plan: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('checkFiles'), root: Type.Integer({ minimum: 1 }) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('measureDistances') }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('groupFaces') }, { additionalProperties: false }),
]);
export type StartJob = Static<typeof StartJob>;
