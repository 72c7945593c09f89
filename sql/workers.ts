import type { ActivityTotal, WorkerReport } from '../model/house.ts';
import { iso, type Queries } from './database.ts';

/** A worker says again that it is there, and what its activities have added up to. */
export async function announceWorker(
  sql: Queries,
  { activities, ...report }: Omit<WorkerReport, 'seenAt' | 'alive'> & { activities: ActivityTotal[] },
): Promise<void> {
  await sql`
    INSERT INTO worker (name, host, pid, queues, version, io_class, niceness, memory, started_at, backend, roots, activities)
    VALUES (${report.name}, ${report.host}, ${report.pid}, ${report.queues}, ${report.version}, ${report.ioClass},
            ${report.niceness}, ${report.memoryBytes}, ${report.startedAt}, ${report.backend}, ${report.roots}, ${sql.json(activities)})
    ON CONFLICT (host, name, pid) DO UPDATE SET queues = excluded.queues, version = excluded.version,
      io_class = excluded.io_class, niceness = excluded.niceness, memory = excluded.memory,
      started_at = excluded.started_at, backend = excluded.backend, roots = excluded.roots, activities = excluded.activities,
      seen_at = now()`;
}

/** The process numbers under which workers of a host have announced themselves. */
export async function workerPids(sql: Queries, host: string, name: string): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`SELECT pid FROM worker WHERE host = ${host} AND name = ${name}`;
  return rows.map(({ pid }) => pid);
}

/** Forgets workers of a host that are known to have ended, and all that were not heard of for a week. */
export async function forgetWorkers(sql: Queries, host: string, name: string, pids: readonly number[]): Promise<void> {
  await sql`
    DELETE FROM worker
    WHERE host = ${host} AND name = ${name} AND pid = ANY (${[...pids]}::int[]) OR seen_at < now() - interval '7 days'`;
}

/** The workers of the last day; one not heard of for 20 s is not alive. */
export async function listWorkers(sql: Queries): Promise<WorkerReport[]> {
  return await sql<WorkerReport[]>`
    SELECT name, host, pid, queues, version, io_class AS "ioClass", niceness, memory::float8 AS "memoryBytes",
           ${iso(sql, 'started_at')} AS "startedAt", ${iso(sql, 'seen_at')} AS "seenAt", backend, roots,
           ${isAlive(sql)} AS alive
    FROM worker WHERE seen_at > now() - interval '1 day' ORDER BY host, name, pid`;
}

/** What the activities of one worker have added up to since it was started. */
export type WorkerTotal = ActivityTotal & { worker: string; host: string; pid: number };

/** Of each worker of the last hour by itself: a sum over them would fall when one is forgotten. */
export async function activityTotals(sql: Queries): Promise<WorkerTotal[]> {
  return await sql<WorkerTotal[]>`
    SELECT name AS worker, host, pid, activity, outcome, count, seconds
    FROM worker, jsonb_to_recordset(activities) AS total (activity text, outcome text, count float8, seconds float8)
    WHERE seen_at > now() - interval '1 hour' ORDER BY host, name, pid, activity, outcome`;
}

/**
 * True for a row of `root` that no io worker can read now. Never where one machine does all: there a path that is not there
 * is offline, and its job says so. One machine does all when nothing was heard of another's engine or io worker for a week.
 */
export const isUnseen = (sql: Queries) => sql`
  ((SELECT count(DISTINCT host) FROM worker WHERE queues && '{engine,io}') > 1
   AND NOT EXISTS (SELECT FROM worker WHERE 'io' = ANY (queues) AND root.id = ANY (roots) AND ${isAlive(sql)}))`;

/** Who else may read a root: nobody, where `host` does all; else whether a worker that is alive can do it now. */
export async function othersWhoSee(sql: Queries, root: number, host: string): Promise<'nobody' | 'none now' | 'some'> {
  const [found] = await sql<{ others: boolean; see: boolean }[]>`
    SELECT coalesce(bool_or(host <> ${host}), false) AS others,
           coalesce(bool_or('io' = ANY (queues) AND ${root} = ANY (roots) AND ${isAlive(sql)}), false) AS see
    FROM worker WHERE queues && '{engine,io}'`;
  return !found?.others ? 'nobody' : found.see ? 'some' : 'none now';
}

const isAlive = (sql: Queries) => sql`seen_at > now() - interval '20 seconds'`;
