import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../model/errors.ts';
import type { Web } from '../shared.ts';

/** A page waits for a short job no longer than this; milliseconds. */
const patience = 12_000;

/**
 * Waits for a short job, so that the page that comes next shows what it did. @returns false where it goes on longer than a
 * page waits. Throws step.failed with the job's reason.
 */
export async function whenEnded(jobs: Pick<Web['jobs'], 'get'>, id: string, ms = patience): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(200)) {
    const job = await jobs.get(id);
    if (job.endedAt === null) continue;
    if (job.error) throw new CodedError('step.failed', job.error.message);
    return true;
  }
  return false;
}
