import type { ActivityTotal, WorkerReport } from '../model/house.ts';
import { iso, type Queries } from './database.ts';

/** A worker says again that it is there, and what its activities have added up to. */
export async function announceWorker(
  sql: Queries,
  { activities, ...report }: Omit<WorkerReport, 'seenAt' | 'alive'> & { activities: ActivityTotal[] },
): Promise<void> {
  await sql`
    INSERT INTO worker (name, host, pid, queues, version, io_class, niceness, memory, started_at, activities)
    VALUES (${report.name}, ${report.host}, ${report.pid}, ${report.queues}, ${report.version}, ${report.ioClass},
            ${report.niceness}, ${report.memoryBytes}, ${report.startedAt}, ${sql.json(activities)})
    ON CONFLICT (host, name) DO UPDATE SET pid = excluded.pid, queues = excluded.queues, version = excluded.version,
      io_class = excluded.io_class, niceness = excluded.niceness, memory = excluded.memory,
      started_at = excluded.started_at, activities = excluded.activities, seen_at = now()`;
}

/** The workers of the last day; one not heard of for 20 s is not alive. */
export async function listWorkers(sql: Queries): Promise<WorkerReport[]> {
  return await sql<WorkerReport[]>`
    SELECT name, host, pid, queues, version, io_class AS "ioClass", niceness, memory::float8 AS "memoryBytes",
           ${iso(sql, 'started_at')} AS "startedAt", ${iso(sql, 'seen_at')} AS "seenAt",
           seen_at > now() - interval '20 seconds' AS alive
    FROM worker WHERE seen_at > now() - interval '1 day' ORDER BY host, name`;
}

/** What the activities of the workers of the last hour have added up to since each was started. */
export async function activityTotals(sql: Queries): Promise<(ActivityTotal & { worker: string; host: string })[]> {
  return await sql<(ActivityTotal & { worker: string; host: string })[]>`
    SELECT name AS worker, host, activity, outcome, count, seconds
    FROM worker, jsonb_to_recordset(activities) AS total (activity text, outcome text, count float8, seconds float8)
    WHERE seen_at > now() - interval '1 hour' ORDER BY host, name, activity, outcome`;
}
