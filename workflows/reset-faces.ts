import { ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import { jobId, priority, type ResetFacesInput } from '../model/job-kinds.ts';
import { engineActivities, longQuestions, waitForJob } from './activities.ts';
import { dirChain } from './dir-chain.ts';
import { lookForFaces } from './faces-of-path.ts';
import { identifyPerson } from './identify-person.ts';
import { openJob } from './job.ts';
import { started, startOrTell, told } from './run-child.ts';
import { identifySignal } from './signals.ts';

const dirsPerStep = 50;
const stepsPerRun = 200;

/**
 * Forgets who the faces of a dir, or of all, are, or the faces as well; what people said stays. `rescan`: then starts what
 * finds them anew.
 */
export async function resetFaces(input: ResetFacesInput): Promise<void> {
  const { dir, forget, rescan } = input;
  const job = openJob({ kind: 'resetFaces', ...(dir === undefined ? {} : { dir }), steps: ['reset'] });
  let afterDir = input.afterDir ?? 0;
  job.update({ forget, afterDir, ...(rescan && { thenRescan: true }) });
  for (let step = 0; ; step++) {
    if (step === stepsPerRun) return await job.goOn<typeof resetFaces>(() => ({ ...input, afterDir }));
    const dirs =
      dir === undefined ? await engineActivities.dirsToReset({ after: afterDir, limit: dirsPerStep }) : [dir];
    await job.step('reset', () => longQuestions.resetFaces({ dirs, forget }));
    const last = dirs.at(-1);
    if (last === undefined || dir !== undefined || dirs.length < dirsPerStep) break;
    afterDir = last;
    job.update({ afterDir });
  }
  if (rescan) await startRescan(dir, forget);
}

/** Has what was forgotten found anew. What looks for it already may have passed the dirs. */
async function startRescan(dir: number | undefined, forget: ResetFacesInput['forget']): Promise<void> {
  const alone = { parentClosePolicy: ParentClosePolicy.ABANDON };
  if (dir !== undefined) {
    const workflowId = jobId.dirChain(dir);
    const look = () =>
      startChild(dirChain, {
        ...alone,
        workflowId,
        // Of all faces: how near each comes to whom was forgotten, too.
        args: [{ dir, ...(forget === 'faces' ? { from: 'faces' } : { from: 'identify', again: true }) }],
        priority: { priorityKey: priority.person },
      });
    while (!(await started(look)) && patched('dirs are looked at after others')) await waitForJob({ id: workflowId });
    return;
  }
  if (forget === 'names') {
    const workflowId = jobId.identifyPerson(undefined);
    const look = () =>
      startChild(identifyPerson, {
        ...alone,
        workflowId,
        args: [{ all: true }],
        staticSummary: 'Identify',
        priority: { priorityKey: priority.person },
      });
    await startOrTell(look, () => told(workflowId, identifySignal, { all: true }));
    return;
  }
  const { roots } = await engineActivities.readStartUpFacts();
  for (const { id: root } of roots) await lookForFaces(root);
}
