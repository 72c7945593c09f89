import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel tells of some processes together. Linux only. */
export interface Usage {
  /** Proportional set size: shared pages are counted once, spread over those that share them. Bytes. */
  pss: number;
  /** User and system time, in seconds. */
  cpu: number;
  /** Bytes fetched from storage, by pid (the page cache's hits are not in it). */
  readBytes: Map<number, number>;
}

/** A process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

export function usageOf(pids: readonly number[]): Usage {
  const usage: Usage = { pss: 0, cpu: 0, readBytes: new Map() };
  for (const pid of pids) {
    const stat = statOf(pid);
    if (!stat) continue;
    usage.cpu += stat.cpu;
    usage.pss += Number(/^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024;
    usage.readBytes.set(pid, Number(/^read_bytes: (\d+)/m.exec(readProc(pid, 'io'))?.[1] ?? 0));
  }
  return usage;
}

/** The kernel counts processor time in hundredths of a second (USER_HZ). */
const ticksASecond = 100;

function statOf(pid: number): { parent: number; cpu: number } | undefined {
  const text = readProc(pid, 'stat');
  // The name, in brackets, may hold anything; what follows the last one is numbers.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 14) return undefined;
  return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / ticksASecond };
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
