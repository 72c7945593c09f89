import { activityInfo, CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError } from '../model/errors.ts';
import { databaseError } from '../sql/database.ts';

/** The id of the job this activity runs for. */
export const currentJob = (): string => activityInfo().workflowExecution?.workflowId ?? 'none';

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

/** An unforeseen error is tried this often before it fails the step. */
const attempts = 5;

/**
 * What Temporal is told of an activity's error. The state of a disk or a dir is a result, so its codes are final; a
 * database that is away is waited for, however long; anything unforeseen is tried again a few times.
 */
export function activityFailure(error: unknown, attempt: number): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const known = databaseError(error);
  if (known instanceof CodedError) {
    const wait = known.code === 'database.unavailable';
    return ApplicationFailure.create({ message: known.message, type: known.code, nonRetryable: !wait, cause: known });
  }
  const message = error instanceof Error ? error.message : String(error);
  const options = { message, type: 'internal', nonRetryable: attempt >= attempts };
  return ApplicationFailure.create(error instanceof Error ? { ...options, cause: error } : options);
}
