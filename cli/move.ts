import type { Move } from '../model/move-plan.ts';
import type { Database } from '../sql/database.ts';
import { listMoves } from '../sql/plan-pages.ts';
import { approvePlan, getPlan } from '../sql/plans.ts';
import { leftWords } from '../web/sorter/plan-words.ts';
import { accountOf, planNumber } from './plan.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant move --plan N`: the person at the shell approves it. With `--dry-run` it only tells every file. */
export async function move({ plan, dryRun }: { plan: string; dryRun?: boolean }): Promise<void> {
  const id = planNumber(plan);
  await withJobs(async (jobs, sql) => {
    if (dryRun) return await tell(sql, id);
    // One that was approved before goes on.
    if ((await getPlan(sql, id)).approvedAt === null) await approvePlan(sql, id);
    console.log((await jobs.start({ kind: 'moveFiles', plan: id })).id);
  });
}

async function tell(sql: Database, plan: number): Promise<void> {
  const { ledger } = await getPlan(sql, plan);
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: Awaited<ReturnType<typeof listMoves>> = await listMoves(sql, { plan, cursor, limit: 1000 });
    for (const move of page.moves) console.log(line(move));
    cursor = page.next;
  }
  console.log(accountOf(ledger));
}

const line = ({ from, to, state, leftBecause, notes, error }: Move): string =>
  leftBecause !== null
    ? `${from} stays: ${leftWords[leftBecause].means}`
    : [
        `${from} -> ${to}`,
        ...(state === 'planned' ? [] : [state]),
        ...(error ? [error.message] : []),
        ...(notes.length > 0 ? [`(${notes.join(', ')})`] : []),
      ].join(' ');
