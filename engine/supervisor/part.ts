import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf } from '../../model/errors.ts';
import type { Part as PartState } from '../../model/house.ts';
import { begin, type Launch, type Life, type Manners } from './life.ts';
import { openLog } from './log-file.ts';

export interface PartPlan extends Manners {
  readonly name: string;
  /** Asked at each start. Throws when it can't be started now, which counts as having died. */
  launch(): Promise<Launch>;
}

export interface PartDeps {
  readonly logsDir: string;
  /** Told of each process when it has started and when it has ended. */
  started(plan: PartPlan, pid: number): void;
  ended(pid: number): void;
  /** Told after each change of a part's state. */
  changed(state: PartState): void;
}

export interface Part {
  readonly state: PartState;
  /** Starts it and keeps it running. Resolves with true when it is ready for the first time, with false when stopped before. */
  start(): Promise<boolean>;
  /** Ends it in good order, and by force after the grace time. It stays ended. */
  stop(): Promise<void>;
  /** Ends it at once, without waiting. It stays ended. */
  kill(): void;
}

const firstDelayMs = 250;
const longestDelayMs = 30_000;
const healthyMs = 60_000;

/** How long to wait before the next start, after a wait of `last` ms (0: none yet) and a healthy life of `healthy` ms. */
export const nextDelay = (last: number, healthy: number): number =>
  last === 0 || healthy >= healthyMs ? firstDelayMs : Math.min(last * 2, longestDelayMs);

/** One program that is kept running: when it dies it is started again, after a pause that grows. */
export function createPart(plan: PartPlan, deps: PartDeps): Part {
  let state: PartState = { name: plan.name, status: 'stopped', pid: null, restarts: 0, since: now(), lastExit: null };
  let life: Life | null = null;
  let running: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  const ready = Promise.withResolvers<boolean>();

  const change = (news: Partial<Omit<PartState, 'since'>>) => {
    const since = news.status === undefined || news.status === state.status ? state.since : now();
    state = { ...state, ...news, since };
    deps.changed(state);
  };

  async function keepRunning(): Promise<void> {
    let delay = 0;
    if (!isStopping()) change({ status: 'starting' });
    while (!isStopping()) {
      const { reason, healthy } = await liveOnce();
      if (isStopping()) break;
      delay = nextDelay(delay, healthy);
      change({ status: 'restarting', pid: null, restarts: state.restarts + 1, lastExit: reason });
      // Rejects only when it is to stop, which the loop asks for itself.
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    change({ status: 'stopped', pid: null });
    ready.resolve(false);
  }

  /** One life, from start to end: why it ended, and for how many milliseconds it was healthy. */
  async function liveOnce(): Promise<{ reason: string; healthy: number }> {
    const log = openLog(deps.logsDir, plan.name);
    try {
      const launch = await plan.launch();
      if (isStopping()) return { reason: 'stopped', healthy: 0 };
      const current = await begin(launch, plan, log);
      life = current;
      deps.started(plan, current.pid);
      change({ pid: current.pid });
      if (isStopping()) void current.stop();
      const wasReady = await current.ready;
      const since = Date.now();
      if (wasReady && !isStopping()) {
        change({ status: 'running' });
        ready.resolve(true);
      }
      const reason = await current.ended;
      life = null;
      deps.ended(current.pid);
      return { reason, healthy: wasReady ? Date.now() - since : 0 };
    } catch (error) {
      const { message } = reportOf(error);
      log.write(`${message}\n`);
      return { reason: message, healthy: 0 };
    } finally {
      log.close();
    }
  }

  return {
    get state() {
      return state;
    },
    start() {
      running = keepRunning();
      return ready.promise;
    },
    async stop() {
      stopping.abort();
      // A process that even KILL does not end (the kernel holds it) is not waited for any longer.
      const givenUp = life?.stop().then(() => sleep(1000));
      await Promise.race([running, givenUp ?? running]);
    },
    kill() {
      stopping.abort();
      life?.kill();
    },
  };
}

const now = () => new Date().toISOString();
