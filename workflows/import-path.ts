import { ApplicationFailure, isCancellation, patched, setHandler, startChild } from '@temporalio/workflow';
import type { DirWithWork } from '../activities/import.ts';
import { jobId, priority, type ImportCursor, type ImportPathInput, type ScanOptions } from '../model/job-kinds.ts';
import { engineActivities, tellImportDone } from './activities.ts';
import { hearDeeperAsks } from './deeper-asks.ts';
import { dirChain } from './dir-chain.ts';
import { startFacesOfPath } from './faces-of-path.ts';
import { causeOf, openJob } from './job.ts';
import { createChildren, endsWithParent } from './run-child.ts';
import { scanPath } from './scan-path.ts';
import { importAgainSignal } from './signals.ts';

/** Dirs a run takes before it continues as new, so that no history grows past a few thousand events. */
const dirsPerRun = 200;

/**
 * Imports one path: waits for its scan (running it, unless whoever started this has done so), then runs the chains of
 * all dirs that have work, a few side by side. A failed scan auto-fails it; a failed chain fails alone, unless the whole
 * path is not there any more.
 * Asked to look deeper while it runs, or once more, it does so when it is done.
 */
export async function importPath(input: ImportPathInput): Promise<void> {
  const { root } = input;
  const scanId = jobId.scanPath(root);
  const children = createChildren();
  const deeperAsk = hearDeeperAsks(input, input.next);
  let again = false;
  setHandler(importAgainSignal, () => void (again = true));
  const nextAsk = (): ScanOptions | null => deeperAsk() ?? (again ? {} : null);
  const job = openJob({
    kind: 'importPath',
    root,
    waitsFor: [scanId],
    steps: ['scan', 'thumbs'],
    ...(input.cursor ? { from: 'thumbs' } : {}),
    onPause: (paused) => children.pause(paused),
  });
  if (!input.cursor) await awaitScan();
  job.update({
    waitsFor: [],
    steps: job.memo.steps.map((s) => ({ ...s, status: s.name === 'scan' ? 'done' : 'running' })),
  });

  const cursor: ImportCursor = input.cursor ?? { afterDir: 0, chains: 0, failedChains: 0 };
  const { dirs, window } = await engineActivities.nextDirs({ root, after: cursor.afterDir, limit: dirsPerRun });
  const queue = dirs.toReversed();
  let away = null as ReturnType<typeof causeOf> | null;
  const takeChains = async () => {
    for (let dir = queue.pop(); dir; dir = queue.pop()) {
      await job.unpaused();
      if (!(await runChain(dir))) cursor.failedChains++;
      cursor.chains++;
    }
  };
  await Promise.all(Array.from({ length: window }, takeChains));

  job.update({ chains: { done: cursor.chains, failed: cursor.failedChains } });
  if (away) await job.step('thumbs', () => Promise.reject(ApplicationFailure.nonRetryable(away?.message, away?.code)));
  const last = dirs.at(-1);
  if (last && dirs.length === dirsPerRun) {
    const { deep, acceptDevice } = input;
    await job.goOn<typeof importPath>(() => {
      const next = nextAsk();
      return {
        ...{ root, cursor: { ...cursor, afterDir: last.id } },
        ...(deep ? { deep } : {}),
        ...(acceptDevice ? { acceptDevice } : {}),
        ...(next ? { next } : {}),
      };
    });
  }
  await doWhatWasAsked();
  job.update({ steps: job.memo.steps.map((s) => ({ ...s, status: 'done' })) });
  if (cursor.chains > 0 && patched('tells')) await tellImportDone(cursor);
  // Pictures come first: their faces are looked for when all of them are there.
  if (patched('faces')) await startFacesOfPath(root);
  await doWhatWasAsked();

  async function doWhatWasAsked(): Promise<void> {
    if (nextAsk()) await job.goOn<typeof importPath>(() => ({ root, ...nextAsk() }));
  }

  async function awaitScan(): Promise<void> {
    let failure = input.scanned?.ok === false ? input.scanned : undefined;
    if (!input.scanned) {
      job.update({ steps: job.memo.steps.map((s) => (s.name === 'scan' ? { ...s, status: 'running' } : s)) });
      try {
        const { deep, acceptDevice } = input;
        const options = { ...(deep ? { deep } : {}), ...(acceptDevice ? { acceptDevice } : {}) };
        const startScan = () =>
          startChild(scanPath, {
            ...endsWithParent,
            workflowId: scanId,
            args: [{ root, ...options }],
            priority: { priorityKey: priority.scan },
          });
        // A scan that runs already may not look as deep.
        if (deep || acceptDevice) await children.runAfterwards(scanId, startScan);
        else await children.run(scanId, startScan);
      } catch (error) {
        if (isCancellation(error)) throw error;
        failure = { root, ok: false, ...causeOf(error) };
      }
    }
    if (failure) {
      const end = failure.code === 'job.canceled' ? 'was canceled' : `failed: ${failure.message}`;
      await job.autoFail(scanId, `Not run, because it waits for ${scanId}, which ${end}`);
    }
  }

  /** True when the chain went through. */
  async function runChain({ id, path, unread }: DirWithWork): Promise<boolean> {
    try {
      // The path's scan has just read the dir, so its chain begins with the step after that.
      const workflowId = jobId.dirChain(id);
      await children.runAfterwards(workflowId, () =>
        startChild(dirChain, {
          ...endsWithParent,
          workflowId,
          args: [{ dir: id, from: unread ? 'scan' : 'thumbs', to: 'thumbs' }],
          staticSummary: path,
        }),
      );
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const cause = causeOf(error);
      // The other dirs of a path that is not there any more would fail as this one did.
      if (cause.code.startsWith('root.') && patched('stops where its path is gone')) {
        away ??= cause;
        queue.length = 0;
      }
      return false;
    }
  }
}
