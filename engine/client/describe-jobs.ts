import Value from 'typebox/value';
import { StoredJobMemo, type Job, type JobProgress, type JobStatus, type JobStep } from '../../model/job.ts';
import { jobId, memoKey } from '../../model/job-kinds.ts';
import type { Dir, Root } from '../../model/library.ts';
import type { Database } from '../../sql/database.ts';
import { dirsById } from '../../sql/dirs.ts';
import { recentRates } from '../../sql/log.ts';
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
  rates: { job: Map<string, number>; root: Map<number, number> };
}

interface Counts {
  numFiles: number;
  numRead: number;
  numFailed: number;
}

/** The memo of an execution; undefined for one that is not ours, or has not run yet. */
export function memoOf(execution: Execution): StoredJobMemo | undefined {
  const memo = execution.memo?.[memoKey];
  return Value.Check(StoredJobMemo, memo) ? memo : undefined;
}

/** Executions as jobs, with titles, counts and rates from the tables: three queries, however many jobs. */
export async function describeJobs(
  sql: Database,
  executions: readonly Execution[],
  temporalUi: (execution: Execution) => string | null,
): Promise<Job[]> {
  const memos = executions.map((execution) => memoOf(execution) ?? memoFromId(execution));
  const dirIds = memos.flatMap((memo) => memo.dir ?? []);
  const [roots, dirs, rates] = await Promise.all([listRoots(sql), dirsById(sql, dirIds), recentRates(sql)]);
  const tables: Tables = {
    roots: new Map(roots.map((root) => [root.id, root])),
    dirs: new Map(dirs.map((dir) => [dir.id, dir])),
    rates,
  };
  return executions.map((execution, i) => {
    const memo = memos[i] ?? memoFromId(execution);
    const status = statusOf(execution, memo);
    const counts = countsOf(memo, tables);
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
      steps: memo.steps.map((step) => stepOf(step, status, memo, counts)),
      progress: progressOf(execution.workflowId, memo, status, counts, tables),
      result: memo.result ? { ...omitNumFiles(memo.result), num_files: memo.result.numFiles } : null,
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
  if (type === 'tryFile') return { ...base, kind: 'tryFile' };
  return { ...base, kind: type === 'engine' ? 'engine' : 'findFiles' };
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
      return memo.paused ? 'paused' : 'running';
  }
}

/** The reason of an end that the workflow itself could not tell. */
const endedError = (execution: Execution) =>
  execution.status.name === 'TERMINATED'
    ? { code: 'job.canceled', message: 'The job was terminated from outside.' }
    : { code: 'step.failed', message: 'The job ended without telling why; its page in Temporal shows its history.' };

function titleOf(memo: StoredJobMemo, { roots, dirs }: Tables): string {
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
    case 'dirChain':
      return (memo.dir === undefined ? undefined : dirs.get(memo.dir)?.path) ?? `directory ${memo.dir}`;
  }
}

function countsOf(memo: StoredJobMemo, { roots, dirs }: Tables): Counts {
  if (memo.kind === 'tryFile') return { numFiles: 0, numRead: 0, numFailed: 0 };
  if (memo.dir !== undefined) return dirs.get(memo.dir) ?? { numFiles: 0, numRead: 0, numFailed: 0 };
  const chosen =
    memo.root === undefined ? [...roots.values()] : [roots.get(memo.root)].filter((root) => root !== undefined);
  const sum = (key: keyof Counts) => chosen.reduce((total, root) => total + root[key], 0);
  return { numFiles: sum('numFiles'), numRead: sum('numRead'), numFailed: sum('numFailed') };
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
  const { numFiles: total, numRead, numFailed } = counts;
  const files = step.name === 'scan' ? { total, done: total, failed: 0 } : { total, done: numRead, failed: numFailed };
  return {
    name: step.name,
    status: stepStatus,
    files,
    ...(stepStatus === 'failed' && memo.error ? { error: memo.error } : {}),
  };
}

function progressOf(id: string, memo: StoredJobMemo, status: JobStatus, counts: Counts, tables: Tables): JobProgress {
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
  const { numRead: done, numFiles: total } = counts;
  const roots = memo.root === undefined ? [...tables.rates.root.values()] : [tables.rates.root.get(memo.root) ?? 0];
  const rate = memo.kind === 'dirChain' ? (tables.rates.job.get(id) ?? 0) : roots.reduce((sum, each) => sum + each, 0);
  const left = rate > 0 ? (total - done) / rate : null;
  return { done, total, perSecond: running ? rate : null, secondsLeft: running ? left : null };
}
