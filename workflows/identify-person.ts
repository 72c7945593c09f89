import { isCancellation, setHandler } from '@temporalio/workflow';
import type { IdentifyPersonInput } from '../model/job-kinds.ts';
import { ai, engineActivities, tellLog } from './activities.ts';
import { openJob } from './job.ts';
import { identifySignal } from './signals.ts';

/** Dirs of one activity: what is found out before the first and after the last takes longer than a thousand dirs. */
const dirsPerStep = 10_000;
const stepsPerRun = 40;

/**
 * Finds one person, or everybody, in dir after dir: each waits for the one before. A dir that fails auto-fails those after
 * it, and the job; run again, it goes on there. What is asked for while it runs is done after it.
 */
export async function identifyPerson(input: IdentifyPersonInput): Promise<void> {
  const { person, dir, all = false, ask } = input;
  let next = input.next;
  setHandler(identifySignal, (wanted) => {
    if (wanted.ask === undefined || wanted.ask !== ask) next = next ? together(next, wanted) : wanted;
  });
  const job = openJob({
    kind: 'identifyPerson',
    ...(dir === undefined ? {} : { dir }),
    ...(person === undefined ? {} : { person }),
    steps: ['identify'],
  });
  let afterDir = input.afterDir ?? 0;
  job.update({ all, afterDir });
  for (let step = 0; step < stepsPerRun; step++) {
    const dirs =
      dir === undefined ? await engineActivities.dirsWithFaces({ after: afterDir, limit: dirsPerStep }) : [dir];
    await job.step('identify', () => inTurn(dirs));
    const last = dirs.at(-1);
    if (last === undefined || dir !== undefined || dirs.length < dirsPerStep) {
      if (!next) return;
      return await job.goOn<typeof identifyPerson>(() => ({ ...next }));
    }
    afterDir = last;
    job.update({ afterDir });
  }
  await job.goOn<typeof identifyPerson>(() => ({ ...input, afterDir, ...(next && { next }) }));

  async function identify(dirs: number[]): Promise<void> {
    await ai.identify({ dirs, all, ...(person === undefined ? {} : { person }) });
  }

  /** Many dirs at once; where that fails by halves, to find the one that does. */
  async function inTurn(dirs: number[]): Promise<void> {
    try {
      await identify(dirs);
      afterDir = dirs.at(-1) ?? afterDir;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const [first] = dirs;
      if (first === undefined) throw error;
      if (dirs.length === 1) {
        await failIn(first);
        throw error;
      }
      const half = Math.ceil(dirs.length / 2);
      await inTurn(dirs.slice(0, half));
      await inTurn(dirs.slice(half));
    }
  }

  /** Notes where to go on, and what was not done because of that dir. */
  async function failIn(failedDir: number): Promise<void> {
    const notRun = dir === undefined ? await engineActivities.countDirsWithFaces({ after: failedDir }) : 0;
    // What was asked for meanwhile is asked of all dirs.
    job.update({ failedDir, notRun, ...(next ? { afterDir: 0, all: all || next.all === true } : { afterDir }) });
    const rest = notRun === 0 ? '' : `; ${notRun} directories after it are not gone through because of that`;
    await tellLog({ level: 'error', text: `stopped in this directory${rest}`, root: null, dir: failedDir });
  }
}

/** What does both. */
function together(a: IdentifyPersonInput, b: IdentifyPersonInput): IdentifyPersonInput {
  const { dir, ...rest } = b;
  return { ...rest, all: a.all === true || b.all === true, ...(dir !== undefined && dir === a.dir ? { dir } : {}) };
}
