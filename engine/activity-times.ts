import type { ActivityTotal } from '../model/house.ts';

/** Adds up how often and how long each activity ran in this process, by how it ended. */
export function createActivityTimes() {
  const totals = new Map<string, ActivityTotal>();
  return {
    add({ activity, outcome }: Pick<ActivityTotal, 'activity' | 'outcome'>, seconds: number): void {
      const key = `${activity} ${outcome}`;
      const total = totals.get(key) ?? { activity, outcome, count: 0, seconds: 0 };
      totals.set(key, { ...total, count: total.count + 1, seconds: total.seconds + seconds });
    },
    totals: (): ActivityTotal[] => [...totals.values()],
  };
}
