import { ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import { jobId, priority, type PlanInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { importPath } from './import-path.ts';
import { openJob } from './job.ts';
import { startOrTell, told } from './run-child.ts';
import { importAgainSignal } from './signals.ts';

/** Carries out a plan that a person approved. Files that failed in an earlier run are tried again. */
export async function moveFiles({ plan }: PlanInput): Promise<void> {
  const job = openJob({ kind: 'moveFiles', plan, steps: ['move', 'tidy'] });
  await job.step('move', async () => {
    await io.beginMoves({ plan });
    await io.moveFiles({ plan });
  });
  const roots = await job.step('tidy', () => io.tidyAfterMoves({ plan }));
  await importChanged(roots);
}

/** Where files came to or went from, what hangs on their dirs is worked out again: words they are found by, faces still to be looked for. */
export async function importChanged(roots: readonly number[]): Promise<void> {
  for (const root of roots) {
    const workflowId = jobId.importPath(root);
    const importIt = () =>
      startChild(importPath, {
        workflowId,
        args: [{ root }],
        staticSummary: 'Import',
        priority: { priorityKey: priority.bulk },
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
    await startOrTell(
      importIt,
      async () => !patched('imports are asked again') || (await told(workflowId, importAgainSignal)),
    );
  }
}
