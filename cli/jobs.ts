import { Value } from 'typebox/value';
import { CodedError } from '../model/errors.ts';
import { Job, JobStatus } from '../model/job.ts';
import { askJobs } from './with-jobs.ts';

/** `photo-assistant jobs`: the newest jobs, running ones first. */
export async function jobs({ kind, status, json }: { kind?: string; status?: string; json?: boolean }): Promise<void> {
  if (kind !== undefined && !Value.Check(Job.properties.kind, kind))
    throw new CodedError('request.invalid', `There is no kind of job ${kind}.`);
  if (status !== undefined && !Value.Check(JobStatus, status))
    throw new CodedError('request.invalid', `There is no status ${status}.`);
  await askJobs(async (client) => {
    const found = await client.list({ ...(kind ? { kinds: [kind] } : {}), ...(status ? { status } : {}), limit: 50 });
    if (json) console.log(JSON.stringify(found.jobs, null, 2));
    else if (found.jobs.length === 0) console.log('No jobs.');
    else for (const job of found.jobs) console.log(line(job));
  });
}

function line({ id, status, title, progress, error }: Job): string {
  const files = progress.total === null ? `${progress.done} files` : `${progress.done}/${progress.total} files`;
  return [status.padEnd(10), id.padEnd(12), title, files, error?.message ?? ''].join('  ').trimEnd();
}
