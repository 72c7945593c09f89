import type { CheckFilesInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';

/** Reads the next share of a storage path's files again, and compares them with what they held. */
export async function checkFiles({ root }: CheckFilesInput): Promise<void> {
  const job = openJob({ kind: 'checkFiles', root, steps: ['check'] });
  await job.step('check', () => io.checkFiles({ root }));
}
