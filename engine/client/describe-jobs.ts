import Value from 'typebox/value';
import { StoredJobMemo, type Job, type JobProgress, type JobStatus, type JobStep } from '../../model/job.ts';
import { jobId, memoKey, type JobKind } from '../../model/job-kinds.ts';
import type { Dir, Root } from '../../model/library.ts';
import type { Database } from '../../sql/database.ts';
import { dirsById } from '../../sql/dirs.ts';
import { personNames } from '../../sql/people.ts';
import { recentRates } from '../../sql/log.ts';
import { countRescanned } from '../../sql/rescans.ts';
import { listRoots } from '../../sql/roots.ts';

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
interface Tables {
  roots: Map<number, Root>;
  dirs: Map<number, Dir>;
  /** Names by number. */
  people: Map<number, string>;
  rates: { job: Map<string, number>; root: Map<number, number> };
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

/** Executions as jobs, with titles, counts and rates from the tables: four queries, however many jobs. */
export async function describeJobs(
  sql: Database,
  executions: readonly Execution[],
  temporalUi: (execution: Execution) => string | null,
): Promise<Job[]> {
  const memos = executions.map((execution) => memoOf(execution) ?? memoFromId(execution));
  const dirIds = memos.flatMap(({ dir, failedDir }) => [dir, failedDir].filter((id) => id !== undefined));
  const rescans = memos.flatMap(({ root, dir, rescan }, i) => (rescan ? [{ i, place: { root, dir }, rescan }] : []));
  const [roots, dirs, people, rates, rescanned] = await Promise.all([
    listRoots(sql),
    dirsById(sql, dirIds),
    personNames(
      sql,
      memos.flatMap((memo) => memo.person ?? []),
    ),
    recentRates(sql),
    countRescanned(
      sql,
      rescans.map(({ place, rescan: { before } }) => ({ ...place, before })),
    ),
  ]);
  const tables: Tables = {
    roots: new Map(roots.map((root) => [root.id, root])),
    dirs: new Map(dirs.map((dir) => [dir.id, dir])),
    people,
    rates,
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
      autoFailedBy: memo.autoFailedBy ?? null,
      parent: memo.parent ?? execution.parentExecution?.workflowId ?? null,
      root: memo.root ?? (memo.dir === undefined ? null : (tables.dirs.get(memo.dir)?.root ?? null)),
      dir: memo.dir ?? null,
      person: memo.person ?? null,
      steps: memo.steps.map((step) => stepOf(step, status, memo, counts)),
      progress: progressOf(execution, memo, status, counts, tables),
      result: memo.result ? { ...omitNumFiles(memo.result), num_files: memo.result.numFiles } : null,
      failedIn: failedIn(memo, status, tables),
      asks: status === 'needs-approval' ? (memo.asks ?? null) : null,
      temporalUrl: temporalUi(execution),
    };
  });
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
  if (workflowId === jobId.facesOfPath(number)) return { ...base, kind: 'facesOfPath', root: number };
  if (workflowId === jobId.identifyPerson(number)) return { ...base, kind: 'identifyPerson', person: number };
  if (type === 'identifyPerson') return { ...base, kind: 'identifyPerson' };
  if (type === 'tryFaces') return { ...base, kind: 'tryFaces' };
  if (type === 'addRefimgs') return { ...base, kind: 'addRefimgs' };
  if (type === 'drawFace') return { ...base, kind: 'drawFace' };
  if (type === 'takeOverRegions') return { ...base, kind: 'takeOverRegions' };
  if (type === 'measureDistances') return { ...base, kind: 'measureDistances' };
  if (type === 'groupFaces') return { ...base, kind: 'groupFaces' };
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

function titleOf(memo: StoredJobMemo, { roots, dirs, people }: Tables): string {
  const root = memo.root === undefined ? undefined : roots.get(memo.root);
  const path = root?.path ?? `path ${memo.root}`;
  switch (memo.kind) {
    case 'engine':
      return 'Engine';
    case 'findFiles':
      return 'Find files in all paths';
    case 'scanPath':
      return `Scan ${path}`;
    case 'importPath':
      return `${root?.kind === 'storage' ? 'Read' : 'Import'} ${path}`;
    case 'tryFile':
      return 'Try files';
    case 'tryFaces':
      return 'Try other settings for faces';
    case 'measureDistances':
      return 'Measure how far faces are apart';
    case 'groupFaces':
      return 'Group unknown faces';
    case 'addRefimgs':
      return memo.person === undefined
        ? 'Add reference images from a folder'
        : `Add reference images of ${people.get(memo.person) ?? `person ${memo.person}`}`;
    case 'drawFace':
      return `Add a face of ${people.get(memo.person ?? 0) ?? `person ${memo.person}`} drawn by hand`;
    case 'takeOverRegions':
      return 'Take over names written in files';
    case 'removeMissing':
      return `Remove what is gone from ${path}`;
    case 'facesOfPath':
      return `Look for faces in ${path}`;
    case 'resetFaces': {
      const where = memo.dir === undefined ? 'everywhere' : `in ${dirs.get(memo.dir)?.path ?? `directory ${memo.dir}`}`;
      return `Forget ${memo.forget === 'faces' ? 'faces' : 'who the faces are'} ${where}`;
    }
    case 'identifyPerson': {
      const who = memo.person === undefined ? 'everybody' : (people.get(memo.person) ?? `person ${memo.person}`);
      return memo.dir === undefined
        ? `Find ${who}`
        : `Find ${who} in ${dirs.get(memo.dir)?.path ?? `directory ${memo.dir}`}`;
    }
    case 'dirChain':
      return (memo.dir === undefined ? undefined : dirs.get(memo.dir)?.path) ?? `directory ${memo.dir}`;
  }
}

/** Jobs whose work is not told in files of the library. */
const withoutFiles: JobKind[] = [
  ...(['tryFile', 'tryFaces', 'addRefimgs', 'drawFace', 'takeOverRegions', 'resetFaces'] as const),
  ...(['removeMissing', 'measureDistances', 'groupFaces'] as const),
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

function stepOf(step: StoredJobMemo['steps'][number], status: JobStatus, memo: StoredJobMemo, counts: Counts): JobStep {
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
    files: filesOf(step.name, counts),
    ...(stepStatus === 'failed' && memo.error ? { error: memo.error } : {}),
  };
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
      return { total: 0, done: 0, failed: 0 };
  }
}

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
