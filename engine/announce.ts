import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import type { ActivityTotal } from '../model/house.ts';
import type { Database } from '../sql/database.ts';
import { announceWorker } from '../sql/workers.ts';
import type { Logger } from './logger.ts';
import { readPriority } from './priority.ts';

const announceMs = 10_000;

/** This program's version, from its package.json. */
export const version: string = (() => {
  for (const up of ['..', '../..']) {
    try {
      const text = readFileSync(path.join(import.meta.dirname, up, 'package.json'), 'utf8');
      return Value.Parse(Type.Object({ version: Type.String() }), JSON.parse(text)).version;
    } catch {
      // It lies one level higher when this runs from dist.
    }
  }
  return 'unknown';
})();

interface Announced {
  sql: Database;
  log: Logger;
  queues: readonly string[];
  activities: () => ActivityTotal[];
}

/**
 * Says every ten seconds that this worker is there, what priority the system gives it, and what it has done. Returns what
 * stops it.
 */
export function announce({ sql, log, queues, activities }: Announced): () => void {
  const startedAt = new Date().toISOString();
  const say = async () => {
    const report = {
      name: queues.join(','),
      host: os.hostname(),
      pid: process.pid,
      queues: [...queues],
      version,
      ...(await readPriority(process.pid)),
      memoryBytes: process.memoryUsage.rss(),
      startedAt,
      activities: activities(),
    };
    try {
      await announceWorker(sql, report);
    } catch (error) {
      log.error({ error }, 'this worker could not be announced');
    }
  };
  void say();
  const timer = setInterval(() => void say(), announceMs);
  return () => clearInterval(timer);
}
