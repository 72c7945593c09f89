import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { currentJob, stopIfCanceled } from '../activities/running.ts';
import { whyHeld, type HostBudget, type HostFacts } from '../model/host-budget.ts';
import { priority, taskQueues } from '../model/job-kinds.ts';
import type { Database } from '../sql/database.ts';
import { storeJobWaits } from '../sql/job-waits.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { createThrottle } from './throttle.ts';

/** How often settings and machine are looked at while there is bulk work: so soon a change of either acts. Milliseconds. */
const lookMs = 2_000;
/** How often it is said again that a job waits. */
const tellMs = 10_000;
/** How long a piece of work waits until its share is looked at again. */
const throttleMs = 200;

interface GateDeps {
  sql: Database;
  /** The worker, as it announces itself. */
  worker: string;
  facts: () => HostFacts;
  /** How many activities may wait in their places. More are given back, so that there is room for what a person waits for. */
  places: number;
}

/**
 * Holds bulk work between two pieces of it while the machine is not free for it, and keeps it within its share. What a person
 * waits for passes. `enter` and `pass` return when the work may go on; they throw as `stopIfCanceled` does.
 */
export function createGate({ sql, worker, facts, places }: GateDeps) {
  const host = os.hostname();
  const throttle = createThrottle();
  /** What each activity in here waits for, by its own mark. */
  const waiting = new Map<object, { job: string; why: string }>();
  let seen: { at: number; budget: HostBudget; facts: HostFacts; factsAt: number } | null = null;
  let looking: Promise<void> | null = null;
  let told = new Map<string, string>();
  let toldAt = 0;

  async function look(): Promise<void> {
    try {
      const budget = await readStoredSettings(sql);
      // The settings are asked for at each entry; the whole machine is not looked at as often.
      const now = performance.now();
      if (seen === null || now - seen.factsAt > lookMs) seen = { at: now, budget, facts: facts(), factsAt: now };
      else seen = { ...seen, at: now, budget };
    } catch {
      // The work itself finds out that the database is away.
      if (seen) seen.at = performance.now();
    }
  }

  /** Why bulk work waits now; null where it need not. */
  async function why(disks: boolean): Promise<string | null> {
    if (seen === null || performance.now() - seen.at > lookMs)
      await (looking ??= look().finally(() => (looking = null)));
    return seen && whyHeld(seen.facts, seen.budget, { disks, waits: waiting.size > 0 });
  }

  async function tell(): Promise<void> {
    const waits = new Map([...waiting.values()].map(({ job, why: because }) => [job, because]));
    if (isDeepStrictEqual(waits, told) && performance.now() - toldAt < tellMs) return;
    const over = [...told.keys()].filter((job) => !waits.has(job));
    [told, toldAt] = [waits, performance.now()];
    // That it waits is news for the page only; the database may be away.
    await storeJobWaits(sql, { host, worker }, waits, over).catch(() => undefined);
  }

  async function hold(because: string, disks: boolean): Promise<void> {
    const mark = {};
    try {
      for (let now: string | null = because; now !== null; now = await why(disks)) {
        waiting.set(mark, { job: currentJob(), why: now });
        await tell();
        if (waiting.size > places) throw notNow(now);
        await pause(lookMs);
      }
    } finally {
      waiting.delete(mark);
      await tell();
    }
  }

  async function pass(): Promise<void> {
    const { priority: given, taskQueue } = activityInfo();
    if (given?.priorityKey === priority.person) return;
    const disks = taskQueue === taskQueues.io;
    const because = await why(disks);
    if (because !== null) await hold(because, disks);
    while (seen !== null && !throttle.mayGoOn(seen.budget)) {
      await pause(throttleMs);
      await why(disks);
    }
  }

  return {
    /** Before an activity begins: by the settings as they are at this moment. */
    async enter(): Promise<void> {
      if (seen) seen.at = -Infinity;
      await pass();
    },
    /** Between two pieces of its work. */
    pass,
  };
}

/** Given back to Temporal, which offers it again: that costs no history. */
const notNow = (why: string) =>
  ApplicationFailure.create({ message: why, type: 'held', nonRetryable: false, nextRetryDelay: '10 seconds' });

async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: Context.current().cancellationSignal }).catch(() => undefined);
  stopIfCanceled();
}
