import type { JobProgress, JobStatus, StoredJobMemo } from '../../model/job.ts';
import type { FileCounts } from '../../model/library.ts';
import { jobId } from '../../model/job-kinds.ts';
import { withoutFiles } from './job-counts.ts';
import type { Execution } from './job-memo.ts';
import { movedFiles, noFiles } from './job-steps.ts';
import type { JobTables } from './job-tables.ts';

/** Which files a job counts: those that are read, or those that faces are looked for in. */
function workOf(memo: StoredJobMemo, counts: FileCounts): { done: number; total: number } {
  const searches =
    memo.kind === 'facesOfPath' ||
    memo.rescan ||
    memo.steps.some(({ name, status }) => name === 'faces' && status === 'running');
  return searches
    ? { done: counts.numSearched, total: counts.numPictures }
    : { done: counts.numRead, total: counts.numFiles };
}

/** How far a job is, how fast, and how long still. */
export function progressOf(
  { workflowId: id, startTime }: Execution,
  memo: StoredJobMemo,
  status: JobStatus,
  counts: FileCounts,
  tables: JobTables,
): JobProgress {
  const running = status === 'running';
  if (memo.kind === 'scanPath' || memo.kind === 'findFiles') {
    const rates =
      memo.kind === 'scanPath'
        ? [tables.rates.job.get(id)]
        : [...tables.roots.keys()].map((root) => tables.rates.job.get(jobId.scanPath(root)));
    const perSecond = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
    return {
      done: counts.numFiles,
      total: running ? null : counts.numFiles,
      perSecond: running ? perSecond : null,
      secondsLeft: null,
    };
  }
  if (memo.kind === 'moveFiles' || memo.kind === 'undoMoves') {
    const { done, total } = movedFiles(memo.kind === 'moveFiles' ? 'move' : 'take back', memo, tables) ?? noFiles;
    const perSecond = running ? (tables.rates.job.get(id) ?? null) : null;
    return { done, total, perSecond, secondsLeft: perSecond ? (total - done) / perSecond : null };
  }
  if (memo.kind === 'takeOverRegions') {
    const { done, total } = memo.pictures ?? { done: 0, total: 0 };
    const seconds = (Date.now() - startTime.getTime()) / 1000;
    const perSecond = running && done > 0 ? done / Math.max(1, seconds) : null;
    const secondsLeft = perSecond === null ? null : (total - done) / perSecond;
    return { done, total: memo.pictures === undefined && running ? null : total, perSecond, secondsLeft };
  }
  if (withoutFiles.includes(memo.kind)) {
    return { done: 0, total: running ? null : 0, perSecond: null, secondsLeft: null };
  }
  const { done, total } = workOf(memo, counts);
  const roots = memo.root === undefined ? [...tables.rates.root.values()] : [tables.rates.root.get(memo.root) ?? 0];
  const rate = memo.kind === 'dirChain' ? (tables.rates.job.get(id) ?? 0) : roots.reduce((sum, each) => sum + each, 0);
  const left = rate > 0 ? (total - done) / rate : null;
  return { done, total, perSecond: running ? rate : null, secondsLeft: running ? left : null };
}
