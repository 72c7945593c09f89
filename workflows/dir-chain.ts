import { sleep } from '@temporalio/workflow';
import { chainSteps, type DirChainInput, type StepName } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';

/** Files still being written are looked at again this often, first quickly, then once a minute: about ten minutes in all. */
const settleTries = 14;

/**
 * The chain of one dir, step after step. To add a step: name it in `chainSteps` and give it its line in `steps`. A failed
 * step auto-fails the later ones.
 */
export async function dirChain(input: DirChainInput): Promise<void> {
  const job = openJob({
    kind: 'dirChain',
    dir: input.dir,
    steps: chainSteps,
    ...(input.from ? { from: input.from } : {}),
  });
  const steps: Record<StepName, () => Promise<void>> = {
    scan: () => io.scanDir({ dir: input.dir }),
    thumbs: () => readSettledFiles(input.dir),
  };
  const from = chainSteps.indexOf(input.from ?? 'scan');
  for (const name of chainSteps.slice(from)) await job.step(name, steps[name]);
}

/** Reads the dir's files; waits for those that are still being written, without holding a worker meanwhile. */
async function readSettledFiles(dir: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const giveUp = attempt > settleTries;
    const { unsettled } = await io.thumbs({ dir, giveUp });
    if (unsettled === 0) return;
    await sleep(Math.min(4_000 * 1.5 ** (attempt - 1), 60_000));
  }
}
