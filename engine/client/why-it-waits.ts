import type { StoredJobMemo } from '../../model/job.ts';
import { taskQueues, type JobKind } from '../../model/job-kinds.ts';
import type { Execution } from './job-memo.ts';
import type { JobTables } from './job-tables.ts';

/** Why a running job rests, in words; null where it does not. */
export function whyItWaits(execution: Execution, memo: StoredJobMemo, tables: JobTables): string | null {
  return unreadable(memo, tables) ?? unattended(memo, tables) ?? waitOf(execution, memo, tables);
}

/** Jobs that read or write in paths, and are told to wait where no worker can. */
const needsPath: readonly JobKind[] = [
  ...(['scanPath', 'importPath', 'dirChain', 'removeMissing', 'checkFiles'] as const),
  ...(['planMoves', 'moveFiles', 'undoMoves'] as const),
];

function unreadable({ kind, root, dir, plan }: StoredJobMemo, { roots, dirs, planned }: JobTables): string | null {
  if (!needsPath.includes(kind)) return null;
  const of = root ?? (dir === undefined ? undefined : dirs.get(dir)?.root);
  const ids = plan === undefined ? [of] : planned.get(plan);
  const unseen = ids?.map((id) => (id === undefined ? undefined : roots.get(id))).find((each) => each?.unseen);
  return unseen ? `no worker can read this path: ${unseen.path}` : null;
}

/** What steps are for workers of a kind to do, where it is not the engine's. */
const workOf: Record<'io' | 'ai', { steps: readonly string[]; words: string }> = {
  io: {
    steps: ['scan', 'thumbs', 'plan', 'move', 'take back', 'remove', 'check', 'tidy'],
    words: 'no worker runs that reads and moves files',
  },
  ai: { steps: ['faces', 'identify', 'measure', 'group'], words: 'no worker runs that looks for faces' },
};

function unattended({ steps }: StoredJobMemo, { attended }: JobTables): string | null {
  const running = steps.filter(({ status }) => status === 'running').map(({ name }) => name);
  for (const queue of ['io', 'ai'] as const) {
    const { steps: its, words } = workOf[queue];
    if (!attended.has(taskQueues[queue]) && running.some((name) => its.includes(name))) return `waits: ${words}`;
  }
  return null;
}

/** Why a running job rests; a path's job rests with the jobs of its dirs. */
function waitOf({ workflowId }: Execution, memo: StoredJobMemo, { waits, quietUntil }: JobTables): string | null {
  const own = waits.find(({ job }) => job === workflowId);
  if (own) return own.why;
  const waitsForQuiet = memo.kind === 'scheduled' && memo.steps[0]?.status === 'running';
  if (waitsForQuiet && quietUntil !== null) return `waits for the quiet hours to end at ${quietUntil}`;
  const ofPath = memo.kind === 'importPath' || memo.kind === 'facesOfPath';
  const part = waits.find(({ job, root }) => (ofPath && root === memo.root) || memo.waitsFor.includes(job));
  return part?.why ?? null;
}
