import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAiActivities, createEngineActivities, createIoActivities } from '../activities/index.ts';
import { watchImports } from '../activities/watch-imports.ts';
import { openThumbs } from '../activities/open-thumbs.ts';
import { createRoots } from '../activities/roots.ts';
import { createFailures } from '../activities/running.ts';
import { pageAddress, version, type Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import { taskQueues } from '../model/job-kinds.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { createActivityTimes } from './activity-times.ts';
import { announce } from './announce.ts';
import { createJobClient, type JobClient } from './client/job-client.ts';
import type { Tracing } from './client/tracing.ts';
import { createGate } from './gate.ts';
import { createHostFacts } from './host-facts.ts';
import { readHouse } from './house-file.ts';
import { importsOf } from './imports-of.ts';
import type { Logger } from './logger.ts';
import { prepareNamespace } from './namespace.ts';
import { startNotifier } from './notifier.ts';
import { letOthersFirst } from './priority.ts';
import { watched } from './watched-activity.ts';

export type Queue = keyof typeof taskQueues;

/** Time for running activities to store what they have when the worker is asked to stop. */
const shutdownGraceTime = '20 seconds';

export interface WorkerConfig extends Config {
  databaseUrl: string;
  temporalAddress: string;
}

/** What the engine does is short, and people wait for it: no gate holds it, and its session keeps its share. */
const isWaitedFor = (queue: Queue): boolean => queue === 'engine';

/** How many activities a queue's worker runs side by side. */
const slots: Record<Queue, number> = { engine: 20, io: 16, ai: 4 };

/**
 * One worker process for some task queues; runs until it is told to stop. Logs `ready` when it takes work.
 */
export async function runWorker(
  config: WorkerConfig,
  queues: readonly Queue[],
  { log, tracing }: { log: Logger; tracing: Tracing | null },
): Promise<void> {
  if (!queues.every(isWaitedFor))
    await letOthersFirst().catch((error: unknown) => log.warn({ error }, 'this worker could not be made to come last'));
  Runtime.install({ logger: temporalLogger(log) });
  const sql = openDatabase(config.databaseUrl, { max: 6, name: `worker ${queues.join(',')}` });
  const connection = await waitForTemporal(config.temporalAddress);
  const jobs = createJobClient({
    sql,
    temporalAddress: config.temporalAddress,
    namespace: config.temporalNamespace,
    temporalUi: () => null,
    interceptors: tracing?.interceptors,
  });
  const traced = tracing && (await import('./traced-worker.ts')).traceWorker(tracing);
  const thumbs = await openThumbs(config);
  const roots = createRoots({ sql, pathMap: config.pathMap, host: os.hostname() });
  const io = queues.includes('io') ? createIoActivities({ ...config, sql, roots, thumbs }) : null;
  const ai = queues.includes('ai') ? createAiActivities({ ...config, sql, thumbs, version }) : null;
  const times = createActivityTimes();
  const failures = createFailures();
  const house = readHouse(config.houseFile);
  // A data folder that machines share tells of a house elsewhere.
  const facts = createHostFacts(house?.pid === process.ppid ? house.pid : process.pid);
  try {
    if (queues.includes('engine')) await prepare(config);
    const workers = await Promise.all(
      queues.map((queue) => {
        const gate = isWaitedFor(queue) ? null : createGate({ sql, worker: queue, facts, places: slots[queue] - 2 });
        return Worker.create({
          connection,
          namespace: config.temporalNamespace,
          taskQueue: taskQueues[queue],
          identity: `${queue}@${os.hostname()}:${process.pid}`,
          shutdownGraceTime,
          // A cancel arrives with a heartbeat's answer, so these may not be held back for long.
          maxHeartbeatThrottleInterval: '2 seconds',
          defaultHeartbeatThrottleInterval: '2 seconds',
          maxConcurrentActivityTaskExecutions: slots[queue],
          interceptors: {
            activity: [...(traced ? [traced.activity] : []), () => watched({ log, times, failures, gate })],
          },
          ...(traced && { sinks: traced.sinks }),
          ...(queue === 'engine' && engineOptions(sql, jobs, traced !== null)),
          ...(queue === 'io' && { activities: io?.activities ?? {} }),
          ...(queue === 'ai' && { activities: ai?.activities ?? {} }),
        });
      }),
    );
    const stopAnnouncing = await announce({
      ...{ sql, log, queues },
      activities: times.totals,
      roots: async () => (io ? await roots.seen() : []),
      backend: () => ai?.backend() ?? null,
    });
    const running = Promise.all(workers.map((worker) => worker.run()));
    if (queues.includes('engine')) await jobs.boot(house?.startedAt ?? new Date().toISOString());
    const stopWatching = io ? watchImports({ sql, roots, log, imports: importsOf(jobs) }) : () => undefined;
    const page = config.publicUrl ?? pageAddress(config);
    const stopNotifying = queues.includes('engine')
      ? startNotifier({ sql, log, job: (id) => jobs.get(id), page })
      : () => undefined;
    log.info({ queues }, 'ready');
    await running;
    stopWatching();
    stopNotifying();
    stopAnnouncing();
  } finally {
    await io?.close();
    await ai?.close();
    await thumbs.close();
    await jobs.close();
    await connection.close();
    await tracing?.close();
    await sql.end({ timeout: 5 });
  }
}

function engineOptions(sql: Database, jobs: JobClient, traced: boolean): Partial<WorkerOptions> {
  return {
    workflowBundle: { codePath: path.join(import.meta.dirname, '..', `workflow-bundle${traced ? '-traced' : ''}.js`) },
    activities: createEngineActivities({ sql, jobResult: (id) => jobEnd(jobs, id) }),
    maxCachedWorkflows: 100,
    maxConcurrentWorkflowTaskExecutions: 20,
  };
}

/** Waits for the end of another job, however it ends. */
async function jobEnd(jobs: JobClient, id: string): Promise<void> {
  while ((await jobs.get(id)).endedAt === null) await sleep(1_000);
}

/** Temporal's own words, as lines of the same log. */
const temporalLogger = (log: Logger) =>
  new DefaultLogger('WARN', ({ level, message, meta }) => {
    const { workflowId, runId, error, ...more }: Record<string, unknown> = meta ?? {};
    const line = { ...more, ...(workflowId === undefined ? {} : { job: workflowId, run: runId }), error };
    if (level === 'ERROR') log.error(line, message);
    else log.warn(line, message);
  });

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
