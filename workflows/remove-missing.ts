import { condition, ParentClosePolicy, patched, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { jobId, priority, type RemoveMissingInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';
import { startOrTell, told } from './run-child.ts';
import { approveSignal, goneChangedSignal, rejectSignal } from './signals.ts';

/** What is held may be found again elsewhere without a scan of this path: it is looked at again after this time. */
const lookAgainAfter = '1 hour';

/**
 * Files and dirs of a path that are missing for long leave the database. Where so many are gone at once that they were not
 * taken for missing, it first waits for a person to say whether they are.
 */
export async function removeMissing(input: RemoveMissingInput): Promise<void> {
  const { root } = input;
  let answer: 'approved' | 'rejected' | null = null;
  let changed = false as boolean;
  const job = openJob({ kind: 'removeMissing', root, steps: ['approve', 'remove'] });
  // An answer to what was not asked yet is none.
  setHandler(approveSignal, () => void (answer = job.memo.asks ? 'approved' : null));
  setHandler(rejectSignal, () => void (answer = job.memo.asks ? 'rejected' : null));
  setHandler(goneChangedSignal, () => void (changed = true));

  /** False where the history has become long before an answer came. */
  const approved = await job.step('approve', async () => {
    for (;;) {
      changed = false;
      const held = await io.heldFiles({ root });
      if (!held) return true;
      if (workflowInfo().continueAsNewSuggested) return false;
      job.ask(held);
      await condition(() => answer !== null || changed, lookAgainAfter);
      if (answer !== null) {
        await io.answerMissing({ root, told: held.files, approved: answer === 'approved' });
        answer = null;
      }
    }
  });
  if (!approved) return await job.goOn<typeof removeMissing>(() => input);
  if (job.memo.asks) job.ask(null);
  await job.step('remove', () => io.removeMissing({ root }));
  // A scan that has found this job running has left its question to it.
  if (changed) await job.goOn<typeof removeMissing>(() => input);
}

/** A scan tells that so many files are gone at once that a person is to be asked, or not any more. */
export async function askAboutGone(root: number): Promise<void> {
  const workflowId = jobId.removeMissing(root);
  const ask = () =>
    startChild(removeMissing, {
      workflowId,
      args: [{ root }],
      staticSummary: 'Remove what is gone',
      priority: { priorityKey: priority.bulk },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  // One that ends at this very moment may have looked before the scan stored what it saw.
  await startOrTell(
    ask,
    async () => (await told(workflowId, goneChangedSignal)) || !patched('gone files are asked about anew'),
  );
}
