import type { Database, Queries } from './database.ts';

/** A job that waits for the machine. `root`: the path of its dir, where it is a dir's chain. */
export interface JobWait {
  host: string;
  worker: string;
  job: string;
  root: number | null;
  why: string;
}

/** Stores what jobs wait for in a worker, and that others (`over`) wait no more. Several workers of a host may have one name. */
export async function storeJobWaits(
  sql: Database,
  { host, worker }: { host: string; worker: string },
  waits: ReadonlyMap<string, string>,
  over: readonly string[],
): Promise<void> {
  await sql.begin(async (tx) => {
    // A worker that was killed says of none that it is over.
    await tx`
      DELETE FROM job_wait WHERE host = ${host} AND worker = ${worker}
        AND (job = ANY (${over}) OR seen_at < now() - interval '1 hour')`;
    for (const [job, why] of waits) {
      await tx`
        INSERT INTO job_wait (host, worker, job, why) VALUES (${host}, ${worker}, ${job}, ${why})
        ON CONFLICT (host, worker, job) DO UPDATE SET why = excluded.why, seen_at = now()`;
    }
  });
}

/** What jobs wait for now; a worker that is not heard of waits for nothing. */
export async function listJobWaits(sql: Queries): Promise<JobWait[]> {
  return await sql<JobWait[]>`
    SELECT host, worker, job, why, dir.root_id AS root
    FROM job_wait LEFT JOIN dir ON dir.id = CASE WHEN job ~ '^dir/[0-9]{1,9}$' THEN substr(job, 5)::int END
    WHERE seen_at > now() - interval '30 seconds' ORDER BY since, job`;
}
