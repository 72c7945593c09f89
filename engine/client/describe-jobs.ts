import Value from 'typebox/value';
import { StoredJobMemo, type Job, type JobProgress, type JobStatus, type JobStep } from '../../model/job.ts';
import { jobId, memoKey, type JobKind } from '../../model/job-kinds.ts';
import { clockOf, quietMinutesLeft } from '../../model/quiet-hours.ts';
import type { Database } from '../../sql/database.ts';
import { dirsById } from '../../sql/dirs.ts';
import { listJobWaits, type JobWait } from '../../sql/job-waits.ts';
import { personNames } from '../../sql/people.ts';
import { recentRates } from '../../sql/log.ts';
import { planLedgers, planRoots, type PlanLedger } from '../../sql/plans.ts';
import { countRescanned } from '../../sql/rescans.ts';
import { listRoots } from '../../sql/roots.ts';
import { readStoredSettings } from '../../sql/settings.ts';
import { titleOf, type NamedTables } from './job-title.ts';

/** What is asked of Temporal's execution info, as list and describe both give it. */
export interface Execution {
  workflowId: string;
  runId: string;
  type: string;
  status: { name: string };
  startTime: Date;
  closeTime?: Date | undefined;
  memo?: Record<string, unknown> | undefined;
  parentExecution?: { workflowId?: string | null | undefined } | undefined;
}

/** What one execution needs of the tables to be shown; read once for a whole page of jobs. */
interface Tables extends NamedTables {
  plans: Map<number, PlanLedger>;
  /** The paths that plans have to do with. */
  planned: Map<number, number[]>;
  rates: { job: Map<string, number>; root: Map<number, number> };
  waits: JobWait[];
  /** When the quiet hours end, where it is quiet now. */
  quietUntil: string | null;
}

interface Counts {
  numFiles: number;
  numRead: number;
  numFailed: number;
  numPictures: number;
  numSearched: number;
  numFacesFailed: number;
}

const nothing: Counts = {
  ...{ numFiles: 0, numRead: 0, numFailed: 0 },
  ...{ numPictures: 0, numSearched: 0, numFacesFailed: 0 },
};

/** The memo of an execution; undefined for one that is not ours, or has not run yet. */
export function memoOf(execution: Execution): StoredJobMemo | undefined {
  const memo = execution.memo?.[memoKey];
  return Value.Check(StoredJobMemo, memo) ? memo : undefined;
}

/** Executions as jobs, with titles, counts and rates from the tables: nine queries, however many jobs. */
export async function describeJobs(
  sql: Database,
  executions: readonly Execution[],
  temporalUi: (execution: Execution) => string | null,
): Promise<Job[]> {
  const memos = executions.map((execution) => memoOf(execution) ?? memoFromId(execution));
  const dirIds = memos.flatMap(({ dir, failedDir }) => [dir, failedDir].filter((id) => id !== undefined));
  const rescans = memos.flatMap(({ root, dir, rescan }, i) => (rescan ? [{ i, place: { root, dir }, rescan }] : []));
  const planIds = memos.flatMap((memo) => memo.plan ?? []);
  const [roots, dirs, people, plans, planned, rates, rescanned, waits, settings] = await Promise.all([
    listRoots(sql),
    dirsById(sql, dirIds),
    personNames(
      sql,
      memos.flatMap((memo) => memo.person ?? []),
    ),
    planLedgers(sql, planIds),
    planRoots(sql, planIds),
    recentRates(sql),
    countRescanned(
      sql,
      rescans.map(({ place, rescan: { before } }) => ({ ...place, before })),
    ),
    listJobWaits(sql),
    readStoredSettings(sql),
  ]);
  const tables: Tables = {
    roots: new Map(roots.map((root) => [root.id, root])),
    dirs: new Map(dirs.map((dir) => [dir.id, dir])),
    people,
    plans,
    planned,
    rates,
    waits,
    quietUntil: quietMinutesLeft(clockOf(new Date()), settings) > 0 ? settings.quietTo : null,
  };
  return executions.map((execution, i) => {
    const memo = memos[i] ?? memoFromId(execution);
    const status = statusOf(execution, memo);
    const again = rescans.findIndex((each) => each.i === i);
    const counts = countsOf(memo, tables, again === -1 ? null : (rescanned[again] ?? 0));
    return {
      id: execution.workflowId,
      runId: execution.runId,
      kind: memo.kind,
      title: titleOf(memo, tables),
      status,
      startedAt: execution.startTime.toISOString(),
      endedAt: execution.closeTime?.toISOString() ?? null,
      error: status === 'failed' ? (memo.error ?? endedError(execution)) : null,
      waitsFor: memo.waitsFor,
      waitsBecause: status === 'running' ? (unreadable(memo, tables) ?? waitOf(execution, memo, tables)) : null,
      autoFailedBy: memo.autoFailedBy ?? null,
      parent: memo.parent ?? execution.parentExecution?.workflowId ?? null,
      root: memo.root ?? (memo.dir === undefined ? null : (tables.dirs.get(memo.dir)?.root ?? null)),
      dir: memo.dir ?? null,
      person: memo.person ?? null,
      plan: memo.plan ?? null,
      steps: memo.steps.map((step) => stepOf(step, status, memo, counts, tables)),
      progress: progressOf(execution, memo, status, counts, tables),
      result: memo.result ? { ...omitNumFiles(memo.result), num_files: memo.result.numFiles } : null,
      failedIn: failedIn(memo, status, tables),
      asks: status === 'needs-approval' ? (memo.asks ?? null) : null,
      temporalUrl: temporalUi(execution),
    };
  });
}

