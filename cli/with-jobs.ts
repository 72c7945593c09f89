import { setTimeout as sleep } from 'node:timers/promises';
import { createJobClient, type JobClient } from '../engine/client/job-client.ts';
import { CodedError } from '../model/errors.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { noteCommand } from './note-command.ts';
import { servers } from './servers.ts';

type Work = (jobs: JobClient, sql: Database) => Promise<void>;

/** Runs a command that only tells, with the running house's database and jobs, and closes both. */
export async function askJobs(work: Work): Promise<void> {
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

/** The same for a command that starts or changes something: who called it is remembered. */
export async function withJobs(work: Work): Promise<void> {
  await askJobs(async (jobs, sql) => {
    await noteCommand(sql);
    await work(jobs, sql);
  });
}

/** Waits for a job's end. Throws step.failed with its reason. */
export async function succeeded(jobs: JobClient, id: string): Promise<void> {
  let job = await jobs.get(id);
  while (job.endedAt === null) {
    await sleep(300);
    job = await jobs.get(id);
  }
  if (job.error) throw new CodedError('step.failed', `${job.error.code}: ${job.error.message}`);
}
