import { activityInfo, ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInterceptors } from '@temporalio/worker';
import { heartbeating, withGate, type createFailures } from '../activities/running.ts';
import type { createActivityTimes } from './activity-times.ts';
import type { createGate } from './gate.ts';
import type { Logger } from './logger.ts';

interface Watching {
  log: Logger;
  times: ReturnType<typeof createActivityTimes>;
  failures: ReturnType<typeof createFailures>;
  gate: ReturnType<typeof createGate> | null;
}

/**
 * What every activity goes through: the gate, its failure as Temporal is told of it, its time, and a line of the log. It
 * heartbeats all the while: one that takes long is not taken for one whose worker is dead.
 */
export function watched({ log, times, failures, gate }: Watching): ActivityInterceptors {
  const pass = gate ? () => gate.pass() : () => Promise.resolve();
  return {
    inbound: {
      async execute(input: ActivityExecuteInput, next) {
        const { activityType: activity, activityId, attempt, workflowExecution } = activityInfo();
        const key = `${workflowExecution?.runId} ${activityId}`;
        const job = workflowExecution?.workflowId;
        const about = { job, run: workflowExecution?.runId, ...placeOf(input.args), activity, attempt };
        let since = performance.now();
        const ended = (outcome: 'completed' | 'failed' | 'canceled') => {
          const seconds = (performance.now() - since) / 1000;
          times.add({ activity, outcome }, seconds);
          return { ...about, seconds: Math.round(seconds * 1000) / 1000 };
        };
        try {
          const result: unknown = await heartbeating(async () => {
            await gate?.enter();
            since = performance.now();
            return await withGate(pass, () => next(input));
          });
          failures.forget(key);
          log.info(ended('completed'), `${activity} completed`);
          return result;
        } catch (error) {
          const failure = failures.of(key, error);
          const canceled = failure instanceof CancelledFailure;
          if (canceled || (failure instanceof ApplicationFailure && failure.nonRetryable)) failures.forget(key);
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
