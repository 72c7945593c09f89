import { Connection } from '@temporalio/client';
import { activityInfo } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAiActivities, createEngineActivities, createIoActivities } from '../activities/index.ts';
import { watchImports } from '../activities/watch-imports.ts';
import type { Imports } from '../activities/watch-root.ts';
import { activityFailure } from '../activities/running.ts';
import type { Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import { jobId, taskQueues } from '../model/job-kinds.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { announce, version } from './announce.ts';
import { createJobClient, type JobClient } from './client/job-client.ts';
import { readHouse } from './house-file.ts';
import { prepareNamespace } from './namespace.ts';

export type Queue = keyof typeof taskQueues;

/** Time for running activities to store what they have when the worker is asked to stop. */
const shutdownGraceTime = '20 seconds';

export interface WorkerConfig extends Config {
  databaseUrl: string;
  temporalAddress: string;
}

/**
 * One worker process for some task queues; runs until it is told to stop. Calls `ready` when it takes work.
 */
export async function runWorker(config: WorkerConfig, queues: readonly Queue[], ready: () => void): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const sql = openDatabase(config.databaseUrl, { max: 6, name: `worker ${queues.join(',')}` });
  const connection = await waitForTemporal(config.temporalAddress);
  const jobs = createJobClient({
    sql,
    temporalAddress: config.temporalAddress,
    namespace: config.temporalNamespace,
    temporalUi: () => null,
  });
  const io = queues.includes('io') ? createIoActivities({ ...config, sql }) : null;
  const ai = queues.includes('ai') ? createAiActivities({ ...config, sql, version }) : null;
  try {
    if (queues.includes('engine')) await prepare(config);
    const workers = await Promise.all(
      queues.map((queue) =>
        Worker.create({
          connection,
          namespace: config.temporalNamespace,
          taskQueue: taskQueues[queue],
          identity: `${queue}@${os.hostname()}:${process.pid}`,
          shutdownGraceTime,
          // A cancel arrives with a heartbeat's answer, so these may not be held back for long.
          maxHeartbeatThrottleInterval: '2 seconds',
          defaultHeartbeatThrottleInterval: '2 seconds',
          interceptors: { activity: [() => ({ inbound: { execute: codedFailures } })] },
          ...(queue === 'engine' && engineOptions(sql, jobs)),
          ...(queue === 'io' && { activities: io?.activities ?? {}, maxConcurrentActivityTaskExecutions: 16 }),
          ...(queue === 'ai' && { activities: ai?.activities ?? {}, maxConcurrentActivityTaskExecutions: 4 }),
        }),
      ),
    );
    const stopAnnouncing = announce(sql, queues);
    const running = Promise.all(workers.map((worker) => worker.run()));
    if (queues.includes('engine')) await jobs.boot(readHouse(config.houseFile)?.startedAt ?? new Date().toISOString());
    const stopWatching = io ? watchImports({ sql, imports: importsOf(jobs) }) : () => undefined;
    ready();
    await running;
    stopWatching();
    stopAnnouncing();
  } finally {
    await io?.close();
    await ai?.close();
    await jobs.close();
    await connection.close();
    await sql.end({ timeout: 5 });
  }
}

function engineOptions(sql: Database, jobs: JobClient): Partial<WorkerOptions> {
  return {
    workflowBundle: { codePath: path.join(import.meta.dirname, '..', 'workflow-bundle.js') },
    activities: createEngineActivities({ sql, jobResult: (id) => jobEnd(jobs, id) }),
    maxCachedWorkflows: 100,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentActivityTaskExecutions: 20,
  };
}

/** Waits for the end of another job, however it ends. */
async function jobEnd(jobs: JobClient, id: string): Promise<void> {
  while ((await jobs.get(id)).endedAt === null) await sleep(1_000);
}

/** Imports that are started by themselves; not while what they would join may have passed what is new. */
const importsOf = (jobs: JobClient): Imports => ({
  async isFree(root) {
    const moving = await jobs.list({ kinds: ['moveFiles', 'undoMoves'], status: 'running', limit: 1 });
    if (moving.jobs.length > 0) return false;
    for (const id of [jobId.importPath(root), jobId.scanPath(root)]) if (await isRunning(jobs, id)) return false;
    return true;
  },
  async start(root) {
    await jobs.start({ kind: 'importPath', root });
  },
});

async function isRunning(jobs: JobClient, id: string): Promise<boolean> {
  try {
    return (await jobs.get(id)).endedAt === null;
  } catch (error) {
    // It has never run.
    if (error instanceof CodedError && error.code === 'job.unknown') return false;
    throw error;
  }
}

async function codedFailures<I, O>(input: I, next: (input: I) => Promise<O>): Promise<O> {
  try {
    return await next(input);
  } catch (error) {
    throw activityFailure(error, activityInfo().attempt);
  }
}

async function prepare(config: WorkerConfig): Promise<void> {
  const connection = await Connection.connect({ address: config.temporalAddress });
  try {
    await prepareNamespace(connection, config.temporalNamespace);
  } finally {
    await connection.close();
  }
}

/** Temporal may come up later than this worker. Throws temporal.unavailable after two minutes. */
async function waitForTemporal(address: string): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      if (attempt === 60)
        throw new CodedError('temporal.unavailable', `Temporal at ${address} does not answer.`, { cause: error });
      await sleep(2_000);
    }
  }
}
