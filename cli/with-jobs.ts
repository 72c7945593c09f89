import { createJobClient, type JobClient } from '../engine/client/job-client.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { servers } from './servers.ts';

/** Runs a command's work with the running house's database and jobs, and closes both. */
export async function withJobs(work: (jobs: JobClient, sql: Database) => Promise<void>): Promise<void> {
  const { databaseUrl, temporalAddress, temporalNamespace: namespace } = servers();
  const sql = openDatabase(databaseUrl, { max: 2, name: 'command line' });
  const jobs = createJobClient({ sql, temporalAddress, namespace, temporalUi: () => null });
  try {
    await work(jobs, sql);
  } finally {
    await jobs.close();
    await sql.end({ timeout: 5 });
  }
}
