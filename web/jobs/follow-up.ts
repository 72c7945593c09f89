import { CodedError } from '../../model/errors.ts';
import type { StartJob } from '../../model/job.ts';
import type { Web } from '../shared.ts';

/** Something was written, but what follows from it was not begun: the job server is away. */
export class NotBegun extends CodedError {
  /** What can be begun later; null: the engine was not told. */
  readonly job: StartJob | null;

  constructor(job: StartJob | null, cause: unknown) {
    super('job.not-begun', undefined, { cause });
    this.job = job;
  }
}

/** Begins what follows from what was just written. Throws job.not-begun. */
export async function followUp<Begun>(job: StartJob | null, begin: () => Promise<Begun>): Promise<Begun> {
  try {
    return await begin();
  } catch (error) {
    throw error instanceof CodedError && error.code === 'temporal.unavailable' ? new NotBegun(job, error) : error;
  }
}

/** Starts the job that follows from what was just written. @returns its id. Throws job.not-begun. */
export const startAfter = async (jobs: Pick<Web['jobs'], 'start'>, job: StartJob): Promise<string> =>
  (await followUp(job, () => jobs.start(job))).id;
