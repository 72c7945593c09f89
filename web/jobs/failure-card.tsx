import { ActionForm, Name } from '../parts.tsx';
import type { Failure } from '../situation.ts';
import { count } from '../words.ts';
import { jobUrl } from './job-url.ts';

interface FailureCardProps {
  failure: Failure;
  back: string;
  refresh: '#main' | '#top';
}

/** A failed job: why, what was not run because of it, and what can be done. */
export function FailureCard({ failure: { job, autoFailed }, back, refresh }: FailureCardProps) {
  return (
    <div class="failure">
      <div class="grow">
        <p>
          <strong>
            <Name>{job.title}</Name> failed.
          </strong>{' '}
          {job.error?.message}
        </p>
        {autoFailed.length > 0 && (
          <p class="quiet">
            Auto-failed because of it:{' '}
            {autoFailed.slice(0, 3).map((other, i) => (
              <>
                {i > 0 && ', '}
                <a href={jobUrl(other.id)}>
                  <Name>{other.title}</Name>
                </a>
              </>
            ))}
            {autoFailed.length > 3 && ` and ${count(autoFailed.length - 3)} more`}. Nothing was removed.
          </p>
        )}
      </div>
      <div class="buttons">
        <a class="button" href={jobUrl(job.id)}>
          See the job
        </a>
        <ActionForm action={`${jobUrl(job.id)}/again`} back={back} refresh={refresh}>
          <button class="primary">Run again</button>
        </ActionForm>
      </div>
    </div>
  );
}
