import { utcClocks, type DateTag } from './date-tags.ts';
import { asIfUtc, parseMoment, parseOffset, type Moment } from './moment.ts';
import { hasOffset, localIn, offsetBetween, offsetIn } from './zone.ts';

/**
 * `certain`: the camera's clock, and how far from UTC it was. `likely`: one of them is missing, or it is a date of
 * something near, such as the scan. `uncertain`: it was not taken later.
 */
export type Certainty = 'certain' | 'likely' | 'uncertain';

/** What a clock showed when a picture was taken, and which clock that was. */
export interface Clock {
  /** By the clocks of the place where known, else by the clock that was read: `YYYY-MM-DDTHH:MM:SS[.mmm]`. */
  takenAt: string;
  /** Minutes east of UTC of that clock then. */
  takenOffset: number | null;
  /** IANA name of the zone of the place; null where it is unknown or contradicts the offset. */
  takenZone: string | null;
}

/** The clock behind a date of the metadata. @param zone of the position, where there is one */
export function clockBehind(
  { tag, moment }: { tag: DateTag; moment: Moment },
  tags: Record<string, unknown>,
  zone: string | null,
): Clock & { takenCertainty: Certainty } {
  const { local } = moment;
  const upTo = (certainty: Certainty): Certainty => (tag.means === 'changed' ? 'uncertain' : certainty);
  if (moment.dateOnly) return { ...dayAt(local, zone), takenCertainty: upTo('likely') };

  const written = moment.offset ?? firstOf(tag.offsetFrom ?? [], (name) => parseOffset(tags[name]));
  // A camera set to UTC means it; other programs write UTC where they know no better.
  if (tag.means !== 'taken' && (moment.utc || (tag.utc && written === null))) {
    return { ...clockFromUtc(local, zone), takenCertainty: upTo('likely') };
  }
  if (written !== null) {
    const takenCertainty = upTo(tag.zoneDemanded ? 'likely' : 'certain');
    return { ...clockWithOffset(local, written, zone), takenCertainty };
  }
  // Where a picture was changed need not be where it was taken.
  if (tag.means === 'changed') return { ...dayAt(local, zone), takenCertainty: 'uncertain' };

  const measured = firstOf(utcClocks, (name) => offsetByUtc(local, tags[name]));
  const clock = measured === null ? clockOfPlace(local, zone) : clockWithOffset(local, measured, zone);
  return { ...clock, takenCertainty: tag.means === 'taken' && clock.takenOffset !== null ? 'certain' : 'likely' };
}

/** A day, or a time of an unknown clock. */
export const dayAt = (local: string, zone: string | null): Clock => ({
  takenAt: local,
  takenOffset: null,
  takenZone: zone,
});

/** A clock that showed the time of its place. */
export const clockOfPlace = (local: string, zone: string | null): Clock => ({
  ...dayAt(local, zone),
  takenOffset: zone === null ? null : offsetIn(zone, local),
});

/** A time in UTC, by the clocks of the place where that is known. */
export function clockFromUtc(utc: string, zone: string | null): Clock {
  const local = zone === null ? null : localIn(zone, utc);
  return local === null
    ? { takenAt: utc, takenOffset: 0, takenZone: null }
    : { takenAt: local, takenOffset: (asIfUtc(local) - asIfUtc(utc)) / 60_000, takenZone: zone };
}

const clockWithOffset = (local: string, offset: number, zone: string | null): Clock => ({
  takenAt: local,
  takenOffset: offset,
  takenZone: zone !== null && hasOffset(zone, local, offset) ? zone : null,
});

/** By another clock of the same device that showed UTC. */
function offsetByUtc(local: string, value: unknown): number | null {
  const moment = parseMoment(value);
  return moment?.utc ? offsetBetween(local, moment.local) : null;
}

function firstOf<T>(names: readonly string[], look: (name: string) => T | null): T | null {
  for (const name of names) {
    const found = look(name);
    if (found !== null) return found;
  }
  return null;
}
