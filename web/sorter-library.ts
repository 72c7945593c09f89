import type { PlanWanted, UnitChoice } from '../model/move-plan.ts';
import type { SortingRules } from '../model/sorting.ts';
import type { Database } from '../sql/database.ts';
import { listMoves, plannedDirs, type MoveFilter } from '../sql/plan-pages.ts';
import {
  approvePlan,
  changePlan,
  chooseForUnits,
  createPlan,
  discardPlan,
  getPlan,
  listPlans,
  planCounts,
  wantBack,
} from '../sql/plans.ts';
import { offeredDirs, photosToTry, readSorting, saveSorting } from '../sql/sorting.ts';

/** What the pages ask of the tables about where files belong and plans of moves, and what people decide. */
export function createSorting(sql: Database, ask: <T>(query: Promise<T>) => Promise<T>) {
  return {
    sorting: (root: number) => ask(readSorting(sql, root)),
    saveSorting: (root: number, sorting: SortingRules) => ask(saveSorting(sql, root, sorting)),
    offeredDirs: (root: number, which: Parameters<typeof offeredDirs>[2]) => ask(offeredDirs(sql, root, which)),
    photosToTry: (limit: number) => ask(photosToTry(sql, limit)),
    plans: (page: Parameters<typeof listPlans>[1]) => ask(listPlans(sql, page)),
    plan: (id: number) => ask(getPlan(sql, id)),
    planCounts: (id: number) => ask(planCounts(sql, id)),
    plannedDirs: (id: number, under: string) => ask(plannedDirs(sql, id, under)),
    moves: (filter: MoveFilter) => ask(listMoves(sql, filter)),
    createPlan: (wanted: PlanWanted) => ask(createPlan(sql, wanted)),
    changePlan: (id: number, wanted: PlanWanted) => ask(changePlan(sql, id, wanted)),
    chooseForUnits: (id: number, choice: UnitChoice) => ask(chooseForUnits(sql, id, choice)),
    approvePlan: (id: number, seen: number | null) => ask(approvePlan(sql, id, seen)),
    discardPlan: (id: number) => ask(discardPlan(sql, id)),
    wantBack: (id: number, units: readonly number[] | null) => ask(wantBack(sql, id, units)),
  };
}
