import { continueAsNew } from '@temporalio/workflow';
import type { IdentifyPersonInput } from '../model/job-kinds.ts';
import { ai } from './activities.ts';
import { openJob } from './job.ts';

/** Activities of a run, each of some thousand dirs, before it continues as new. */
const stepsPerRun = 200;

/**
 * Finds one person, or everybody, in dir after dir: each waits for the one before. A dir that fails auto-fails those after
 * it, and the job; run again, it goes on there.
 */
export async function identifyPerson(input: IdentifyPersonInput): Promise<void> {
  const { person, dir, all } = input;
  const job = openJob({
    kind: 'identifyPerson',
    ...(dir === undefined ? {} : { dir }),
    ...(person === undefined ? {} : { person }),
    steps: ['identify'],
  });
  let afterDir = input.afterDir ?? 0;
  for (let step = 0; step < stepsPerRun; step++) {
    const { lastDir } = await job.step('identify', () =>
      ai.identify({
        ...(dir === undefined ? { afterDir } : { dir }),
        ...(person === undefined ? {} : { person }),
        ...(all === undefined ? {} : { all }),
      }),
    );
    if (lastDir === null) return;
    afterDir = lastDir;
    job.update({ afterDir });
  }
  await continueAsNew<typeof identifyPerson>({ ...input, afterDir });
}
