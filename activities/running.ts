import { activityInfo, CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError, type ErrorCode } from '../model/errors.ts';
import { databaseError } from '../sql/database.ts';

/** The id of the job this activity runs for. */
export const currentJob = (): string => activityInfo().workflowExecution?.workflowId ?? 'none';

/** The job's run, of which all its activities are parts. */
export function thisRun(): { job: string; run: string } {
  const { workflowExecution } = activityInfo();
  return { job: workflowExecution?.workflowId ?? 'none', run: workflowExecution?.runId ?? 'none' };
}

/** Throws when the job was canceled or paused. Call it between two pieces of work. */
export function stopIfCanceled(): void {
  if (Context.current().cancellationSignal.aborted) throw new CancelledFailure('canceled');
}

const gates = new AsyncLocalStorage<() => Promise<void>>();

/** Runs an activity that has to pass the gate before each piece of its work. */
export const withGate = <T>(gate: () => Promise<void>, work: () => Promise<T>): Promise<T> => gates.run(gate, work);

/** Call it before each piece of bulk work: it waits while the machine is not free for it, and throws as `stopIfCanceled`. */
export async function nextPiece(): Promise<void> {
  stopIfCanceled();
  await gates.getStore()?.();
}

const heartbeatMs = 2_000;

/** Runs `work` with a heartbeat every two seconds, by which a dead worker is noticed and a cancel arrives. */
export async function heartbeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What nobody foresaw is tried this often before it fails the step. */
const tries = 5;

/** What passes without anybody's doing, or is for another worker. */
const waitedFor: readonly ErrorCode[] = ['database.unavailable', 'web.unavailable', 'root.unseen', 'upload.elsewhere'];

/** So soon another worker is offered what this one can't read; it may be this one again. */
const nextWorkerAfter = '2 seconds';

/** Tells Temporal of activities' errors. One for a process: it counts what nobody foresaw. */
export function createFailures() {
  /** By activity. Temporal's attempts are also those that waited for something. */
  const unforeseen = new Map<string, number>();
  return {
    /**
     * What Temporal is told of an activity's error. The state of a disk or a dir is a result, so its codes are final; a
     * database or web server that is away is waited for, however long, and so is a worker that sees the path; anything
     * unforeseen is tried again a few times.
     */
    of(activity: string, error: unknown): unknown {
      if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
      const known = databaseError(error);
      if (known instanceof CodedError) {
        const { message, code: type } = known;
        const nonRetryable = !waitedFor.includes(type);
        const delay = type === 'root.unseen' || type === 'upload.elsewhere' ? { nextRetryDelay: nextWorkerAfter } : {};
        return ApplicationFailure.create({ message, type, nonRetryable, cause: known, ...delay });
      }
      const count = (unforeseen.get(activity) ?? 0) + 1;
      unforeseen.set(activity, count);
      const message = error instanceof Error ? error.message : String(error);
      const options = { message, type: 'internal', nonRetryable: count >= tries };
      return ApplicationFailure.create(error instanceof Error ? { ...options, cause: error } : options);
    },

    /** The activity is not tried again here. */
    forget: (activity: string): void => void unforeseen.delete(activity),
  };
}
