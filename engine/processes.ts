import { readdirSync, readFileSync } from 'node:fs';
import { statFields } from '../model/proc-stat.ts';

/** What the kernel tells of a process, what it has started and waited for included. */
export interface ProcessUsage {
  parent: number;
  /** User and system time, in seconds. */
  cpu: number;
}

/** The kernel counts processor time in hundredths of a second (USER_HZ). */
const ticksASecond = 100;

/** All processes of the machine, by pid. Empty where the system has no /proc. */
export function readProcesses(proc = '/proc'): Map<number, ProcessUsage> {
  const found = new Map<number, ProcessUsage>();
  for (const name of namesIn(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const usage = parseStat(read(`${proc}/${name}/stat`));
    if (usage) found.set(Number(name), usage);
  }
  return found;
}

/** A process and all that descend from it. */
export function familyOf(pid: number, processes: ReadonlyMap<number, ProcessUsage>): number[] {
  const children = Map.groupBy(processes.keys(), (each) => processes.get(each)?.parent ?? 0);
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** Processor time of some processes together, in seconds. What a child that has ended used is its parent's. */
export const cpuOf = (pids: readonly number[], processes: ReadonlyMap<number, ProcessUsage>): number =>
  pids.reduce((sum, pid) => sum + (processes.get(pid)?.cpu ?? 0), 0);

/** Bytes fetched from storage and sent there by some processes together. */
export const storageBytesOf = (pids: readonly number[], proc = '/proc'): number =>
  pids.reduce((sum, pid) => {
    const io = read(`${proc}/${pid}/io`);
    const bytes = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
    return sum + bytes('read_bytes') + bytes('write_bytes');
  }, 0);

function parseStat(text: string): ProcessUsage | null {
  const fields = statFields(text);
  if (fields.length < 16) return null;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), cpu: ticks / ticksASecond };
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It has ended meanwhile, or is not ours to look at.
    return '';
  }
}
