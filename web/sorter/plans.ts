import { CodedError } from '../../model/errors.ts';
import type { PlanWanted, UnitChoice } from '../../model/move-plan.ts';
import type { SortingRules } from '../../model/sorting.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';
import { problemsOf } from './rules-form.ts';

/** What people do with rules and plans, from the pages and the API alike. */

type Deps = Pick<Web, 'library' | 'jobs' | 'live' | 'sorter'>;

/** Throws pattern.invalid, setting.invalid. */
export function refuseUnreadable({ sorter }: Pick<Deps, 'sorter'>, rules: SortingRules): void {
  const [problem] = problemsOf(rules, sorter.check);
  if (!problem) return;
  const where = problem.rule === null ? '' : `Rule ${problem.rule + 1}. `;
  throw new CodedError(problem.code, where + problem.message);
}

/** Saves rules that can be read. Throws pattern.invalid, setting.invalid, root.unknown. */
export async function saveRules(deps: Deps, root: number, rules: SortingRules): Promise<void> {
  refuseUnreadable(deps, rules);
  await deps.library.saveSorting(root, rules);
}

/** Begins a plan, and the job that makes it. Throws root.unknown, dir.unknown. */
export async function makePlan(deps: Deps, wanted: PlanWanted): Promise<{ id: number; job: string }> {
  const { library } = deps;
  if (wanted.dir !== undefined) await library.dir(wanted.dir);
  const id = await library.createPlan(wanted);
  try {
    const { id: job } = await deps.jobs.start({ kind: 'planMoves', plan: id });
    deps.live.wake();
    return { id, job };
  } catch (error) {
    // A click that is sent again begins another one.
    await library.discardPlan(id);
    throw error;
  }
}

/** Makes a draft anew as it is wanted now. Throws plan.unknown, plan.not-draft, root.unknown. */
export async function remakePlan(deps: Deps, id: number, wanted: PlanWanted): Promise<string> {
  await deps.library.changePlan(id, wanted);
  return await startJob(deps, 'planMoves', id);
}

/** Decides for some pictures of a draft, which is made anew. Throws plan.unknown, plan.not-draft. */
export async function choose(deps: Deps, id: number, choice: UnitChoice): Promise<string> {
  await deps.library.chooseForUnits(id, choice);
  return await startJob(deps, 'planMoves', id);
}

/** A person approves a draft, as it was `seen`: its files are moved. Throws plan.unknown, plan.not-draft. */
export async function approve(deps: Deps, id: number, seen: number | null): Promise<string> {
  await deps.library.approvePlan(id, seen);
  return await startJob(deps, 'moveFiles', id);
}

/** Takes back what a plan moved, all or some pictures. Throws plan.unknown, plan.not-approved. */
export async function takeBack(deps: Deps, id: number, units: readonly number[] | null): Promise<string> {
  await deps.library.wantBack(id, units);
  return await startJob(deps, 'undoMoves', id);
}

/** Starts a job of a plan after its word was noted, or lets it go on. @returns the job's id. Throws job.not-begun */
async function startJob(
  { jobs, live }: Pick<Deps, 'jobs' | 'live'>,
  kind: 'planMoves' | 'moveFiles' | 'undoMoves',
  plan: number,
): Promise<string> {
  const id = await startAfter(jobs, { kind, plan });
  live.wake();
  return id;
}
