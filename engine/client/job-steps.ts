import type { JobStatus, JobStep, StoredJobMemo } from '../../model/job.ts';
import type { FileCounts } from '../../model/library.ts';
import type { JobTables } from './job-tables.ts';

/** A step as it stands, with its files. */
export function stepOf(
  step: StoredJobMemo['steps'][number],
  status: JobStatus,
  memo: StoredJobMemo,
  counts: FileCounts,
  tables: JobTables,
): JobStep {
  // A job that was ended from outside could not write down that its step stopped.
  const ended = step.status === 'running' && status !== 'running' && status !== 'paused';
  const stepStatus = ended
    ? status === 'completed'
      ? 'done'
      : status === 'failed'
        ? 'failed'
        : 'waiting'
    : step.status;
  return {
    name: step.name,
    status: stepStatus,
    files: movedFiles(step.name, memo, tables) ?? filesOf(step.name, counts),
    ...(stepStatus === 'failed' && memo.error ? { error: memo.error } : {}),
  };
}

/** Files of a plan that are to be moved or taken back; null for other steps. */
export function movedFiles(step: string, { plan }: StoredJobMemo, { plans }: JobTables): JobStep['files'] | null {
  const known = plan === undefined ? undefined : plans.get(plan);
  if (!known) return null;
  const { planned, moved, failed, undone, found } = known.ledger;
  switch (step) {
    case 'plan':
      return { total: found, done: found, failed: 0 };
    case 'move':
      return { total: planned + moved + failed + undone, done: moved + failed + undone, failed };
    case 'take back':
      return { total: known.wantedBack + undone, done: undone, failed: 0 };
    default:
      return null;
  }
}

function filesOf(step: string, counts: FileCounts): JobStep['files'] {
  const { numFiles, numRead, numFailed, numPictures, numSearched, numFacesFailed } = counts;
  switch (step) {
    case 'scan':
      return { total: numFiles, done: numFiles, failed: 0 };
    case 'thumbs':
      return { total: numFiles, done: numRead, failed: numFailed };
    case 'faces':
      return { total: numPictures, done: numSearched, failed: numFacesFailed };
    default:
      return noFiles;
  }
}

export const noFiles = { total: 0, done: 0, failed: 0 };
