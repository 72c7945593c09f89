import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  type ChildWorkflowHandle,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { waitForJob } from './activities.ts';
import { pauseSignal, resumeSignal } from './signals.ts';

/** Children of a job that ends early are asked to stop, so that they can leave their log in order. */
export const endsWithParent = { parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL };

/**
 * Runs children whose ids are their meaning. Where someone else runs that very job already, it is waited for instead of
 * run twice, and the result is undefined.
 */
export function createChildren() {
  const running = new Set<ChildWorkflowHandle<Workflow>>();

  return {
    async run<T extends Workflow>(
      workflowId: string,
      start: () => Promise<ChildWorkflowHandle<T>>,
    ): Promise<WorkflowResultType<T> | undefined> {
      let child: ChildWorkflowHandle<T>;
      try {
        child = await start();
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        await waitForJob({ id: workflowId });
        return undefined;
      }
      running.add(child);
      try {
        return await child.result();
      } finally {
        running.delete(child);
      }
    },

    /** Pauses or resumes those that are running. */
    pause(paused: boolean): void {
      for (const child of running) {
        // A child that ended meanwhile needs no signal.
        void child.signal(paused ? pauseSignal : resumeSignal).catch(() => undefined);
      }
    },
  };
}
