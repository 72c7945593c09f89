import type { Job } from '../../model/job.ts';
import { Name } from '../parts.tsx';
import { count, counted } from '../words.ts';
import { Actions } from './job-parts.tsx';
import { jobUrl } from './job-url.ts';

interface QuestionCardProps {
  job: Job;
  back: string;
  refresh: '#main' | '#top';
}

/** What a job asks a person, why, and the two answers. */
export function QuestionCard({ job, back, refresh }: QuestionCardProps) {
  if (!job.asks) return null;
  const { files, of } = job.asks;
  return (
    <div class="failure">
      <div class="grow">
        <p>
          <strong>
            {counted(files, 'file')} of {count(of)} are not there any more.
          </strong>{' '}
          <a href={jobUrl(job.id)}>
            <Name>{job.title}</Name>
          </a>
        </p>
        <p class="quiet">
          That is too many at once to take them for deleted: a disk or a folder may be away. Nothing was removed, and
          they are shown as before. If they are gone, they leave the pages now, and what is known of them is kept for a
          while longer.
        </p>
      </div>
      <Actions job={job} back={back} refresh={refresh} />
    </div>
  );
}
