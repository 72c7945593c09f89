import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Job } from '../model/job.ts';
import { startHouse, type HouseOptions, type RunningHouse } from '../tests/support/house.ts';

export interface Bench {
  dir: string;
  house: (imports: string[], options?: HouseOptions) => Promise<RunningHouse>;
  /** Is done in the end, the last first. */
  after: (fn?: unknown) => void;
}

/** Runs a benchmark in a throw-away directory, and stops what it started. */
export async function withBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(path.join(process.env.BENCH_DIR ?? os.tmpdir(), 'photo-assistant-bench-'));
  const afterwards: (() => unknown)[] = [];
  const after = (fn?: unknown) => {
    if (typeof fn === 'function') afterwards.push(fn as () => unknown);
  };
  let houses = 0;
  const house = (imports: string[], options: HouseOptions = {}) => {
    const dataDir = path.join(dir, `data-${houses++}`);
    mkdirSync(dataDir);
    return startHouse({ after }, { ...options, imports, dataDir });
  };
  try {
    await work({ dir, house, after });
  } finally {
    for (const fn of afterwards.toReversed()) await fn();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** From the start of a job to its end, as Temporal tells. Seconds. */
export const duration = (job: Job): number => (Date.parse(job.endedAt ?? '') - Date.parse(job.startedAt)) / 1000;
