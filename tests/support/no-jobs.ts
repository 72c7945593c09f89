import { CodedError } from '../../model/errors.ts';
import type { StartJob } from '../../model/job.ts';
import type { WebDeps } from '../../web/deps.ts';

/** An engine that awaits jobs and has none; what it is asked to start is told. */
export function noJobs(started: (job: StartJob) => void = () => undefined): WebDeps['jobs'] {
  const nothing = async () => undefined;
  const id = async () => ({ id: 'none' });
  return {
    engineStatus: async () => ({
      state: 'awaiting jobs',
      since: '2025-06-14T10:00:00.000Z',
      jobs: { running: 0, paused: 0, completed: 0, failed: 0 },
    }),
    queues: async () => [],
    list: async () => ({ jobs: [], next: null }),
    get: (job) => Promise.reject(new CodedError('job.unknown', job)),
    start: async (job) => {
      started(job);
      return { id: 'none' };
    },
    ...{
      tryFile: id,
      tryFaces: id,
      addRefimgs: id,
      drawFace: id,
      takeOverRegions: id,
      again: id,
      importAll: async () => ({ ids: [] }),
    },
    ...{
      cancel: nothing,
      pause: nothing,
      resume: nothing,
      approve: nothing,
      reject: nothing,
      boot: nothing,
      settingsSaved: nothing,
      close: nothing,
    },
  };
}
