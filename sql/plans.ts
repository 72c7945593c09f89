import Value from 'typebox/value';
import { CodedError } from '../model/errors.ts';
import {
  PlanWanted,
  type Choice,
  type Ledger,
  type Plan,
  type PlanCounts,
  type PlanState,
} from '../model/move-plan.ts';
import { SortingRules } from '../model/sorting.ts';
import { iso, type Database, type Queries } from './database.ts';
import { readSorting } from './sorting.ts';

interface PlanRow {
  id: number;
  root: number;
  path: string;
  state: PlanState;
  changes: number;
  wanted: unknown;
  sorting: unknown;
  madeAt: string;
  approvedAt: string | null;
  endedAt: string | null;
}

const columns = (sql: Queries) => sql`
  move_plan.id, root_id AS root, path, state, changes, wanted, move_plan.sorting, ${iso(sql, 'made_at')} AS "madeAt",
  ${iso(sql, 'approved_at')} AS "approvedAt", ${iso(sql, 'ended_at')} AS "endedAt"`;

/** Remembers what a plan is to be about; a job then makes it. Throws root.unknown, dir.unknown. */
export async function createPlan(sql: Queries, wanted: PlanWanted): Promise<number> {
  const sorting = await readSorting(sql, wanted.root);
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO move_plan (root_id, wanted, sorting)
    VALUES (${wanted.root}, ${JSON.stringify(wanted)}::text::jsonb, ${JSON.stringify(sorting)}::text::jsonb) RETURNING id`;
  return row?.id ?? 0;
}

export interface PlanToMake {
  root: number;
  state: PlanState;
  /** What is made of an earlier number of changes does not count. */
  changes: number;
  wanted: PlanWanted;
  sorting: SortingRules;
}

/** What a plan is made of. Throws plan.unknown. */
export async function planToMake(sql: Queries, id: number): Promise<PlanToMake> {
  const { root, state, changes, wanted, sorting } = await planRow(sql, id);
  return { root, state, changes, wanted: Value.Parse(PlanWanted, wanted), sorting: Value.Parse(SortingRules, sorting) };
}

async function planRow(sql: Queries, id: number): Promise<PlanRow> {
  const [row] = await sql<PlanRow[]>`
    SELECT ${columns(sql)} FROM move_plan JOIN root ON root.id = root_id WHERE move_plan.id = ${id}`;
  if (!row) throw new CodedError('plan.unknown', `There is no plan with the number ${id}.`);
  return row;
}

/** Throws plan.unknown. */
export async function getPlan(sql: Queries, id: number): Promise<Plan> {
  const [plan] = await withCounts(sql, [await planRow(sql, id)]);
  if (!plan) throw new CodedError('plan.unknown');
  return plan;
}

/** The plans that were not thrown away, the newest first; before the one with the number `before`. */
export async function listPlans(sql: Queries, { before, limit }: { before?: number; limit: number }): Promise<Plan[]> {
  const rows = await sql<PlanRow[]>`
    SELECT ${columns(sql)} FROM move_plan JOIN root ON root.id = root_id
    WHERE state <> 'discarded' ${before === undefined ? sql`` : sql`AND move_plan.id < ${before}`}
    ORDER BY move_plan.id DESC LIMIT ${limit}`;
  return await withCounts(sql, rows);
}

async function withCounts(sql: Queries, rows: readonly PlanRow[]): Promise<Plan[]> {
  const counts = await planLedgers(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.map(({ root: _, sorting, wanted, ...row }) => ({
    ...row,
    wanted: Value.Parse(PlanWanted, wanted),
    pattern: Value.Parse(SortingRules, sorting).pattern,
    ...(counts.get(row.id) ?? { ledger: nothing, bytes: 0, wantedBack: 0 }),
  }));
}

export interface PlanLedger {
  ledger: Ledger;
  bytes: number;
  wantedBack: number;
}

const nothing: Ledger = { found: 0, planned: 0, moved: 0, skipped: 0, duplicates: 0, failed: 0, undone: 0 };

/** How the files of some plans stand, by the plans' numbers. */
export async function planLedgers(sql: Queries, plans: readonly number[]): Promise<Map<number, PlanLedger>> {
  if (plans.length === 0) return new Map();
  const rows = await sql<({ id: number; bytes: number; wantedBack: number } & Ledger)[]>`
    SELECT plan_id AS id, count(*)::int AS found, count(*) FILTER (WHERE state IN ('planned', 'moving') AND NOT back)::int AS planned,
           count(*) FILTER (WHERE state = 'moved' OR state = 'moving' AND back)::int AS moved,
           count(*) FILTER (WHERE left_because <> 'duplicate')::int AS skipped,
           count(*) FILTER (WHERE left_because = 'duplicate')::int AS duplicates,
           count(*) FILTER (WHERE state = 'failed')::int AS failed, count(*) FILTER (WHERE state = 'undone')::int AS undone,
           coalesce(sum(size) FILTER (WHERE state <> 'left'), 0)::float8 AS bytes,
           count(*) FILTER (WHERE back AND state IN ('moved', 'moving'))::int AS "wantedBack"
    FROM move WHERE plan_id = ANY (${plans}) GROUP BY plan_id`;
  return new Map(rows.map(({ id, bytes, wantedBack, ...ledger }) => [id, { ledger, bytes, wantedBack }]));
}

/** The paths that some plans have to do with, by the plans' numbers: where their files go, and those it was made of where these were named. */
export async function planRoots(sql: Queries, plans: readonly number[]): Promise<Map<number, number[]>> {
  if (plans.length === 0) return new Map();
  const rows = await sql<{ id: number; roots: number[] }[]>`
    SELECT id, root_id || ARRAY(SELECT jsonb_array_elements_text(coalesce(wanted -> 'roots', '[]'))::int) AS roots
    FROM move_plan WHERE id = ANY (${plans})`;
  return new Map(rows.map(({ id, roots }) => [id, roots]));
}

/** How many files of a plan have which note, and stay for which reason. */
export async function planCounts(sql: Queries, id: number): Promise<PlanCounts> {
  const [notes, left] = await Promise.all([
    sql<PlanCounts['notes']>`
      SELECT note, count(*)::int AS files FROM move, unnest(notes) AS note WHERE plan_id = ${id} GROUP BY note ORDER BY note`,
    sql<PlanCounts['left']>`
      SELECT left_because AS because, count(*)::int AS files FROM move
      WHERE plan_id = ${id} AND state = 'left' GROUP BY left_because ORDER BY left_because`,
  ]);
  return { notes: [...notes], left: [...left] };
}

/**
 * A person says that a draft is to be carried out; `seen` is its number of changes then, for one that has changed meanwhile is
 * another one. Once more changes nothing. Throws plan.unknown, plan.not-draft.
 */
export async function approvePlan(sql: Database, id: number, seen: number | null = null): Promise<void> {
  const { count } = await sql`
    UPDATE move_plan SET state = 'approved', approved_at = now()
    WHERE id = ${id} AND state = 'draft' ${seen === null ? sql`` : sql`AND changes = ${seen}`}`;
  if (count > 0) return;
  const { state, changes } = await planRow(sql, id);
  if (state === 'approved' && (seen === null || seen === changes)) return;
  throw new CodedError('plan.not-draft', notApproved[state] ?? `The plan is not a draft any more: it is ${state}.`);
}

const notApproved: Partial<Record<PlanState, string>> = {
  making: 'The plan is still being made.',
  draft: 'The plan has been changed since you saw it. Look at it again.',
};

/**
 * A person wants files back where they were: all that a plan moved, or some of its pictures. A job then takes them back.
 * Throws plan.unknown, plan.not-approved.
 */
export async function wantBack(sql: Database, id: number, units: readonly number[] | null): Promise<void> {
  const { state } = await planRow(sql, id);
  if (state !== 'approved' && state !== 'done') throw new CodedError('plan.not-approved');
  await sql`
    UPDATE move SET back = true
    WHERE plan_id = ${id} AND state = 'moved' ${units === null ? sql`` : sql`AND unit = ANY (${units})`}`;
}

/** A person throws a draft away; what was decided for its files goes with it. Throws plan.unknown, plan.not-draft. */
export async function discardPlan(sql: Database, id: number): Promise<void> {
  await sql.begin(async (tx) => {
    await fromDraft(tx, id, tx`state = 'discarded', ended_at = now()`);
    await tx`DELETE FROM move WHERE plan_id = ${id}`;
  });
}

async function fromDraft(sql: Queries, id: number, becomes: ReturnType<Queries>): Promise<void> {
  const { count } = await sql`UPDATE move_plan SET ${becomes} WHERE id = ${id} AND state IN ('making', 'draft')`;
  if (count > 0) return;
  const { state } = await planRow(sql, id);
  throw new CodedError('plan.not-draft', `The plan is not a draft any more: it is ${state}.`);
}

/**
 * What a person decided for some pictures of a draft. What is not given stays as it was; null takes it back. The plan is
 * to be made anew then. Throws plan.unknown, plan.not-draft.
 */
export async function chooseForUnits(
  sql: Database,
  id: number,
  { units, choice, to }: { units: readonly number[]; choice?: Choice | null; to?: string | null },
): Promise<void> {
  await sql.begin(async (tx) => {
    await fromDraft(tx, id, tx`state = 'making', changes = changes + 1`);
    await tx`
      INSERT INTO move_choice (plan_id, unit, choice, to_dir)
      SELECT ${id}, unit, ${choice ?? null}, ${to ?? null} FROM unnest(${units}::int[]) AS unit
      ON CONFLICT (plan_id, unit) DO UPDATE SET
        choice = ${choice === undefined ? tx`move_choice.choice` : tx`excluded.choice`},
        to_dir = ${to === undefined ? tx`move_choice.to_dir` : tx`excluded.to_dir`}`;
  });
}

/** Other choices for a whole draft, which is to be made anew then. Throws plan.unknown, plan.not-draft. */
export async function changePlan(sql: Database, id: number, wanted: PlanWanted): Promise<void> {
  const sorting = await readSorting(sql, wanted.root);
  await fromDraft(
    sql,
    id,
    sql`state = 'making', changes = changes + 1, root_id = ${wanted.root}, wanted = ${JSON.stringify(wanted)}::text::jsonb,
      sorting = ${JSON.stringify(sorting)}::text::jsonb`,
  );
}
