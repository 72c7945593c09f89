import type { StoredJobMemo } from '../../model/job.ts';
import { clockOf, quietMinutesLeft } from '../../model/quiet-hours.ts';
import type { Database } from '../../sql/database.ts';
import { dirsById } from '../../sql/dirs.ts';
import { listJobWaits, type JobWait } from '../../sql/job-waits.ts';
import { recentRates } from '../../sql/log.ts';
import { personNames } from '../../sql/people.ts';
import { planLedgers, planRoots, type PlanLedger } from '../../sql/plans.ts';
import { countRescanned } from '../../sql/rescans.ts';
import { listRoots } from '../../sql/roots.ts';
import { readStoredSettings } from '../../sql/settings.ts';
import { listWorkers } from '../../sql/workers.ts';
import type { NamedTables } from './job-title.ts';

/** What the tables know of a page of jobs: read once, in ten queries, however many jobs. */
export interface JobTables extends NamedTables {
  plans: Map<number, PlanLedger>;
  /** The paths that plans have to do with. */
  planned: Map<number, number[]>;
  rates: { job: Map<string, number>; root: Map<number, number> };
  /** Pictures that jobs which look again have done. */
  rescanned: Map<StoredJobMemo, number>;
  waits: JobWait[];
  /** Queues that some worker takes tasks from. */
  attended: Set<string>;
  /** When the quiet hours end, where it is quiet now. */
  quietUntil: string | null;
}

export async function readJobTables(sql: Database, memos: readonly StoredJobMemo[]): Promise<JobTables> {
  const dirIds = memos.flatMap(({ dir, failedDir }) => [dir, failedDir].filter((id) => id !== undefined));
  const rescans = memos.filter(({ rescan }) => rescan !== undefined);
  const planIds = memos.flatMap(({ plan }) => plan ?? []);
  const personIds = memos.flatMap(({ person }) => person ?? []);
  const rescanned = rescans.map(({ root, dir, rescan }) => ({ root, dir, before: rescan?.before ?? 0 }));
  const [roots, dirs, people, plans, planned, rates, numRescanned, waits, workers, settings] = await Promise.all([
    listRoots(sql),
    dirsById(sql, dirIds),
    personNames(sql, personIds),
    planLedgers(sql, planIds),
    planRoots(sql, planIds),
    recentRates(sql),
    countRescanned(sql, rescanned),
    listJobWaits(sql),
    listWorkers(sql),
    readStoredSettings(sql),
  ]);
  return {
    roots: new Map(roots.map((root) => [root.id, root])),
    dirs: new Map(dirs.map((dir) => [dir.id, dir])),
    people,
    plans,
    planned,
    rates,
    rescanned: new Map(rescans.map((memo, i) => [memo, numRescanned[i] ?? 0])),
    waits,
    attended: new Set(workers.flatMap(({ alive, queues }) => (alive ? queues : []))),
    quietUntil: quietMinutesLeft(clockOf(new Date()), settings) > 0 ? settings.quietTo : null,
  };
}
