import type { Job, JobStatus, StoredJobMemo } from '../../model/job.ts';
import type { Database } from '../../sql/database.ts';
import { countsOf } from './job-counts.ts';
import { memoOrId, type Execution } from './job-memo.ts';
import { progressOf } from './job-progress.ts';
import { stepOf } from './job-steps.ts';
import { readJobTables, type JobTables } from './job-tables.ts';
import { titleOf } from './job-title.ts';
import { whyItWaits } from './why-it-waits.ts';

/** Executions as jobs, with titles, counts and rates from the tables. */
export async function describeJobs(
  sql: Database,
  executions: readonly Execution[],
  temporalUi: (execution: Execution) => string | null,
): Promise<Job[]> {
  const memos = executions.map(memoOrId);
  const tables = await readJobTables(sql, memos);
  return executions.map((execution, i) => {
    const memo = memos[i] ?? memoOrId(execution);
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
      waitsBecause: status === 'running' ? whyItWaits(execution, memo, tables) : null,
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

const omitNumFiles = ({ dirs, changedDirs, failedDirs }: NonNullable<StoredJobMemo['result']>) => ({
  dirs,
  changedDirs,
  failedDirs,
});

function failedIn(memo: StoredJobMemo, status: JobStatus, { dirs }: JobTables): Job['failedIn'] {
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
