import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { defaultDataConverter } from '@temporalio/common';
import type { JobStatus } from '../../model/job.ts';
import type { JobKind } from '../../model/job-kinds.ts';
import { keptFor } from './kept-for.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import type { Temporal } from './temporal.ts';

export interface JobFilter {
  kinds?: JobKind[];
  status?: JobStatus;
  root?: number;
  dir?: number;
  /** Id of the job that started it. */
  parent?: string;
  /** Id of the job whose failure auto-failed it. */
  autoFailedBy?: string;
  cursor?: string;
  /** At most 200. */
  limit?: number;
}

const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const statusQuery: Record<JobStatus, string> = {
  running: "ExecutionStatus = 'Running' AND JobState IS NULL",
  paused: "ExecutionStatus = 'Running' AND JobState = 'paused'",
  'needs-approval': "ExecutionStatus = 'Running' AND JobState = 'needs-approval'",
  completed: "ExecutionStatus = 'Completed'",
  failed: "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')",
  canceled: "ExecutionStatus = 'Canceled'",
};

/** Temporal's list filter for jobs. Runs that were continued as new are parts of a job, not jobs. */
function toQuery({ kinds, status, root, dir, parent, autoFailedBy }: JobFilter): string {
  return [
    "JobKind IS NOT NULL AND ExecutionStatus != 'ContinuedAsNew'",
    kinds && `JobKind IN (${kinds.map(quoted).join(', ')})`,
    status && statusQuery[status],
    root !== undefined && `JobRoot = ${quoted(String(root))}`,
    dir !== undefined && `JobDir = ${quoted(String(dir))}`,
    parent && `ParentWorkflowId = ${quoted(parent)}`,
    autoFailedBy && `AutoFailedBy = ${quoted(autoFailedBy)}`,
  ]
    .filter(Boolean)
    .join(' AND ');
}

export interface ExecutionPage {
  executions: WorkflowExecutionInfo[];
  next: string | null;
}

/** Paused jobs and those that wait for a person's answer do not run. */
export type JobCounts = Record<'running' | 'paused' | 'completed' | 'failed', number>;

/** Of so many failures, the newest ones, it is asked whether they were run again since. */
const mostLookedUp = 200;

export function createExecutionFinder({ client, ask }: Temporal, namespace: string) {
  /** How many failed without having been run again, when there were so many of each outcome. */
  let failed: { outcomes: string; count: number } | null = null;
  const count = async (query: string) => (await ask(() => client.workflow.count(query))).count;
  // Temporal goes through all of them to count them: tens of thousands after a large import.
  const completed = keptFor({ fresh: 900, good: 2000 }, () => count(statusQuery.completed));
  const paused = keptFor({ fresh: 900, good: 2000 }, () => count(statusQuery.paused));

  async function page(query: string, limit: number, cursor?: string): Promise<ExecutionPage> {
    const raw = await ask(() =>
      client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: limit,
        ...(cursor === undefined ? {} : { nextPageToken: readCursor(cursor) }),
      }),
    );
    const executions = await Promise.all(
      raw.executions.map((each) => executionInfoFromRaw(each, defaultDataConverter, each, namespace)),
    );
    const next = raw.nextPageToken.length > 0 ? writeCursor(raw.nextPageToken) : null;
    return { executions, next };
  }

  /** Those of the executions that are the newest of their id: an older failure that was run again is history. */
  async function newest(executions: readonly WorkflowExecutionInfo[]): Promise<WorkflowExecutionInfo[]> {
    const ids = [...new Set(executions.map((each) => each.workflowId))];
    const started = new Map<string, number>();
    // A filter may hold only so many names.
    for (let i = 0; i < ids.length; i += 50) {
      const same = await page(
        `WorkflowId IN (${ids
          .slice(i, i + 50)
          .map(quoted)
          .join(', ')})`,
        500,
      );
      for (const { workflowId, startTime } of same.executions) {
        started.set(workflowId, Math.max(started.get(workflowId) ?? 0, startTime.getTime()));
      }
    }
    return executions.filter((each) => each.startTime.getTime() >= (started.get(each.workflowId) ?? 0));
  }

  return {
    /**
     * A page of executions, running ones first, then newest first. Failures that were run again since are left out. Throws
     * request.invalid for a cursor that is none.
     */
    async find(filter: JobFilter): Promise<ExecutionPage> {
      const limit = Math.min(filter.limit ?? 50, 200);
      const found = await page(toQuery(filter), limit, filter.cursor);
      return filter.status === 'failed' || filter.autoFailedBy
        ? { ...found, executions: await newest(found.executions) }
        : found;
    },

    /** How many jobs there are by outcome, the engine itself left out. */
    async count(): Promise<JobCounts> {
      const [running, resting, ended, failures] = await Promise.all([
        count(`JobKind != 'engine' AND ${statusQuery.running}`),
        paused(),
        completed(),
        count(statusQuery.failed),
      ]);
      // Which failures were run again since takes long to ask, and changes only with these numbers.
      const outcomes = `${running} ${ended} ${failures}`;
      if (failed?.outcomes !== outcomes) {
        const { executions } = await page(`JobKind IS NOT NULL AND ${statusQuery.failed}`, mostLookedUp);
        const again = executions.length - (await newest(executions)).length;
        failed = { outcomes, count: failures - again };
      }
      return { running, paused: resting, completed: ended, failed: failed.count };
    },
  };
}
