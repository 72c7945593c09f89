import { readFileSync } from 'node:fs';
import { statFields } from '../model/proc-stat.ts';

/** Linux counts in hundredths of a second whatever its own clock does. */
const tickMs = 10;

/**
 * How long a process has had a processor, in milliseconds, all its threads together; null where the system does not tell
 * (only Linux does), or the process is gone. Unlike the time that has passed it does not grow while others are at work.
 */
export function cpuMs(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    // Its own, and the system's for it.
    const [user, system] = statFields(readFileSync(`/proc/${pid}/stat`, 'latin1')).slice(11, 13);
    const ticks = Number(user) + Number(system);
    return Number.isFinite(ticks) ? ticks * tickMs : null;
  } catch {
    return null;
  }
}

interface WorkLimits {
  /** How long it may do nothing: neither work, as far as the system tells, nor say anything. */
  silenceMs: number;
  /** How long it may have a processor. */
  workMs: number;
}

/**
 * Calls `over` once when a process has done nothing for too long, or has worked for too long. Where the system does not
 * tell how long a process has worked, silence counts alone.
 * @returns ends the watch
 */
export function watchWork(
  pid: number | undefined,
  { silenceMs, workMs }: WorkLimits,
  over: (limit: 'silence' | 'work', ms: number) => void,
): () => void {
  const atStart = cpuMs(pid);
  let heard = performance.now();
  let worked = 0;
  const look = (): void => {
    const now = performance.now();
    const total = (cpuMs(pid) ?? 0) - (atStart ?? 0);
    if (total > worked) {
      heard = now;
      worked = total;
    }
    const limit = worked > workMs ? 'work' : now - heard > silenceMs ? 'silence' : null;
    if (limit === null) return;
    clearInterval(looking);
    over(limit, limit === 'work' ? workMs : silenceMs);
  };
  const looking = setInterval(look, Math.max(10, Math.min(500, silenceMs / 4, workMs / 4)));
  return () => clearInterval(looking);
}
