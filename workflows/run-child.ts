import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  patched,
  type ChildWorkflowHandle,
  type SignalDefinition,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { waitForJob } from './activities.ts';
import { pauseSignal, resumeSignal } from './signals.ts';

/** Children of a job that ends early are asked to stop, so that they can leave their log in order. */
export const endsWithParent = { parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL };

/** Starts a job whose id is its meaning. @returns false where it was running already */
export async function started(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

/** Starts it, or tells the one that runs already, which may have passed what is wanted; once more where it ends in between. */
export async function startOrTell(start: () => Promise<unknown>, tell: () => Promise<boolean>): Promise<void> {
  while (!(await started(start))) if (await tell()) return;
}

/** Sends a running job a signal. @returns false where it has ended */
export async function told<Args extends unknown[]>(
  workflowId: string,
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
    return true;
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    return false;
  }
}

/**
 * Runs children whose ids are their meaning, so that a job of the same id may be running already. One that is canceled alone
 * has failed as `job.canceled`; where it is canceled with this job, a cancellation is thrown.
 */
export function createChildren() {
  const running = new Set<ChildWorkflowHandle<Workflow>>();
  let paused = false as boolean;
  const tellPause = (child: ChildWorkflowHandle<Workflow>): void => {
    // A child that ended meanwhile needs no signal.
    void child.signal(paused ? pauseSignal : resumeSignal).catch(() => undefined);
  };

  /** The result; `null` where someone else ran a job of that id, which has been waited for. */
  const attempt = async <T extends Workflow>(
    workflowId: string,
    start: () => Promise<ChildWorkflowHandle<T>>,
  ): Promise<{ result: WorkflowResultType<T> } | null> => {
    let child: ChildWorkflowHandle<T>;
    try {
      child = await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await waitForJob({ id: workflowId });
      return null;
    }
    running.add(child);
    // The pause came while it was being started.
    if (paused && patched('children that start are paused')) tellPause(child);
    try {
      return { result: await child.result() };
    } catch (error) {
      // Who cancels a child means that one alone: it is not done, and this job goes on.
      if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
      throw ApplicationFailure.nonRetryable('The job was canceled.', 'job.canceled');
    } finally {
      running.delete(child);
    }
  };

  return {
    /** Where someone else runs that very job already, it is waited for instead of run twice; the result is undefined. */
    async run<T extends Workflow>(
      workflowId: string,
      start: () => Promise<ChildWorkflowHandle<T>>,
    ): Promise<WorkflowResultType<T> | undefined> {
      return (await attempt(workflowId, start))?.result;
    },

    /** Where the running job of that id may be about other steps, the child is run all the same, when that one has ended. */
    async runAfterwards(workflowId: string, start: () => Promise<ChildWorkflowHandle<Workflow>>): Promise<void> {
      let done = await attempt(workflowId, start);
      // Version 0.1 took the other one for its own.
      while (done === null && patched('chains run after others')) done = await attempt(workflowId, start);
    },

    /** Pauses or resumes those that are running. */
    pause(now: boolean): void {
      paused = now;
      running.forEach(tellPause);
    },
  };
}
