import type { Job, StoredJobMemo } from '../../model/job.ts';
import { chainSteps, type RescanOptions } from '../../model/job-kinds.ts';
import type { createExecutionFinder } from './find-executions.ts';
import type { Starter } from './start-jobs.ts';

/** How a job that looked for faces again is run again; one that did not come to its end goes on where it was. */
const rescanOf = (memo: StoredJobMemo | undefined, goesOn: boolean): RescanOptions =>
  memo?.rescan
    ? { [memo.rescan.outdated ? 'outdated' : 'again']: true, ...(goesOn && { before: memo.rescan.before }) }
    : {};

/** Runs a job again from the step that failed; for a failed scan also what was auto-failed because of it. */
export async function runAgain(
  { job, memo }: { job: Job; memo: StoredJobMemo | undefined },
  starter: Starter,
  finder: ReturnType<typeof createExecutionFinder>,
): Promise<{ id: string }> {
  const { id } = job;
  const goesOn = job.status !== 'completed';
  if (job.kind === 'engine' || job.kind === 'findFiles') return await starter.start({ kind: 'findFiles' });
  if (job.kind === 'dirChain' && job.dir !== null) {
    const failed = job.steps.find((step) => step.status === 'failed')?.name;
    const from = chainSteps.find((step) => step === failed) ?? 'scan';
    return await starter.dirChainFrom({ kind: 'dirChain', dir: job.dir, from, ...rescanOf(memo, goesOn) });
  }
  if (job.kind === 'identifyPerson') {
    const { person, dir } = job;
    return await starter.identify({
      kind: job.kind,
      ...(person === null ? {} : { person }),
      ...(dir === null ? {} : { dir }),
      all: memo?.all ?? false,
      // The dirs before are done.
      ...(goesOn && memo?.afterDir !== undefined && { afterDir: memo.afterDir }),
    });
  }
  if (job.kind === 'resetFaces' && memo?.forget) {
    const { forget, thenRescan, afterDir } = memo;
    return await starter.reset({
      kind: job.kind,
      forget,
      ...(job.dir !== null && { dir: job.dir }),
      ...(thenRescan && { rescan: true }),
      ...(goesOn && afterDir !== undefined && { afterDir }),
    });
  }
  if (job.kind === 'measureDistances' || job.kind === 'groupFaces') return await starter.start({ kind: job.kind });
  if (job.plan !== null && (job.kind === 'planMoves' || job.kind === 'moveFiles' || job.kind === 'undoMoves'))
    return await starter.start({ kind: job.kind, plan: job.plan });
  if (job.root === null) return await starter.repeat(id, job.title);
  if (job.kind === 'facesOfPath')
    return await starter.facesOfRoot({ kind: job.kind, root: job.root, ...rescanOf(memo, goesOn) });
  if (job.kind === 'importPath') return await starter.start({ kind: 'importPath', root: job.root });
  if (job.kind === 'removeMissing' || job.kind === 'checkFiles')
    return await starter.start({ kind: job.kind, root: job.root });
  // What waited for a failed scan is run again with it: that job runs the scan first.
  const { executions } = await finder.find({ autoFailedBy: id, limit: 1 });
  return await starter.start({ kind: executions.length > 0 ? 'importPath' : 'scanPath', root: job.root });
}
