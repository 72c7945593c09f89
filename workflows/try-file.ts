import type { TryFileInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';

/** Reads uploaded files as an import would, and keeps nothing of them. */
export async function tryFile({ trial }: TryFileInput): Promise<void> {
  const job = openJob({ kind: 'tryFile', steps: ['thumbs'] });
  await job.step('thumbs', () => io.tryFiles({ trial }));
}
