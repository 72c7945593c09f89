import type { EngineStatus } from '../engine/client/job-client.ts';
import { CodedError, reportOf, type ErrorReport } from '../model/errors.ts';
import type { House, Part } from '../model/house.ts';
import type { Job } from '../model/job.ts';
import { databaseError } from '../sql/database.ts';
import type { WebDeps } from './deps.ts';
import { createLately, type Lately } from './lately.ts';
import { within } from './within.ts';

/** Longer than this a page does not wait to hear how things stand; milliseconds. */
const patience = 4000;

/** A failed job that is itself a cause, with the titles of what was auto-failed because of it. */
export interface Failure {
  job: Job;
  autoFailed: Job[];
}

/** How everything stands now: what the top of every page says. */
export interface Situation {
  house: House | null;
  /** Parts of the house that do not run (yet). */
  missing: Part[];
  /** Null while the engine can't be asked: then `trouble` says why. */
  engine: EngineStatus | null;
  trouble: ErrorReport | null;
  /** Until the engine awaits jobs: its scans and imports that run, and what failed. */
  work: Job[];
  failures: Failure[];
  /** Jobs that wait for a person's answer. */
  questions: Job[];
  coverage: { files: number; read: number; failed: number; dirs: number } | null;
}

export interface SituationReader {
  /** The situation, a second old, or a few where nobody looked meanwhile. Never throws. */
  read: () => Promise<Situation>;
  /** The same for other questions to the job server. */
  lately: Lately['lately'];
  /** Something was just changed: the next `read` asks afresh. */
  stale: () => void;
}

/** True while something moves that a page wants to show second by second. */
export const isBusy = (now: Situation): boolean =>
  now.engine === null || now.engine.state !== 'awaiting jobs' || now.engine.jobs.running > 0 || now.missing.length > 0;

/** The failed jobs that are causes (not auto-failed themselves), each with what it took along; at most `limit`. */
export async function readFailures(jobs: WebDeps['jobs'], limit: number): Promise<Failure[]> {
  const failed = await jobs.list({ status: 'failed', limit: 50 });
  const causes = failed.jobs.filter((job) => job.autoFailedBy === null && job.kind !== 'engine').slice(0, limit);
  return await Promise.all(
    causes.map(async (job) => ({ job, autoFailed: (await jobs.list({ autoFailedBy: job.id, limit: 10 })).jobs })),
  );
}

/** Asks house, engine and database how they stand. */
export function createSituation({ jobs, library, readHouse }: WebDeps): SituationReader {
  const ask = async (): Promise<Situation> => {
    // A house file that can't be read is no reason to show nothing: the servers themselves are asked below.
    const house = await readHouse().catch(() => null);
    const missing = house?.parts.filter((part) => part.status !== 'running') ?? [];
    const base = { house, missing, work: [], failures: [], questions: [], trouble: null };
    try {
      const [engine, coverage, asking] = await Promise.all([
        within(
          patience,
          jobs.engineStatus(),
          () => new CodedError('temporal.unavailable', 'The job server does not answer.'),
        ),
        within(patience, library.coverage(), () => new CodedError('database.unavailable')),
        within(
          patience,
          jobs.list({ status: 'needs-approval', limit: 5 }),
          () => new CodedError('temporal.unavailable', 'The job server does not answer.'),
        ),
      ]);
      const questions = asking.jobs.filter((job) => job.asks !== null);
      if (engine.state === 'awaiting jobs') return { ...base, engine, coverage, questions };
      const [work, failures] = await Promise.all([
        jobs.list({ kinds: ['scanPath', 'importPath'], status: 'running', limit: 50 }),
        readFailures(jobs, 3),
      ]);
      return { ...base, engine, coverage, questions, work: work.jobs, failures };
    } catch (error) {
      return { ...base, engine: null, coverage: null, trouble: troubleOf(error) };
    }
  };

  const { lately, stale } = createLately();
  return { read: lately(ask), lately, stale };
}

/** Why the servers could not be asked, for people. */
function troubleOf(error: unknown): ErrorReport {
  const report = reportOf(databaseError(error));
  return report.code === 'internal' ? reportOf(new CodedError('internal')) : report;
}
