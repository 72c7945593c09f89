import type { PlanInput } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';
import { importChanged } from './move-files.ts';

/** Takes files of a plan back where they were: those that a person wants back. */
export async function undoMoves({ plan }: PlanInput): Promise<void> {
  const job = openJob({ kind: 'undoMoves', plan, steps: ['take back', 'tidy'] });
  await job.step('take back', () => io.undoMoves({ plan }));
  const roots = await job.step('tidy', () => io.tidyAfterUndo({ plan }));
  await importChanged(roots);
}
