import type { Job } from '../../model/job.ts';
import { once } from '../once.tsx';
import { Ago, Name } from '../parts.tsx';
import { counted, sentence } from '../words.ts';
import { PlanLink, Progress, Status, Steps } from './job-parts.tsx';
import { jobUrl } from './job-url.ts';

/** Jobs, one a row: what, which step, how far, since when. */
export const JobList = ({ jobs, label }: { jobs: readonly Job[]; label: string }) =>
  once(jobs, label, () => (
    <ul class="jobs" aria-label={label}>
      {jobs.map((job) => (
        <li id={`job-${job.runId}`}>
          <div class="what">
            <a href={jobUrl(job.id)}>
              <Name>{job.title}</Name>
            </a>
            <JobNote job={job} />
            {job.plan !== null && <PlanLink plan={job.plan} />}
          </div>
          <Steps job={job} />
          <Progress job={job} />
          <div class="when quiet">
            <Status job={job} />
            <Ago at={job.startedAt} />
          </div>
        </li>
      ))}
    </ul>
  ));

/** What a job found, or why it failed. */
function JobNote({ job }: { job: Job }) {
  if (job.error) return <p class={job.autoFailedBy === null ? 'bad' : 'quiet'}>{job.error.message}</p>;
  if (job.waitsBecause !== null) return <p class="quiet">{sentence(job.waitsBecause)}</p>;
  if (!job.result) return null;
  const { num_files, dirs, failedDirs } = job.result;
  return (
    <p class="quiet numbers">
      {counted(num_files, 'file')} in {counted(dirs, 'directory', 'directories')}
      {failedDirs > 0 && ` · ${counted(failedDirs, 'directory', 'directories')} could not be read`}
    </p>
  );
}