/** Jobs that read or write in paths, and are told to wait where no worker can. */
const needsPath: readonly JobKind[] = [
  ...(['scanPath', 'importPath', 'dirChain', 'removeMissing', 'checkFiles'] as const),
  ...(['planMoves', 'moveFiles', 'undoMoves'] as const),
];

function unreadable({ kind, root, dir, plan }: StoredJobMemo, { roots, dirs, planned }: Tables): string | null {
  if (!needsPath.includes(kind)) return null;
  const of = root ?? (dir === undefined ? undefined : dirs.get(dir)?.root);
  const ids = plan === undefined ? [of] : planned.get(plan);
  const unseen = ids?.map((id) => (id === undefined ? undefined : roots.get(id))).find((each) => each?.unseen);
  return unseen ? `no worker can read this path: ${unseen.path}` : null;
}

const omitNumFiles = ({ dirs, changedDirs, failedDirs }: NonNullable<StoredJobMemo['result']>) => ({
  dirs,
  changedDirs,
  failedDirs,
});

/** A job that has been asked for and not begun has no memo; its id tells what it is. */
function memoFromId({ workflowId, type }: Execution): StoredJobMemo {
  const number = Number(workflowId.split('/')[1]);
  const base = { waitsFor: [], steps: [], paused: false };
  if (workflowId === jobId.scanPath(number)) return { ...base, kind: 'scanPath', root: number };
  if (workflowId === jobId.importPath(number)) return { ...base, kind: 'importPath', root: number };
  if (workflowId === jobId.dirChain(number)) return { ...base, kind: 'dirChain', dir: number };
  if (type === 'resetFaces') return { ...base, kind: 'resetFaces', ...(number > 0 && { dir: number }) };
  if (workflowId === jobId.removeMissing(number)) return { ...base, kind: 'removeMissing', root: number };
  if (workflowId === jobId.planMoves(number)) return { ...base, kind: 'planMoves', plan: number };
  if (workflowId === jobId.moveFiles(number)) return { ...base, kind: 'moveFiles', plan: number };
  if (workflowId === jobId.undoMoves(number)) return { ...base, kind: 'undoMoves', plan: number };
  if (workflowId === jobId.checkFiles(number)) return { ...base, kind: 'checkFiles', root: number };
  if (workflowId === jobId.facesOfPath(number)) return { ...base, kind: 'facesOfPath', root: number };
  if (workflowId === jobId.identifyPerson(number)) return { ...base, kind: 'identifyPerson', person: number };
  if (type === 'identifyPerson') return { ...base, kind: 'identifyPerson' };
  if (type === 'tryFaces') return { ...base, kind: 'tryFaces' };
  if (type === 'addRefimgs') return { ...base, kind: 'addRefimgs' };
  if (type === 'drawFace') return { ...base, kind: 'drawFace' };
  if (type === 'takeOverRegions') return { ...base, kind: 'takeOverRegions' };
  if (type === 'measureDistances') return { ...base, kind: 'measureDistances' };
  if (type === 'groupFaces') return { ...base, kind: 'groupFaces' };
  if (type === 'scheduled') return { ...base, kind: 'scheduled' };
  if (type === 'tryFile') return { ...base, kind: 'tryFile' };
  return { ...base, kind: type === 'engine' ? 'engine' : 'findFiles' };
}

