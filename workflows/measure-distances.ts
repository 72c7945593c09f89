import { ai } from './activities.ts';
import { openJob } from './job.ts';

/** Measures how far faces of one person and of two are from each other, for choosing thresholds. */
export async function measureDistances(): Promise<void> {
  const job = openJob({ kind: 'measureDistances', steps: ['measure'] });
  await job.step('measure', () => ai.measureDistances());
}
