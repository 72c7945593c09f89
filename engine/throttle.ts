import type { HostBudget } from '../model/host-budget.ts';
import { availableParallelism } from 'node:os';
import { cpuOf, familyOf, readProcesses, storageBytesOf } from './processes.ts';

/** What this process and its children have used up to now. */
export interface Used {
  /** Seconds. */
  at: number;
  /** Seconds of processors. */
  cpu: number;
  /** Bytes from and to storage. */
  bytes: number;
}

/** Unused time is not saved up for longer than this, lest a rest be followed by a rush. Seconds. */
const mostSaved = 1;

/**
 * Keeps bulk work within its share, by what was really used: `mayGoOn` is false while more was used than there was room for.
 * Asked between two pieces of work, and again after a moment where it was false.
 */
export function createThrottle(read: () => Used = readUsed, processors = availableParallelism()) {
  let before: Used | null = null;
  let saved = { cpu: 0, bytes: 0 };
  return {
    mayGoOn({ cpuShare, diskRate }: Pick<HostBudget, 'cpuShare' | 'diskRate'>): boolean {
      if (cpuShare >= 100 && diskRate === 0) {
        before = null;
        return true;
      }
      const now = read();
      const since = before ?? now;
      const seconds = now.at - since.at;
      before = now;
      const settle = (kept: number, used: number, aSecond: number) =>
        Math.min(kept - used + seconds * aSecond, mostSaved * aSecond);
      saved = {
        cpu: cpuShare >= 100 ? 0 : settle(saved.cpu, now.cpu - since.cpu, (cpuShare / 100) * processors),
        bytes: diskRate === 0 ? 0 : settle(saved.bytes, now.bytes - since.bytes, diskRate * 1e6),
      };
      return saved.cpu >= 0 && saved.bytes >= 0;
    },
  };
}

function readUsed(): Used {
  const processes = readProcesses();
  const family = familyOf(process.pid, processes);
  return { at: performance.now() / 1000, cpu: cpuOf(family, processes), bytes: storageBytesOf(family) };
}
