import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
  type ScheduleOptions,
  type ScheduleSpec,
} from '@temporalio/client';
import { jobId, scheduleNames, taskQueues, type ScheduleName } from '../../model/job-kinds.ts';
import { minutesOf } from '../../model/quiet-hours.ts';
import type { StoredSettings } from '../../model/settings.ts';
import type { scheduled } from '../../workflows/index.ts';
import { settingsSavedSignal } from '../../workflows/signals.ts';
import type { Temporal } from './temporal.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** When something is to be done, and how far that is apart; null: never. */
interface Due {
  spec: ScheduleSpec;
  everyMs: number;
}

/** When each schedule is due, by the settings. Times of day are those of this machine. */
function dueTimes({ rescanHours, nightlyAt, checkShare }: StoredSettings): Record<ScheduleName, Due | null> {
  const minutes = minutesOf(nightlyAt);
  const nightly: Due = {
    spec: {
      calendars: [{ hour: Math.floor(minutes / 60), minute: minutes % 60 }],
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    everyMs: dayMs,
  };
  const everyMs = rescanHours * hourMs;
  // One of the times of a day is that of the daily jobs.
  const offset = ((((minutes + new Date().getTimezoneOffset()) * 60_000) % everyMs) + everyMs) % everyMs;
  return {
    rescan: rescanHours === 0 ? null : { spec: { intervals: [{ every: everyMs, offset }] }, everyMs },
    'remove-missing': nightly,
    ai: nightly,
    integrity: checkShare === 0 ? null : nightly,
  };
}

/**
 * Makes the schedules that the settings ask for, brings those that are there in line, and removes the others. One that a
 * person has paused stays so. Safe to repeat, and from several processes at once. Throws temporal.unavailable.
 */
export async function keepSchedules({ client, ask }: Temporal, settings: StoredSettings): Promise<void> {
  const due = dueTimes(settings);
  for (const what of scheduleNames) {
    const wanted = due[what];
    await ask(() => (wanted ? keep(what, wanted) : remove(what)));
  }

  async function keep(what: ScheduleName, { spec, everyMs }: Due): Promise<void> {
    const args: Parameters<typeof scheduled> = [{ what }];
    const options = {
      spec,
      action: {
        type: 'startWorkflow',
        workflowType: 'scheduled',
        workflowId: jobId.scheduled(what),
        args,
        taskQueue: taskQueues.engine,
        staticSummary: `Scheduled: ${what}`,
      },
      // Of what was due while the house was off, the last one is done at its start.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs },
    } satisfies Omit<ScheduleOptions, 'scheduleId'>;
    try {
      await client.schedule.create({ scheduleId: what, ...options });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(what).update(({ state }) => ({ ...options, state }));
    }
  }

  async function remove(what: ScheduleName): Promise<void> {
    try {
      await client.schedule.getHandle(what).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }
}

/** What is scheduled and waits for the end of the quiet hours looks at the settings again. Throws temporal.unavailable. */
export async function wakeScheduled({ client, ask }: Temporal): Promise<void> {
  await ask(async () => {
    for await (const { workflowId } of client.workflow.list({
      query: "WorkflowType = 'scheduled' AND ExecutionStatus = 'Running'",
    })) {
      try {
        await client.workflow.getHandle(workflowId).signal(settingsSavedSignal);
      } catch (error) {
        // It has ended meanwhile.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
  });
}
