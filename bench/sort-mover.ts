import { openDatabase } from '../sql/database.ts';
import { approvePlan, createPlan, getPlan } from '../sql/plans.ts';
import { eventually, type RunningHouse } from '../tests/support/house.ts';
import { duration } from './house.ts';

const patience = 1_800_000;

export interface Mover {
  /** Plans, moves and takes back what is in the import path. @returns how long the move took, in seconds, by its job's times */
  move: () => Promise<number>;
  end: () => Promise<void>;
}

export async function createMover(house: RunningHouse): Promise<Mover> {
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  const quiet = () =>
    eventually('all jobs to have ended', patience, async () => (await house.status()).jobs.running === 0);
  const job = async (kind: 'planMoves' | 'moveFiles' | 'undoMoves', plan: number) => {
    const { body } = await house.send('POST', '/api/jobs', { kind, plan });
    const ended = await house.ended((body as { id: string }).id, patience);
    if (ended.status !== 'completed') throw new Error(`${kind}: ${JSON.stringify(ended.error)}`);
    return duration(ended);
  };
  await house.until('awaiting jobs', patience);
  await quiet();
  const [storage] = await sql<{ id: number }[]>`SELECT id FROM root WHERE kind = 'storage'`;

  return {
    async move() {
      const plan = await createPlan(sql, { root: storage?.id ?? 0 });
      await job('planMoves', plan);
      await approvePlan(sql, plan);
      const { planned } = (await getPlan(sql, plan)).ledger;
      const took = await job('moveFiles', plan);
      const { found, moved } = (await getPlan(sql, plan)).ledger;
      if (moved !== planned || moved !== found) throw new Error(`${moved} of ${found} files were moved`);
      // What its end has started is no part of it.
      await quiet();
      await sql`UPDATE move SET back = true WHERE plan_id = ${plan}`;
      await job('undoMoves', plan);
      await quiet();
      return took;
    },
    end: () => sql.end(),
  };
}
