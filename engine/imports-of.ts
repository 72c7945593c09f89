import type { Imports } from '../activities/watch-root.ts';
import { CodedError } from '../model/errors.ts';
import { jobId } from '../model/job-kinds.ts';
import type { JobClient } from './client/job-client.ts';

/** Imports that are started by themselves; not while what they would join may have passed what is new. */
export const importsOf = (jobs: JobClient): Imports => ({
  async isFree(root) {
    const moving = await jobs.list({ kinds: ['moveFiles', 'undoMoves'], status: 'running', limit: 1 });
    if (moving.jobs.length > 0) return false;
    for (const id of [jobId.importPath(root), jobId.scanPath(root)]) if (await isRunning(jobs, id)) return false;
    return true;
  },
  async start(root) {
    await jobs.start({ kind: 'importPath', root });
  },
});

async function isRunning(jobs: JobClient, id: string): Promise<boolean> {
  try {
    return (await jobs.get(id)).endedAt === null;
  } catch (error) {
    // It has never run.
    if (error instanceof CodedError && error.code === 'job.unknown') return false;
    throw error;
  }
}
