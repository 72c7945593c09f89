import type { FastifyRequest } from 'fastify';
import { assertMay, rightToStart } from '../access/door.ts';
import type { Web } from '../shared.ts';

export const jobActions = ['again', 'pause', 'resume', 'cancel', 'approve', 'reject'] as const;
export type JobAction = (typeof jobActions)[number];

/**
 * Steers a job. To have one go on is as much as to start it: for moves, that takes more than for other jobs.
 * @returns the job that does it: `again` may be another one
 */
export async function steer(
  { jobs, live }: Pick<Web, 'jobs' | 'live'>,
  request: FastifyRequest,
  { id, action }: { id: string; action: JobAction },
): Promise<{ id: string }> {
  if (action === 'again' || action === 'resume') assertMay(request, rightToStart(await jobs.get(id)));
  const doing = action === 'again' ? await jobs.again(id) : await jobs[action](id);
  live.wake();
  return doing ?? { id };
}
