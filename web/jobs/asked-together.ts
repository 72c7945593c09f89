import type { JobClient } from '../../engine/client/job-client.ts';
import { together } from '../together.ts';

/** The same client; what pages ask of the job server is asked once for all who ask the same at the same time. */
export const askedTogether = (jobs: JobClient): JobClient => ({
  ...jobs,
  engineStatus: together(() => jobs.engineStatus()),
  list: together((filter) => jobs.list(filter)),
  get: together((id) => jobs.get(id)),
});