function failedIn(memo: StoredJobMemo, status: JobStatus, { dirs }: Tables): Job['failedIn'] {
  const { failedDir: dir, notRun = 0 } = memo;
  if (dir === undefined || status !== 'failed') return null;
  return { dir, path: dirs.get(dir)?.path ?? `directory ${dir}`, notRun };
}

function statusOf(execution: Execution, memo: StoredJobMemo): JobStatus {
  switch (execution.status.name) {
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
      return 'canceled';
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'failed';
    default:
      return memo.paused ? 'paused' : memo.asks ? 'needs-approval' : 'running';
  }
}

/** The reason of an end that the workflow itself could not tell. */
const endedError = (execution: Execution) =>
  execution.status.name === 'TERMINATED'
    ? { code: 'job.canceled', message: 'The job was terminated from outside.' }
    : { code: 'step.failed', message: 'The job ended without telling why; its page in Temporal shows its history.' };

/** Why a running job rests; a path's job rests with the jobs of its dirs. */
function waitOf({ workflowId }: Execution, memo: StoredJobMemo, { waits, quietUntil }: Tables): string | null {
  const own = waits.find(({ job }) => job === workflowId);
  if (own) return own.why;
  const waitsForQuiet = memo.kind === 'scheduled' && memo.steps[0]?.status === 'running';
  if (waitsForQuiet && quietUntil !== null) return `waits for the quiet hours to end at ${quietUntil}`;
  const ofPath = memo.kind === 'importPath' || memo.kind === 'facesOfPath';
  const part = waits.find(({ job, root }) => (ofPath && root === memo.root) || memo.waitsFor.includes(job));
  return part?.why ?? null;
}

/** Jobs whose work is not told in files of the library. */
const withoutFiles: JobKind[] = [
  ...(['tryFile', 'tryFaces', 'addRefimgs', 'drawFace', 'takeOverRegions', 'resetFaces'] as const),
  ...(['removeMissing', 'measureDistances', 'groupFaces', 'planMoves', 'checkFiles', 'scheduled'] as const),
];

/** `rescanned`: how many pictures a job that looks again has done. */
function countsOf(memo: StoredJobMemo, tables: Tables, rescanned: number | null): Counts {
  const counts = countsOfPlace(memo, tables);
  if (rescanned === null || !memo.rescan) return counts;
  // Pictures that came meanwhile are looked at as well.
  const numPictures = Math.max(memo.rescan.total, rescanned);
  return { ...counts, numPictures, numSearched: rescanned, numFacesFailed: Math.min(rescanned, counts.numFacesFailed) };
}

function countsOfPlace(memo: StoredJobMemo, { roots, dirs }: Tables): Counts {
  if (withoutFiles.includes(memo.kind)) return nothing;
  if (memo.dir !== undefined) return dirs.get(memo.dir) ?? nothing;
  const chosen =
    memo.root === undefined ? [...roots.values()] : [roots.get(memo.root)].filter((root) => root !== undefined);
  const sum = (key: keyof Counts) => chosen.reduce((total, root) => total + root[key], 0);
  return {
    numFiles: sum('numFiles'),
    numRead: sum('numRead'),
    numFailed: sum('numFailed'),
    numPictures: sum('numPictures'),
    numSearched: sum('numSearched'),
    numFacesFailed: sum('numFacesFailed'),
  };
}

function stepOf(
  step: StoredJobMemo['steps'][number],
  status: JobStatus,
  memo: StoredJobMemo,
  counts: Counts,
  tables: Tables,
): JobStep {
  // A job that was ended from outside could not write down that its step stopped.
  const ended = step.status === 'running' && status !== 'running' && status !== 'paused';
  const stepStatus = ended
    ? status === 'completed'
      ? 'done'
      : status === 'failed'
        ? 'failed'
        : 'waiting'
    : step.status;
  return {
    name: step.name,
    status: stepStatus,
    files: movedFiles(step.name, memo, tables) ?? filesOf(step.name, counts),
    ...(stepStatus === 'failed' && memo.error ? { error: memo.error } : {}),
  };
}

