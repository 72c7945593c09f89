import type { WorkerReport } from '../model/house.ts';
import { iso, type Queries } from './database.ts';

/** A worker says again that it is there. */
export async function announceWorker(sql: Queries, report: Omit<WorkerReport, 'seenAt' | 'alive'>): Promise<void> {
  await sql`
    INSERT INTO worker (name, host, pid, queues, version, io_class, niceness, memory, started_at)
    VALUES (${report.name}, ${report.host}, ${report.pid}, ${report.queues}, ${report.version}, ${report.ioClass},
            ${report.niceness}, ${report.memoryBytes}, ${report.startedAt})
    ON CONFLICT (host, name) DO UPDATE SET pid = excluded.pid, queues = excluded.queues, version = excluded.version,
      io_class = excluded.io_class, niceness = excluded.niceness, memory = excluded.memory,
      started_at = excluded.started_at, seen_at = now()`;
}

/** The workers of the last day; one not heard of for 20 s is not alive. */
export async function listWorkers(sql: Queries): Promise<WorkerReport[]> {
  return await sql<WorkerReport[]>`
    SELECT name, host, pid, queues, version, io_class AS "ioClass", niceness, memory::float8 AS "memoryBytes",
           ${iso(sql, 'started_at')} AS "startedAt", ${iso(sql, 'seen_at')} AS "seenAt",
           seen_at > now() - interval '20 seconds' AS alive
    FROM worker WHERE seen_at > now() - interval '1 day' ORDER BY host, name`;
}
