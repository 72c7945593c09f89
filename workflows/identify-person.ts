import { continueAsNew } from '@temporalio/workflow';
import type { IdentifyPersonInput } from '../model/job-kinds.ts';
import { ai, engineActivities } from './activities.ts';
import { openJob } from './job.ts';

/** Dirs of one activity: each is gone through before the next one. */
const dirsPerStep = 200;
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
    const dirs =
      dir === undefined ? await engineActivities.dirsWithFaces({ after: afterDir, limit: dirsPerStep }) : [dir];
    await job.step('identify', () =>
      ai.identify({ dirs, ...(person === undefined ? {} : { person }), ...(all === undefined ? {} : { all }) }),
    );
    const last = dirs.at(-1);
    if (last === undefined || dir !== undefined || dirs.length < dirsPerStep) return;
    afterDir = last;
    job.update({ afterDir });
  }
  await continueAsNew<typeof identifyPerson>({ ...input, afterDir });
}
