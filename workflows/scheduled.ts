import {
  CancellationScope,
  condition,
  ParentClosePolicy,
  setHandler,
  startChild,
  type ChildWorkflowHandle,
  type Workflow,
} from '@temporalio/workflow';
import { jobId, priority, type ScheduledInput, type ScheduleName } from '../model/job-kinds.ts';
import { engineActivities, io } from './activities.ts';
import { checkFiles } from './check-files.ts';
import { facesOfPath } from './faces-of-path.ts';
import { groupFaces } from './group-faces.ts';
import { importPath } from './import-path.ts';
import { openJob } from './job.ts';
import { removeMissing } from './remove-missing.ts';
import { createChildren, endsWithParent } from './run-child.ts';
import { settingsSavedSignal } from './signals.ts';

/** After so long the quiet hours are looked at again, though nobody saved settings: clocks are set. Minutes. */
const longestWait = 15;

const bulk = { priority: { priorityKey: priority.bulk } };

/**
 * What a schedule starts: when the quiet hours are over it runs the jobs, and ends when they have, so that the schedule does
 * not begin anew before. One that fails says so on its own page, and stops no other. One that runs already is waited for.
 */
export async function scheduled({ what }: ScheduledInput): Promise<void> {
  const children = createChildren();
  const job = openJob({ kind: 'scheduled', steps: ['wait', 'run'], onPause: (paused) => children.pause(paused) });
  job.update({ what });
  let saved = false;
  setHandler(settingsSavedSignal, () => void (saved = true));
  await job.step('wait', waitForQuietEnd);
  job.update({ steps: job.memo.steps.map((s) => (s.name === 'run' ? { ...s, status: 'running' } : s)) });

  const run = async (workflowId: string, start: () => Promise<ChildWorkflowHandle<Workflow>>): Promise<void> => {
    job.update({ waitsFor: [...job.memo.waitsFor, workflowId] });
    await unlessCanceled(() => children.run(workflowId, start));
    job.update({ waitsFor: job.memo.waitsFor.filter((id) => id !== workflowId) });
  };
  const { roots } = await engineActivities.readStartUpFacts();
  const runs: Record<ScheduleName, () => Promise<void>> = {
    async rescan() {
      const importOne = ({ id: root, path }: (typeof roots)[number]) => {
        const workflowId = jobId.importPath(root);
        const options = { ...endsWithParent, ...bulk, workflowId, staticSummary: `Import ${path}` };
        return run(workflowId, () => startChild(importPath, { ...options, args: [{ root }] }));
      };
      await Promise.all(roots.map(importOne));
    },

    async ai() {
      const lookInto = async ({ id: root, path }: (typeof roots)[number]) => {
        const [dir] = await engineActivities.nextFacesDirs({ root, after: 0, limit: 1 });
        if (!dir) return;
        const workflowId = jobId.facesOfPath(root);
        const options = { ...endsWithParent, ...bulk, workflowId, staticSummary: `Faces in ${path}` };
        await run(workflowId, () => startChild(facesOfPath, { ...options, args: [{ root }] }));
      };
      await Promise.all(roots.map(lookInto));
      const workflowId = jobId.groupFaces();
      const options = { ...endsWithParent, ...bulk, workflowId, staticSummary: 'Group faces' };
      await run(workflowId, () => startChild(groupFaces, { ...options, args: [{ whenWorth: true }] }));
    },

    async integrity() {
      const check = ({ id: root, path }: (typeof roots)[number]) => {
        const workflowId = jobId.checkFiles(root);
        const options = { ...endsWithParent, ...bulk, workflowId, staticSummary: `Check files of ${path}` };
        return run(workflowId, () => startChild(checkFiles, { ...options, args: [{ root }] }));
      };
      await Promise.all((await reachable()).filter(({ kind }) => kind === 'storage').map(check));
    },

    // It may have a question to a person, whose answer need not be waited for here.
    async 'remove-missing'() {
      for (const { id: root, path } of await reachable()) {
        const options = { workflowId: jobId.removeMissing(root), staticSummary: `Remove what is gone from ${path}` };
        await unlessCanceled(() =>
          startChild(removeMissing, {
            ...options,
            ...bulk,
            args: [{ root }],
            parentClosePolicy: ParentClosePolicy.ABANDON,
          }),
        );
      }
    },
  };
  await job.unpaused();
  await runs[what]();
  job.update({ steps: job.memo.steps.map((s) => ({ ...s, status: 'done' })) });

  async function waitForQuietEnd(): Promise<void> {
    for (;;) {
      saved = false;
      const minutes = await engineActivities.quietMinutes();
      if (minutes === 0) return;
      await condition(() => saved, Math.min(minutes, longestWait) * 60_000);
    }
  }

  /** The rescan has said which paths are offline: a job of each that fails for the same reason would say nothing new. */
  async function reachable(): Promise<typeof roots> {
    const there = await io.reachableRoots();
    return roots.filter(({ id }) => there.includes(id));
  }
}

/** How a job ends, and whether it runs already, is its own affair; but not that this one is canceled. */
async function unlessCanceled(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
  }
}
