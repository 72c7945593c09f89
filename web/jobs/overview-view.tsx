import type { ComponentChildren } from 'preact';
import type { EngineStatus } from '../../engine/client/job-client.ts';
import type { Job } from '../../model/job.ts';
import { ActionForm, Empty } from '../parts.tsx';
import type { Failure } from '../situation.ts';
import { count } from '../words.ts';
import { FailureCard } from './failure-card.tsx';
import type { JobGroup } from './group-view.tsx';
import { JobList } from './job-list.tsx';

export interface Overview {
  engine: EngineStatus;
  failures: Failure[];
  running: Job[];
  ended: Job[];
}

/** The part of `/jobs` that changes by itself. */
export function OverviewLive({ engine, failures, running, ended }: Overview) {
  return (
    <>
      <p class="lead numbers">
        {count(engine.jobs.running)} running · {engine.jobs.paused > 0 && `${count(engine.jobs.paused)} paused · `}
        {count(engine.jobs.completed)} completed · {count(engine.jobs.failed)} failed · the engine is in{' '}
        <em>{engine.state}</em>
      </p>
      {failures.length > 0 && (
        <section class="failures" aria-label="Failed jobs">
          {failures.map((failure) => (
            <FailureCard failure={failure} back="/jobs" refresh="#main" />
          ))}
        </section>
      )}
      <h2>Running</h2>
      {running.length === 0 ? (
        <Empty>Nothing runs. Scans and imports appear here while they work.</Empty>
      ) : (
        <JobList jobs={running} label="Running jobs" />
      )}
      <h2>Ended</h2>
      {ended.length === 0 ? (
        <Empty>Jobs that ended appear here, newest first.</Empty>
      ) : (
        <JobList jobs={ended} label="Ended jobs" />
      )}
    </>
  );
}

interface JobsPageProps {
  title: string;
  back: string;
  tab: 'all' | JobGroup['name'];
  children: ComponentChildren;
}

/** `/jobs`, `/jobs/import`, `/jobs/ai` and `/jobs/move`: a head with what starts jobs, and the lists. */
export function JobsPage({ title, back, tab, children }: JobsPageProps) {
  return (
    <div class="page">
      <div class="head">
        <h1>{title}</h1>
        <ActionForm action="/jobs/import-all" back={back}>
          <label class="check">
            <input type="checkbox" name="deep" /> look at every file
          </label>
          <button class="primary">Scan everything again</button>
        </ActionForm>
      </div>
      <nav class="tabs" aria-label="Kinds of jobs">
        <a href="/jobs" aria-current={tab === 'all' ? 'page' : undefined}>
          Overview
        </a>
        <a href="/jobs/import" aria-current={tab === 'import' ? 'page' : undefined}>
          Import
        </a>
        <a href="/jobs/ai" aria-current={tab === 'ai' ? 'page' : undefined}>
          AI
        </a>
        <a href="/jobs/move" aria-current={tab === 'move' ? 'page' : undefined}>
          Move
        </a>
      </nav>
      {children}
    </div>
  );
}
