import { CodedError } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import type { Web } from '../shared.ts';

/** The newest run of a job; null where it never ran, or that was forgotten. */
export async function jobOf(jobs: Web['jobs'], id: string): Promise<Job | null> {
  try {
    return await jobs.get(id);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'job.unknown') return null;
    throw error;
  }
}

/** What a page with a running job does: it looks again every two seconds. */
export const lookingAgain = (here: string) => ({
  'hx-get': here,
  'hx-trigger': 'every 2s',
  'hx-select': '#main',
  'hx-target': '#main',
  'hx-swap': 'outerMorph',
});
