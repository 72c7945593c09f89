import { condition, continueAsNew, ParentClosePolicy, setHandler, startChild } from '@temporalio/workflow';
import { jobId, priority, type EngineState, type ScanOutcome } from '../model/job-kinds.ts';
import { engineActivities } from './activities.ts';
import { findFiles } from './find-files.ts';
import { importPath } from './import-path.ts';
import { openJob } from './job.ts';
import { createChildren, endsWithParent, started } from './run-child.ts';
import { bootSignal, settingsSavedSignal } from './signals.ts';

/**
 * The startup state machine, and what waits for the settings afterwards. It runs for ever; its state is in its memo.
 * `seenRoots`: the paths that were looked after already, so that one added later is imported by itself.
 */
export async function engine(input: { seenRoots?: number[]; lastBoot?: string } = {}): Promise<void> {
  let woken = false;
  let { lastBoot } = input;
  setHandler(bootSignal, (start) => {
    woken ||= start !== lastBoot;
    lastBoot = start;
  });
  setHandler(settingsSavedSignal, () => void (woken = true));
  const children = createChildren();
  const job = openJob({ kind: 'engine', steps: [], onPause: (paused) => children.pause(paused) });
  const enter = (state: EngineState) => job.update({ state, since: new Date().toISOString() });

  enter('initialising');
  await engineActivities.tidyLog();
  woken = false;
  let facts = await engineActivities.readStartUpFacts();
  while (!facts.roots.some((root) => root.kind === 'import')) {
    if (job.memo.state !== 'configuration needed') enter('configuration needed');
    await condition(() => woken);
    woken = false;
    facts = await engineActivities.readStartUpFacts();
  }

  const imports = facts.roots.filter((root) => root.kind === 'import');
  let later: typeof facts.roots;
  if (facts.anyFile) {
    // An engine that has seen none is new to a library that is not: its jobs are lost, or it was restored. What they had
    // not done is begun again; what they had is in the tables.
    later = facts.roots.filter((root) => (input.seenRoots ? !input.seenRoots.includes(root.id) : root.unfinished));
  } else {
    later = facts.roots.filter((root) => root.kind === 'storage');
    enter('find files');
    const outcomes = await findAll();
    enter('import files');
    await Promise.all(
      imports.map((root) =>
        importOne(
          root,
          outcomes?.find((outcome) => outcome.root === root.id),
        ),
      ),
    );
  }
  for (const root of later) await startImport(root);
  enter('awaiting jobs');

  await condition(() => woken);
  const seenRoots = facts.roots.map((root) => root.id);
  await continueAsNew<typeof engine>({ seenRoots, ...(lastBoot === undefined ? {} : { lastBoot }) });

  /** How the scans ended; undefined when the job was canceled by a person: each import then scans for itself. */
  async function findAll(): Promise<ScanOutcome[] | undefined> {
    try {
      const workflowId = jobId.findFiles();
      return await children.run(workflowId, () =>
        startChild(findFiles, { ...endsWithParent, workflowId, args: [{}], staticSummary: 'Find files in all paths' }),
      );
    } catch {
      // Its own page tells why it failed; the engine goes on.
      return undefined;
    }
  }

  async function importOne(
    { id: root, path }: { id: number; path: string },
    scanned: ScanOutcome | undefined,
  ): Promise<void> {
    try {
      const workflowId = jobId.importPath(root);
      await children.run(workflowId, () =>
        startChild(importPath, {
          ...endsWithParent,
          workflowId,
          args: [scanned ? { root, scanned } : { root }],
          staticSummary: `Import ${path}`,
          priority: { priorityKey: priority.bulk },
        }),
      );
    } catch {
      // A failed import is shown as such, with its cause; the engine goes on to `awaiting jobs`.
    }
  }

  async function startImport({ id: root, path }: { id: number; path: string }): Promise<void> {
    await started(() =>
      startChild(importPath, {
        workflowId: jobId.importPath(root),
        args: [{ root }],
        staticSummary: `Import ${path}`,
        priority: { priorityKey: priority.bulk },
        parentClosePolicy: ParentClosePolicy.ABANDON,
      }),
    );
  }
}
