import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import type { HostFacts } from '../model/host-budget.ts';
import { clockOf } from '../model/quiet-hours.ts';
import { cpuOf, familyOf, readProcesses } from './processes.ts';

/** True where a battery is being drained and nothing else gives power. False on machines that do not tell. */
export function onBattery(dir = '/sys/class/power_supply'): boolean {
  const supplies = namesIn(dir).map((name) => {
    const tell = (what: string) => readLine(`${dir}/${name}/${what}`);
    return { type: tell('type'), online: tell('online'), status: tell('status'), scope: tell('scope') };
  });
  if (supplies.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
  // The battery of a mouse has the scope of a device.
  return supplies.some(
    ({ type, status, scope }) => type === 'Battery' && scope !== 'Device' && status === 'Discharging',
  );
}

interface Sample {
  /** Seconds since some time, seconds of work of all processors, and of those of the house. */
  at: number;
  busy: number;
  ours: number;
}

/**
 * Tells again and again how things stand on this machine. `house` is the process whose descendants are not others: the
 * supervisor. Each call measures from the one before, so the first one tells of no load.
 */
export function createHostFacts(house: number, sample: () => Sample = () => takeSample(house)): () => HostFacts {
  let before: Sample | null = null;
  let othersLoad = 0;
  return () => {
    const now = sample();
    if (before === null) before = now;
    // Over less than a second the clocks of the kernel are too coarse.
    else if (now.at - before.at >= 1) {
      const others = now.busy - before.busy - Math.max(0, now.ours - before.ours);
      othersLoad = Math.min(100, Math.max(0, (100 * others) / ((now.at - before.at) * os.cpus().length)));
      before = now;
    }
    return { clock: clockOf(new Date()), onBattery: onBattery(), othersLoad };
  };
}

function takeSample(house: number): Sample {
  const busy = os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
  const processes = readProcesses();
  return { at: performance.now() / 1000, busy, ours: cpuOf(familyOf(house, processes), processes) };
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // No such thing on this system.
    return [];
  }
}

function readLine(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
