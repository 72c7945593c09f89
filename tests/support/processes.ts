import { readFileSync } from 'node:fs';
import { familyOf as descended, readProcesses } from '../../engine/processes.ts';
import { statFields } from '../../model/proc-stat.ts';

/** A process and all that it started, and those did, as far as they are alive. Linux only. */
export const familyOf = (pid: number): number[] => [
  pid,
  ...descended(pid, readProcesses())
    .slice(1)
    .filter((each) => parentOf(each) !== null),
];

/** Null where the process is gone, or dead and only not yet taken note of. */
export function parentOf(pid: number): number | null {
  try {
    const [state, parent] = statFields(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return state === 'Z' ? null : Number(parent);
  } catch {
    return null;
  }
}

/** Bytes of memory of a process, its share of what it has together with others. */
export function memoryOf(pid: number): number {
  try {
    return 1024 * Number(/^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0; // It is gone.
  }
}
