import type { Job, LogLine } from '../../model/job.ts';
import { IfMay } from '../form.tsx';
import { Ago, Live, Name } from '../parts.tsx';
import type { Fragment } from '../live.ts';
import { counted, sentence } from '../words.ts';
import { groupOf, groupUrl } from './group-view.tsx';
import { JobList } from './job-list.tsx';
import { Actions, kindNames, PlanLink, Progress, Status, Steps } from './job-parts.tsx';
import { jobUrl } from './job-url.ts';
import { QuestionCard } from './question-card.tsx';

/** A job with all that hangs together with it. Jobs it waits for that are no longer known are told by their id. */
export interface JobDetail {
  job: Job;
  waitsFor: { id: string; job: Job | null }[];
  autoFailed: Job[];
  children: Job[];
  nextChildren: string | null;
}

/** The part of a job's page that changes by itself. */
export function JobLive({ job, waitsFor, autoFailed, children, nextChildren }: JobDetail) {
  return (
    <>
      <div class="head">
        <h1>
          <Name>{job.title}</Name> <Status job={job} />
        </h1>
        {job.asks === null && <Actions job={job} back={jobUrl(job.id)} />}
      </div>
      {job.plan !== null && <PlanLink plan={job.plan} />}
      <QuestionCard job={job} back={jobUrl(job.id)} refresh="#main" />
      {job.error && <Cause job={job} />}
      {job.failedIn && (
        <p>
          It ended in{' '}
          <a href={`/folders/${job.failedIn.dir}`}>
            <Name>{job.failedIn.path}</Name>
          </a>
          .{' '}
          {job.failedIn.notRun > 0 &&
            `The ${counted(job.failedIn.notRun, 'directory', 'directories')} after it were not gone through because of that. `}
          Run again, it goes on there.
        </p>
      )}
      <div class="card stack">
        <Steps job={job} />
        <Progress job={job} />
        {job.result && (
          <p class="numbers">
            Found {counted(job.result.num_files, 'file')} in {counted(job.result.dirs, 'directory', 'directories')};{' '}
            {counted(job.result.changedDirs, 'directory', 'directories')} changed
            {job.result.failedDirs > 0 &&
              `; ${counted(job.result.failedDirs, 'directory', 'directories')} could not be read`}
            .
          </p>
        )}
        {job.waitsBecause !== null && <p>{sentence(job.waitsBecause)}</p>}
        {waitsFor.length > 0 && (
          <p>
            Waits for{' '}
            {waitsFor.map((other, i) => (
              <>
                {i > 0 && ', '}
                <JobLink {...other} />
              </>
            ))}
            .
          </p>
        )}
      </div>
      {autoFailed.length > 0 && (
        <>
          <h2>Auto-failed because of this</h2>
          <JobList jobs={autoFailed} label="Jobs auto-failed because of this one" />
        </>
      )}
      {children.length > 0 && (
        <>
          <h2>Jobs it started</h2>
          <JobList jobs={children} label="Jobs it started" />
          {nextChildren !== null && (
            <p class="more">
              <a class="button" href={`${jobUrl(job.id)}?cursor=${encodeURIComponent(nextChildren)}`}>
                Older jobs
              </a>
            </p>
          )}
        </>
      )}
    </>
  );
}

const JobLink = ({ id, job }: { id: string; job: Job | null }) => (
  <>
    <a href={jobUrl(id)}>
      <Name>{job?.title ?? id}</Name>
    </a>
    {job && (
      <>
        {' '}
        <Status job={job} />
      </>
    )}
  </>
);

function Cause({ job }: { job: Job }) {
  const step = job.steps.find((one) => one.status === 'failed');
  return (
    <div class="failure">
      <div class="grow">
        <p>
          <strong>
            {step ? `The step ${step.name} failed.` : job.autoFailedBy === null ? 'It failed.' : 'It was auto-failed.'}
          </strong>{' '}
          {job.error?.message}
        </p>
        {job.autoFailedBy !== null && (
          <p>
            The cause: <a href={jobUrl(job.autoFailedBy)}>{job.autoFailedBy}</a>. Run that one again and this runs with
            it.
          </p>
        )}
        <p class="quiet">
          <code>{job.error?.code}</code>
          {job.dir !== null && (
            <>
              {' · '}
              <a href={`/folders/${job.dir}`}>the directory and its files</a>
            </>
          )}
        </p>
      </div>
    </div>
  );
}

/** A job's whole page: its state, its log, and what operators want to know. */
export function JobPage({ job, live, log }: { job: Job; live: Fragment; log: LogLine[] }) {
  const group = groupOf(job.kind);
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/jobs">Jobs</a>
        <span aria-hidden="true">›</span>
        <a href={groupUrl(group, {})}>{group.title}</a>
        {job.parent !== null && (
          <>
            <span aria-hidden="true">›</span>
            <a href={jobUrl(job.parent)}>{job.parent}</a>
          </>
        )}
      </nav>
      <Live fragment={live} />
      <h2>Log</h2>
      <ol id="log" class="log" hx-morph-skip-children="true" aria-label="Log, newest last" tabIndex={0}>
        <LogLines lines={log} />
      </ol>
      <h2>Details</h2>
      <dl class="facts">
        <dt>Id</dt>
        <dd>
          <code>{job.id}</code>
        </dd>
        <dt>Kind</dt>
        <dd>{kindNames[job.kind]}</dd>
        <dt>Run</dt>
        <dd>
          <code>{job.runId}</code>
        </dd>
        <dt>Started</dt>
        <dd>
          <Ago at={job.startedAt} />
        </dd>
        {job.endedAt !== null && (
          <>
            <dt>Ended</dt>
            <dd>
              <Ago at={job.endedAt} />
            </dd>
          </>
        )}
        {job.temporalUrl !== null && (
          <IfMay right="run">
            <dt>History</dt>
            <dd>
              <a href={job.temporalUrl} rel="noreferrer">
                In Temporal’s own page
              </a>
            </dd>
          </IfMay>
        )}
      </dl>
    </div>
  );
}

/** Lines of a log as list items. */
export const LogLines = ({ lines }: { lines: readonly LogLine[] }) => (
  <>
    {lines.map((line) => (
      <li class={line.level}>
        <time datetime={line.at} data-clock>
          {line.at.slice(11, 19)}
        </time>
        <span class="level">{line.level}</span>
        <bdi class="text">{line.text}</bdi>
        {line.file !== null && <a href={`/photos/${line.file}`}>file</a>}
      </li>
    ))}
  </>
);
