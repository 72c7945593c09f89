import { isCancellation, startChild } from '@temporalio/workflow';
import { jobId, priority, type FindFilesInput, type ScanOutcome } from '../model/job-kinds.ts';
import { engineActivities } from './activities.ts';
import { causeOf, openJob } from './job.ts';
import { createChildren, endsWithParent } from './run-child.ts';
import { scanPath } from './scan-path.ts';

/**
 * Scans all paths side by side. One that is offline or can't be read fails alone; how each ended is told to whoever waits.
 */
export async function findFiles(input: FindFilesInput = {}): Promise<ScanOutcome[]> {
  const children = createChildren();
  const job = openJob({ kind: 'findFiles', steps: ['scan'], onPause: (paused) => children.pause(paused) });
  const { roots } = await engineActivities.readStartUpFacts();
  const wanted = roots.filter((root) => input.roots?.includes(root.id) ?? true);
  job.update({ waitsFor: wanted.map((root) => jobId.scanPath(root.id)), steps: [{ name: 'scan', status: 'running' }] });

  const scanOne = async ({ id: root, path }: { id: number; path: string }): Promise<ScanOutcome> => {
    const { deep, acceptDevice } = input;
    const options = { ...(deep ? { deep } : {}), ...(acceptDevice ? { acceptDevice } : {}) };
    try {
      const workflowId = jobId.scanPath(root);
      const result = await children.run(workflowId, () =>
        startChild(scanPath, {
          ...endsWithParent,
          workflowId,
          args: [{ root, ...options }],
          staticSummary: `Scan ${path}`,
          priority: { priorityKey: priority.scan },
        }),
      );
      return { root, ok: true, result: result ?? { dirs: 0, changedDirs: 0, numFiles: 0, failedDirs: 0 } };
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { root, ok: false, ...causeOf(error) };
    }
  };
  const outcomes = await Promise.all(wanted.map(scanOne));
  const sum = (key: 'dirs' | 'changedDirs' | 'numFiles' | 'failedDirs') =>
    outcomes.reduce((total, outcome) => total + (outcome.ok ? outcome.result[key] : 0), 0);
  job.update({
    steps: [{ name: 'scan', status: 'done' }],
    result: {
      dirs: sum('dirs'),
      changedDirs: sum('changedDirs'),
      numFiles: sum('numFiles'),
      failedDirs: sum('failedDirs'),
    },
  });
  return outcomes;
}
