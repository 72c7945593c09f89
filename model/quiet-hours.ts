import type { StoredSettings } from './settings.ts';

/** The times of day between which nothing is started by itself; either of both empty: there are none. */
export type QuietHours = Pick<StoredSettings, 'quietFrom' | 'quietTo'>;

/** The time of day here, as the settings write it: `23:05`. */
export const clockOf = (when: Date): string => when.toTimeString().slice(0, 5);

/**
 * How many minutes by the clock the quiet hours last from `clock` (`23:05`) on; 0 where it is not quiet. They may reach over
 * midnight. They are told by the clock alone: on days on which it is changed they are as much shorter or longer.
 */
export function quietMinutesLeft(clock: string, { quietFrom, quietTo }: QuietHours): number {
  if (quietFrom === '' || quietTo === '') return 0;
  const [now, from, to] = [minutesOf(clock), minutesOf(quietFrom), minutesOf(quietTo)];
  const left = modulo(to - now);
  // Quiet is what lies nearer to the end than the beginning does.
  return left <= modulo(to - from) ? left : 0;
}

/** Minutes since midnight. */
export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

const modulo = (minutes: number): number => ((minutes % 1440) + 1440) % 1440;
