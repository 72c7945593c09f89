import type { StoredSettings } from './settings.ts';
import { quietMinutesLeft } from './quiet-hours.ts';

/** How much of the machine bulk work may take, and when. */
export type HostBudget = Pick<
  StoredSettings,
  'cpuShare' | 'diskRate' | 'pauseOnBattery' | 'pauseAboveLoad' | 'diskFrom' | 'diskTo'
>;

/** What is so on the machine now. */
export interface HostFacts {
  /** The time of day, `23:05`. */
  clock: string;
  onBattery: boolean;
  /** Percent of all processors that other programs use. */
  othersLoad: number;
}

/** True where bulk work may not wake the disks now. */
export const disksRest = (clock: string, { diskFrom, diskTo }: Pick<HostBudget, 'diskFrom' | 'diskTo'>): boolean =>
  diskFrom !== '' && diskTo !== '' && quietMinutesLeft(clock, { quietFrom: diskFrom, quietTo: diskTo }) === 0;

/**
 * Why bulk work has to wait now, in words that go on after the job's name; null where it need not. `disks`: the work touches
 * the disks of the paths. `waits`: it is waiting already, and goes on only when there is clearly room again.
 */
export function whyHeld(facts: HostFacts, budget: HostBudget, so: { disks: boolean; waits: boolean }): string | null {
  if (budget.pauseOnBattery && facts.onBattery) return 'waits: the machine runs on battery';
  if (so.disks && disksRest(facts.clock, budget))
    return `waits for the hours of the disks to begin at ${budget.diskFrom}`;
  const limit = budget.pauseAboveLoad * (so.waits ? 0.8 : 1);
  if (budget.pauseAboveLoad > 0 && facts.othersLoad > limit) return 'waits: other programs need the machine';
  return null;
}
