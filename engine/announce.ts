import os from 'node:os';
import { version } from '../config.ts';
import type { ActivityTotal } from '../model/house.ts';
import type { Database } from '../sql/database.ts';
import { announceWorker, forgetWorkers, workerPids } from '../sql/workers.ts';
import type { Logger } from './logger.ts';
import { readPriority } from './priority.ts';

const announceMs = 10_000;

/** What a worker says of itself beside what the system knows. */
interface Announced {
  sql: Database;
  log: Logger;
  queues: readonly string[];
  activities: () => ActivityTotal[];
  /** The numbers of the paths that it can read now. */
  roots: () => Promise<number[]>;
  backend: () => string | null;
}

/**
 * Says every ten seconds that this worker is there, what it can do, what priority the system gives it, and what it has done.
 * Resolves when that was tried for the first time, to what stops it.
 */
export async function announce(announced: Announced): Promise<() => void> {
  const { sql, log, queues, activities, roots, backend } = announced;
  const startedAt = new Date().toISOString();
  const [host, name] = [os.hostname(), queues.join(',')];
  const say = async () => {
    const report = async () => ({
      name,
      host,
      pid: process.pid,
      queues: [...queues],
      version,
      ...(await readPriority(process.pid)),
      memoryBytes: process.memoryUsage.rss(),
      startedAt,
      activities: activities(),
      backend: backend(),
      roots: await roots(),
    });
    try {
      await announceWorker(sql, await report());
    } catch (error) {
      log.error({ error }, 'this worker could not be announced');
    }
  };
  try {
    // Of earlier ones on this machine, those that ended without a word.
    await forgetWorkers(sql, host, name, (await workerPids(sql, host, name)).filter(hasEnded));
  } catch {
    // The database is away, which is told below.
  }
  await say();
  const timer = setInterval(() => void say(), announceMs);
  return () => clearInterval(timer);
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
