import { wantBack } from '../sql/plans.ts';
import { planNumber } from './plan.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant undo --plan N`: takes all files that a plan moved back where they were. */
export async function undo({ plan }: { plan: string }): Promise<void> {
  const id = planNumber(plan);
  await withJobs(async (jobs, sql) => {
    await wantBack(sql, id, null);
    console.log((await jobs.start({ kind: 'undoMoves', plan: id })).id);
  });
}
