import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { activityInfo, Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { AiActivities, EngineActivities, IoActivities } from '../../activities/index.ts';
import { createFailures } from '../../activities/running.ts';
import { projectDir } from '../../config.ts';
import { createActivityTimes } from '../../engine/activity-times.ts';
import { createLogger } from '../../engine/logger.ts';
import { createPart } from '../../engine/supervisor/part.ts';
import { embeddedTemporal } from '../../engine/supervisor/temporal.ts';
import { watched } from '../../engine/watched-activity.ts';
import { memoKey, taskQueues, type JobKind, type JobMemo } from '../../model/job-kinds.ts';
import { eventually } from './house.ts';

const namespace = 'photo-assistant';
const patience = 60_000;

/** A run that had so many takes no more: so a test has one that runs and can't be told anything, as one that ends at that moment. */
const signalLimit = 8;

type Activities = AiActivities & EngineActivities & IoActivities;
/** What activities do instead; those that are not named do nothing. */
export type Instead = {
  [Name in keyof Activities]?: (
    ...input: Parameters<Activities[Name]>
  ) => Promise<Awaited<ReturnType<Activities[Name]>>>;
};

export type JobServer = Awaited<ReturnType<typeof startJobServer>>;

/**
 * Temporal with the workflows as they are, and activities that a test says: without a database or disks, and to the moment.
 * Workflows are kept by no worker, so that each of their steps is a replay, too.
 */
export async function startJobServer() {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const dir = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-jobs-'));
  const logsDir = path.join(dir, 'logs');
  mkdirSync(logsDir);
  const nothing = () => undefined;
  const { plan, address } = await embeddedTemporal(dir, namespace);
  const launch = async () => {
    const launched = await plan.launch();
    const limit = ['--dynamic-config-value', `history.maximumSignalsPerExecution=${signalLimit}`];
    return { ...launched, command: [...launched.command, ...limit] };
  };
  const temporal = createPart({ ...plan, launch }, { logsDir, started: nothing, ended: nothing, changed: nothing });
  await temporal.start();
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const { workflow } = new Client({ connection, namespace });

  let instead: Instead = {};
  /** What each activity was given, in turn. */
  const calls: { activity: keyof Activities; input: unknown }[] = [];
  const act = async (input: unknown): Promise<unknown> => {
    const activity = activityInfo().activityType as keyof Activities;
    calls.push({ activity, input });
    return await (instead[activity] as ((input: unknown) => Promise<unknown>) | undefined)?.(input);
  };
  const work = async (options: Partial<WorkerOptions> & { taskQueue: string }) => {
    const worker = await Worker.create({ connection: native, namespace, ...options });
    const running = worker.run();
    return async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
  };
  const watching = {
    ...{ log: createLogger('test', nothing), times: createActivityTimes() },
    ...{ failures: createFailures(), gate: null },
  };
  const stopActing = await Promise.all(
    Object.values(taskQueues).map((taskQueue) =>
      work({
        taskQueue,
        activities: { default: act },
        interceptors: { activity: [() => watched(watching)] },
        maxHeartbeatThrottleInterval: '200 ms',
        defaultHeartbeatThrottleInterval: '200 ms',
      }),
    ),
  );
  const decide = () =>
    work({
      taskQueue: taskQueues.engine,
      workflowBundle: { codePath: path.join(projectDir, 'dist', 'workflow-bundle.js') },
      maxCachedWorkflows: 0,
    });
  let stopDeciding = await decide();

  const latest = (id: string) => workflow.getHandle(id);
  const given = (activity: keyof Activities): unknown[] =>
    calls.filter((call) => call.activity === activity).map((call) => call.input);
  return {
    latest,
    /** What the activities do from now on. */
    does(activities: Instead): void {
      instead = activities;
      calls.length = 0;
    },
    /** What an activity was given so far. */
    given,
    start: (kind: JobKind, workflowId: string, input: object) =>
      workflow.start(kind, { workflowId, taskQueue: taskQueues.engine, args: [input] }),
    /** Starts it with a signal that is there before it has begun. */
    startWith: (signal: string, kind: JobKind, workflowId: string, input: object) =>
      workflow.signalWithStart(kind, {
        workflowId,
        taskQueue: taskQueues.engine,
        args: [input],
        signal,
        signalArgs: [],
      }),
    async memo(id: string): Promise<JobMemo | undefined> {
      return (await latest(id).describe()).memo?.[memoKey] as JobMemo | undefined;
    },
    /** Waits until an activity was begun so often. */
    begun: (activity: keyof Activities, times = 1) =>
      eventually(`${activity} to be begun`, patience, () => Promise.resolve(given(activity).length >= times), 50),
    /** How it ended, with all its runs. */
    end: (id: string) =>
      eventually(`the end of ${id}`, patience, async () => {
        const { name } = (await latest(id).describe()).status;
        return name !== 'RUNNING' && name !== 'CONTINUED_AS_NEW' && name;
      }),
    /** Sends a job as many signals as it takes, of a kind that means nothing to it. */
    async deafen(id: string): Promise<void> {
      for (let i = 0; i < signalLimit; i++) await latest(id).signal('nothing');
    },
    /** Waits until a job could not tell another one something. */
    unheeded: (id: string) =>
      eventually(`${id} not to be heard`, patience, async () => {
        const { events } = await latest(id).fetchHistory();
        return events?.some((event) => event.signalExternalWorkflowExecutionFailedEventAttributes);
      }),
    /** What happens meanwhile is told to the workflows all at once. */
    async unheard(meanwhile: () => Promise<void>): Promise<void> {
      await stopDeciding();
      await meanwhile();
      stopDeciding = await decide();
    },
    async stop(): Promise<void> {
      await Promise.all([stopDeciding(), ...stopActing.map((stop) => stop())]);
      await Promise.all([connection.close(), native.close()]);
      await temporal.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** An activity's work that goes on until the test says so, or the job is canceled or paused. */
export function untilTold<T>() {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { wait: () => Promise.race([promise, Context.current().cancelled]), done: resolve };
}
