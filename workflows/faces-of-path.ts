import { isCancellation, ParentClosePolicy, patched, setHandler, startChild } from '@temporalio/workflow';
import { jobId, priority, type FacesOfPathInput, type ImportCursor, type RescanOptions } from '../model/job-kinds.ts';
import { engineActivities } from './activities.ts';
import { dirChain } from './dir-chain.ts';
import { startGroupFaces } from './group-faces.ts';
import { openJob } from './job.ts';
import { beginRescan } from './rescan.ts';
import { createChildren, endsWithParent, startOrTell, told } from './run-child.ts';
import { facesAgainSignal } from './signals.ts';

/** Dirs a run takes before it continues as new, so that no history grows past a few thousand events. */
const dirsPerRun = 200;
/** The faces step of one dir keeps all processes busy; a second dir fills the gaps while its results are stored. */
const window = 2;

/**
 * The AI steps of all dirs of a path that have pictures in which faces were not looked for yet, or are looked for again.
 * What is asked for while it runs is done after it.
 */
export async function facesOfPath(input: FacesOfPathInput): Promise<void> {
  const { root, cursor, rescan: begun, ask, next: earlier, ...wanted } = input;
  let next = earlier;
  setHandler(facesAgainSignal, (asked) => {
    if (asked.ask === undefined || asked.ask !== ask) next = afterwards(wanted, next, asked);
  });
  const children = createChildren();
  const job = openJob({ kind: 'facesOfPath', root, steps: ['faces'], onPause: (paused) => children.pause(paused) });
  job.update({ steps: [{ name: 'faces', status: 'running' }] });
  const so: ImportCursor = cursor ?? { afterDir: 0, chains: 0, failedChains: 0 };
  const rescan = begun ?? (await beginRescan({ root, ...wanted }));
  if (rescan) job.update({ rescan });
  const options: RescanOptions = rescan ? { ...wanted, before: rescan.before } : {};
  const dirs = await engineActivities.nextFacesDirs({
    root,
    after: so.afterDir,
    limit: dirsPerRun,
    ...(rescan && { rescan }),
  });
  const queue = dirs.toReversed();
  const takeChains = async () => {
    for (let dir = queue.pop(); dir; dir = queue.pop()) {
      await job.unpaused();
      if (!(await runChain(dir))) so.failedChains++;
      so.chains++;
    }
  };
  await Promise.all(Array.from({ length: window }, takeChains));

  job.update({ chains: { done: so.chains, failed: so.failedChains } });
  const last = dirs.at(-1);
  if (last && dirs.length === dirsPerRun) {
    await job.goOn<typeof facesOfPath>(() => ({
      ...{ root, ...options, cursor: { ...so, afterDir: last.id } },
      ...(rescan && { rescan }),
      ...(next && { next }),
    }));
  }
  job.update({ steps: [{ name: 'faces', status: 'done' }] });
  // What found no name is grouped when all faces of the path are there.
  if (so.chains > 0 && patched('groups')) await startGroupFaces();
  if (next) await job.goOn<typeof facesOfPath>(() => ({ root, ...next }));

  /** True when the chain went through. */
  async function runChain({ id, path }: { id: number; path: string }): Promise<boolean> {
    try {
      const workflowId = jobId.dirChain(id);
      await children.runAfterwards(workflowId, () =>
        startChild(dirChain, {
          ...endsWithParent,
          workflowId,
          args: [{ dir: id, from: 'faces', ...options }],
          staticSummary: path,
          priority: { priorityKey: priority.bulk },
        }),
      );
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      return false;
    }
  }
}

/** What is to be done after a run that was asked for more: what it looks at itself is outdated only by settings that change meanwhile. */
function afterwards(doing: RescanOptions, earlier: RescanOptions | undefined, asked: RescanOptions): RescanOptions {
  if (earlier?.again || (asked.again && !doing.again)) return { again: true };
  return earlier?.outdated || asked.again || asked.outdated ? { outdated: true } : {};
}

/** Has the faces of a path looked for, where there is something to do. */
export async function startFacesOfPath(root: number): Promise<void> {
  const [dir] = await engineActivities.nextFacesDirs({ root, after: 0, limit: 1 });
  if (!dir) return;
  await lookForFaces(root);
}

/** Starts the job of a path's faces for itself. One that runs already may have passed the dirs. */
export async function lookForFaces(root: number): Promise<void> {
  const workflowId = jobId.facesOfPath(root);
  const look = () =>
    startChild(facesOfPath, {
      workflowId,
      args: [{ root }],
      staticSummary: 'Faces',
      priority: { priorityKey: priority.bulk },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  await startOrTell(
    look,
    async () => !patched('faces are looked for again') || (await told(workflowId, facesAgainSignal, {})),
  );
}
