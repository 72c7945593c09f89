import { Connection } from '@temporalio/client';
import { activityInfo, CancelledFailure } from '@temporalio/activity';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type ActivityExecuteInput,
  type ActivityInterceptors,
  type WorkerOptions,
} from '@temporalio/worker';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAiActivities, createEngineActivities, createIoActivities } from '../activities/index.ts';
import { watchImports } from '../activities/watch-imports.ts';
import type { Imports } from '../activities/watch-root.ts';
import { openThumbs } from '../activities/open-thumbs.ts';
import { createRoots } from '../activities/roots.ts';
import { activityFailure, heartbeating, withGate } from '../activities/running.ts';
import { pageAddress, type Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import { jobId, taskQueues } from '../model/job-kinds.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { createActivityTimes } from './activity-times.ts';
import { announce, version } from './announce.ts';
import { createJobClient, type JobClient } from './client/job-client.ts';
import type { Tracing } from './client/tracing.ts';
import { createGate } from './gate.ts';
import { createHostFacts } from './host-facts.ts';
import { readHouse } from './house-file.ts';
import type { Logger } from './logger.ts';
import { prepareNamespace } from './namespace.ts';
import { startNotifier } from './notifier.ts';

export type Queue = keyof typeof taskQueues;

/** Time for running activities to store what they have when the worker is asked to stop. */
const shutdownGraceTime = '20 seconds';

export interface WorkerConfig extends Config {
  databaseUrl: string;
  temporalAddress: string;
}

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
  const house = readHouse(config.houseFile);
  // A data folder that machines share tells of a house elsewhere.
  const facts = createHostFacts(house?.pid === process.ppid ? house.pid : process.pid);
  try {
    if (queues.includes('engine')) await prepare(config);
    const workers = await Promise.all(
      queues.map((queue) => {
        // What the engine does is short, and others wait for it.
        const gate = queue === 'engine' ? null : createGate({ sql, worker: queue, facts, places: slots[queue] - 2 });
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
          interceptors: { activity: [...(traced ? [traced.activity] : []), () => watched({ log, times, gate })] },
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

interface Watching {
  log: Logger;
  times: ReturnType<typeof createActivityTimes>;
  gate: ReturnType<typeof createGate> | null;
}

/** What every activity goes through: the gate, its failure as Temporal is told of it, its time, and a line of the log. */
function watched({ log, times, gate }: Watching): ActivityInterceptors {
  const pass = gate ? () => gate.pass() : () => Promise.resolve();
  return {
    inbound: {
      async execute(input: ActivityExecuteInput, next) {
        const { activityType: activity, attempt, workflowExecution } = activityInfo();
        const job = workflowExecution?.workflowId;
        const about = { job, run: workflowExecution?.runId, ...placeOf(input.args), activity, attempt };
        let since = performance.now();
        const ended = (outcome: 'completed' | 'failed' | 'canceled') => {
          const seconds = (performance.now() - since) / 1000;
          times.add({ activity, outcome }, seconds);
          return { ...about, seconds: Math.round(seconds * 1000) / 1000 };
        };
        try {
          if (gate) await heartbeating(() => gate.enter());
          since = performance.now();
          const result: unknown = await withGate(pass, () => next(input));
          log.info(ended('completed'), `${activity} completed`);
          return result;
        } catch (error) {
          const failure = activityFailure(error, attempt);
          const canceled = failure instanceof CancelledFailure;
          const line = ended(canceled ? 'canceled' : 'failed');
          if (canceled) log.info(line, `${activity} canceled`);
          else log.warn({ ...line, error: failure }, `${activity} failed`);
          throw failure;
        }
      },
    },
  };
}

/** What an activity is about, as its input names it. */
function placeOf([input]: readonly unknown[]): Record<string, number> {
  if (typeof input !== 'object' || input === null) return {};
  return Object.fromEntries(
    Object.entries(input).filter(
      (entry): entry is [string, number] =>
        ['root', 'dir', 'file', 'plan', 'person'].includes(entry[0]) && typeof entry[1] === 'number',
    ),
  );
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
