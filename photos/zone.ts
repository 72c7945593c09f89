import tzLookup from '@photostructure/tz-lookup';
import { DateTime, IANAZone } from 'luxon';
import { asIfUtc } from './moment.ts';

/** The IANA time zone of a place given in degrees, north and east positive; null where that is no place. */
export function zoneAt(latitude: number, longitude: number): string | null {
  try {
    const zone = tzLookup(latitude, longitude);
    // A system with older tables of zones may not know a newer name.
    return IANAZone.isValidZone(zone) ? zone : null;
  } catch {
    return null;
  }
}

/**
 * Minutes east of UTC in a zone when clocks there show this; whole ones, although local mean times before 1900 had
 * seconds. In the hour that clocks show twice one of the two; in the hour they leave out, as if they had not.
 */
export function offsetIn(zone: string, localTime: string): number | null {
  const { offset } = DateTime.fromISO(localTime, { zone });
  return Number.isNaN(offset) ? null : wholeMinutes(offset);
}

/** What clocks in a zone show at a time given in UTC. Both are `YYYY-MM-DDTHH:MM:SS[.mmm]`. */
export function localIn(zone: string, utcTime: string): string | null {
  const utcMs = asIfUtc(utcTime);
  const offset = offsetAt(zone, utcMs);
  if (offset === null) return null;
  return new Date(utcMs + offset * 60_000).toISOString().slice(0, utcTime.length);
}

/** Whether clocks in a zone are this many minutes east of UTC when they show this. Both are true in a doubled hour. */
export const hasOffset = (zone: string, localTime: string, offset: number): boolean =>
  offsetAt(zone, asIfUtc(localTime) - offset * 60_000) === offset;

function offsetAt(zone: string, utcMs: number): number | null {
  const offset = IANAZone.create(zone).offset(utcMs);
  return Number.isNaN(offset) ? null : wholeMinutes(offset);
}

/** Zero without a sign. */
const wholeMinutes = (offset: number): number => Math.round(offset) + 0;

/** Offsets of a part of an hour that some place has, or had since there is GPS. */
const partsOfHours = new Set([-570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 630, 765, 825]);

/**
 * How many minutes a clock is ahead of UTC that shows `localTime` when it is `utcTime`: quarters of an hour with up to
 * five minutes for a clock that is not exact, or a receiver that had its last signal a while ago. Null where no place
 * on Earth has such a time.
 */
export function offsetBetween(localTime: string, utcTime: string): number | null {
  const apart = (asIfUtc(localTime) - asIfUtc(utcTime)) / 60_000;
  const offset = Math.round(apart / 15) * 15 + 0;
  const exists = offset % 60 === 0 || partsOfHours.has(offset);
  return exists && Math.abs(offset) <= 14 * 60 && Math.abs(apart - offset) <= 5 ? offset : null;
}