/** Files of a plan that are to be moved or taken back; null for other steps. */
function movedFiles(step: string, { plan }: StoredJobMemo, { plans }: Tables): JobStep['files'] | null {
  const known = plan === undefined ? undefined : plans.get(plan);
  if (!known) return null;
  const { planned, moved, failed, undone, found } = known.ledger;
  switch (step) {
    case 'plan':
      return { total: found, done: found, failed: 0 };
    case 'move':
      return { total: planned + moved + failed + undone, done: moved + failed + undone, failed };
    case 'take back':
      return { total: known.wantedBack + undone, done: undone, failed: 0 };
    default:
      return null;
  }
}

function filesOf(step: string, counts: Counts): JobStep['files'] {
  const { numFiles, numRead, numFailed, numPictures, numSearched, numFacesFailed } = counts;
  switch (step) {
    case 'scan':
      return { total: numFiles, done: numFiles, failed: 0 };
    case 'thumbs':
      return { total: numFiles, done: numRead, failed: numFailed };
    case 'faces':
      return { total: numPictures, done: numSearched, failed: numFacesFailed };
    default:
      return noFiles;
  }
}

const noFiles = { total: 0, done: 0, failed: 0 };

/** Which files a job counts: those that are read, or those that faces are looked for in. */
function workOf(memo: StoredJobMemo, counts: Counts): { done: number; total: number } {
  const searches =
    memo.kind === 'facesOfPath' ||
    memo.rescan ||
    memo.steps.some(({ name, status }) => name === 'faces' && status === 'running');
  return searches
    ? { done: counts.numSearched, total: counts.numPictures }
    : { done: counts.numRead, total: counts.numFiles };
}

function progressOf(
  { workflowId: id, startTime }: Execution,
  memo: StoredJobMemo,
  status: JobStatus,
  counts: Counts,
  tables: Tables,
): JobProgress {
  const running = status === 'running';
  if (memo.kind === 'scanPath' || memo.kind === 'findFiles') {
    const rates =
      memo.kind === 'scanPath'
        ? [tables.rates.job.get(id)]
        : [...tables.roots.keys()].map((root) => tables.rates.job.get(jobId.scanPath(root)));
    const perSecond = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
    return {
      done: counts.numFiles,
      total: running ? null : counts.numFiles,
      perSecond: running ? perSecond : null,
      secondsLeft: null,
    };
  }
  if (memo.kind === 'moveFiles' || memo.kind === 'undoMoves') {
    const { done, total } = movedFiles(memo.kind === 'moveFiles' ? 'move' : 'take back', memo, tables) ?? noFiles;
    const perSecond = running ? (tables.rates.job.get(id) ?? null) : null;
    return { done, total, perSecond, secondsLeft: perSecond ? (total - done) / perSecond : null };
  }
  if (memo.kind === 'takeOverRegions') {
    const { done, total } = memo.pictures ?? { done: 0, total: 0 };
    const seconds = (Date.now() - startTime.getTime()) / 1000;
    const perSecond = running && done > 0 ? done / Math.max(1, seconds) : null;
    const secondsLeft = perSecond === null ? null : (total - done) / perSecond;
    return { done, total: memo.pictures === undefined && running ? null : total, perSecond, secondsLeft };
  }
  if (withoutFiles.includes(memo.kind)) {
    return { done: 0, total: running ? null : 0, perSecond: null, secondsLeft: null };
  }
  const { done, total } = workOf(memo, counts);
  const roots = memo.root === undefined ? [...tables.rates.root.values()] : [tables.rates.root.get(memo.root) ?? 0];
  const rate = memo.kind === 'dirChain' ? (tables.rates.job.get(id) ?? 0) : roots.reduce((sum, each) => sum + each, 0);
  const left = rate > 0 ? (total - done) / rate : null;
  return { done, total, perSecond: running ? rate : null, secondsLeft: running ? left : null };
}
