import { ActivityCancellationType, ActivityFailure, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { AiActivities, EngineActivities, IoActivities } from '../activities/index.ts';
import { taskQueues, type ImportCursor } from '../model/job-kinds.ts';

/** A worker that has not been heard of for this long is taken for dead, and its work is given to another. */
const heartbeatTimeout = '20 seconds';

const patiently: ActivityOptions = {
  heartbeatTimeout,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // The activities themselves say which errors are final.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
};

export const io = proxyActivities<IoActivities>({
  ...patiently,
  taskQueue: taskQueues.io,
  startToCloseTimeout: '7 days',
});

export const ai = proxyActivities<AiActivities>({
  ...patiently,
  taskQueue: taskQueues.ai,
  startToCloseTimeout: '7 days',
});

/** Short questions to the database. */
export const engineActivities = proxyActivities<
  Omit<EngineActivities, 'waitForJob' | 'logLine' | 'tellImportDone' | 'resetFaces' | 'beginRescan'>
>({
  ...patiently,
  taskQueue: taskQueues.engine,
  startToCloseTimeout: '1 minute',
});

export const { waitForJob } = proxyActivities<Pick<EngineActivities, 'waitForJob'>>({
  ...patiently,
  taskQueue: taskQueues.engine,
  startToCloseTimeout: '7 days',
});

/** Questions to the database that take their time. */
export const longQuestions = proxyActivities<Pick<EngineActivities, 'resetFaces' | 'beginRescan'>>({
  ...patiently,
  taskQueue: taskQueues.engine,
  startToCloseTimeout: '7 days',
});

const telling = proxyActivities<Pick<EngineActivities, 'logLine' | 'tellImportDone'>>({
  taskQueue: taskQueues.engine,
  scheduleToCloseTimeout: '1 minute',
});

/** Adds a line to the job's log. While the database is away the line is done without: the job's memo tells the same. */
export const tellLog = (line: Parameters<EngineActivities['logLine']>[0]): Promise<void> =>
  orNot(telling.logLine(line));

/** An import is not failed by what cannot be told of it. */
export const tellImportDone = ({ chains, failedChains }: ImportCursor): Promise<void> =>
  orNot(telling.tellImportDone({ chains, failedChains }));

async function orNot(told: Promise<void>): Promise<void> {
  try {
    await told;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
  }
}
