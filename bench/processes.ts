import { readFileSync } from 'node:fs';
import { cpuOf, readProcesses } from '../engine/processes.ts';
import { memoryOf } from '../tests/support/processes.ts';

/** Memory of some processes together: what they share is counted once. Bytes. */
export const memoryOfAll = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + memoryOf(pid), 0);

/** User and system time of some processes together, in seconds. */
export const processorTimeOf = (pids: readonly number[]): number => cpuOf(pids, readProcesses());

/** What a process has fetched from storage, in bytes (the page cache's hits are not in it). Linux only. */
export function readBytesOf(pid: number): number {
  try {
    return Number(/^read_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0; // It is gone.
  }
}
