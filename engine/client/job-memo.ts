import Value from 'typebox/value';
import { StoredJobMemo } from '../../model/job.ts';
import { jobKinds, memoKey, type JobKind } from '../../model/job-kinds.ts';

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

/** The memo of an execution; undefined for one that is not ours, or has not run yet. */
export function memoOf(execution: Execution): StoredJobMemo | undefined {
  const memo = execution.memo?.[memoKey];
  return Value.Check(StoredJobMemo, memo) ? memo : undefined;
}

/** The same, or what the execution's type and id tell: a job that has been asked for and not begun has no memo. */
export function memoOrId(execution: Execution): StoredJobMemo {
  const memo = memoOf(execution);
  if (memo) return memo;
  const kind = jobKinds.find((each) => each === execution.type) ?? 'findFiles';
  const number = Number(execution.workflowId.split('/')[1]);
  return { kind, waitsFor: [], steps: [], paused: false, ...(number > 0 && numbered[kind]?.(number)) };
}

/** What the number in a job's id counts; the other ids have none, or one that is a name of their own. */
const numbered: Partial<Record<JobKind, (number: number) => Pick<StoredJobMemo, 'root' | 'dir' | 'person' | 'plan'>>> =
  {
    scanPath: (root) => ({ root }),
    importPath: (root) => ({ root }),
    facesOfPath: (root) => ({ root }),
    removeMissing: (root) => ({ root }),
    checkFiles: (root) => ({ root }),
    dirChain: (dir) => ({ dir }),
    resetFaces: (dir) => ({ dir }),
    identifyPerson: (person) => ({ person }),
    planMoves: (plan) => ({ plan }),
    moveFiles: (plan) => ({ plan }),
    undoMoves: (plan) => ({ plan }),
  };
