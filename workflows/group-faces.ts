import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { jobId, priority, type GroupFacesInput } from '../model/job-kinds.ts';
import { ai } from './activities.ts';
import { openJob } from './job.ts';
import { started } from './run-child.ts';

/** Groups the faces without a name by likeness. */
export async function groupFaces({ whenWorth = false }: GroupFacesInput = {}): Promise<void> {
  const job = openJob({ kind: 'groupFaces', steps: ['group'] });
  await job.step('group', () => ai.groupFaces({ whenWorth }));
}

/** Starts the job for itself, where it does not run already. */
export async function startGroupFaces(): Promise<void> {
  await started(() =>
    startChild(groupFaces, {
      workflowId: jobId.groupFaces(),
      args: [{ whenWorth: true }],
      staticSummary: 'Group faces',
      priority: { priorityKey: priority.bulk },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    }),
  );
}
