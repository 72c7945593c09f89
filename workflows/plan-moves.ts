import { setHandler } from '@temporalio/workflow';
import type { PlanInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';
import { planChangedSignal } from './signals.ts';

/** Works out where the files of a plan would go. Moves none. */
export async function planMoves({ plan }: PlanInput): Promise<void> {
  const job = openJob({ kind: 'planMoves', plan, steps: ['plan'] });
  let changed = false;
  const isChanged = (): boolean => changed;
  setHandler(planChangedSignal, () => void (changed = true));
  await job.step('plan', async () => {
    do {
      changed = false;
      await io.planMoves({ plan });
    } while (isChanged());
  });
}
