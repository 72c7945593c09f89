import { dateTags, type DateTag } from './date-tags.ts';
import { nonsense, parseMoment, type Moment } from './moment.ts';
import { dateInName } from './name-date.ts';
import { clockBehind, clockFromUtc, clockOfPlace, dayAt, type Certainty } from './taken-clock.ts';
import { zoneAt } from './zone.ts';

export type { Certainty };

/** A date that was not believed. */
export interface PassedDate {
  /** As `takenSource` would name it. */
  source: string;
  /** As it is written there, at most 100 characters. */
  value: string;
  /** In words for the user: `the clock was not set`. */
  why: string;
}

/** The source of a date that nothing tells but when the file was last changed, which may be when it was copied. */
export const fileTime = 'file time';

/** When a picture was taken, and how that is known. All but `passedDates` is null where nothing tells. */
export interface Taken {
  /** By the clocks of the place where known, else by the clock that was read: `YYYY-MM-DDTHH:MM:SS[.mmm]`. */
  takenAt: string | null;
  /** Minutes east of UTC of that clock then. */
  takenOffset: number | null;
  /** IANA name of the zone of the place; null where it is unknown or contradicts the offset. */
  takenZone: string | null;
  /** The tag with its group (`EXIF:DateTimeOriginal`, `sidecar XMP:DateCreated`), `file name` or `file time`. */
  takenSource: string | null;
  takenCertainty: Certainty | null;
  /** What was looked at before and not believed. */
  passedDates: PassedDate[];
}

const unknown: Taken = {
  ...{ takenAt: null, takenOffset: null, takenZone: null, takenSource: null, takenCertainty: null },
  passedDates: [],
};

/** From the metadata of one file (a picture's, a video's, or a sidecar's). */
export function takenInMetadata(
  tags: Record<string, unknown>,
  position: { latitude: number | null; longitude: number | null },
  now: Date,
): Taken {
  const { latitude, longitude } = position;
  const zone = latitude === null || longitude === null ? null : zoneAt(latitude, longitude);
  const dates = dateTags(tags).flatMap((tag) => readDate(tag, tags, now) ?? []);
  const believed = dates.filter((date) => 'moment' in date);
  const [first] = believed;
  const passedDates = dates.slice(0, first && dates.indexOf(first)).filter((date) => 'why' in date);
  if (!first) return { ...unknown, passedDates };
  const date = withTimeOfDay(first, believed);
  return { ...clockBehind(date, tags, zone), takenSource: date.tag.name, passedDates };
}

interface ReadDate {
  tag: DateTag;
  moment: Moment;
}

function readDate(tag: DateTag, tags: Record<string, unknown>, now: Date): ReadDate | PassedDate | null {
  // Years alone are numbers in JSON.
  const values = tag.from
    .map((name) => tags[name])
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  // What the composites are made of comes last.
  const written = values.at(-1);
  if (written === undefined) return null;
  const moments = values.map(parseMoment).filter((moment) => moment !== null);
  const moment = moments.find((one) => nonsense(one, now) === null);
  if (moment) return { tag, moment };
  const why = moments[0] ? nonsense(moments[0], now) : null;
  return passed(tag.name, String(written), why ?? (isBlank(written) ? 'it is empty' : 'it is not a full date'));
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && /^[\s:.-]*$/.test(value);

/** Cut to what is shown; half a character is none that a database takes. */
const passed = (source: string, value: string, why: string): PassedDate => ({
  source,
  value: value.slice(0, 100).toWellFormed(),
  why,
});

/** A mere day gives way to a less trusted date that knows the time of that day. */
function withTimeOfDay(first: ReadDate, others: readonly ReadDate[]): ReadDate {
  if (!first.moment.dateOnly) return first;
  const day = first.moment.local.slice(0, 10);
  const fuller = others.find(
    ({ tag, moment }) => tag.means !== 'changed' && !moment.dateOnly && moment.local.startsWith(day),
  );
  return fuller ?? first;
}

/** For one file: its own metadata, else its sidecar's, else its name, else its time. @param from.zone of the position */
export function whenTaken(from: {
  metadata: Taken | null;
  sidecar: Taken | null;
  name: string;
  mtime: Date;
  zone: string | null;
  now: Date;
}): Taken {
  const { metadata, sidecar, name, mtime, zone, now } = from;
  const looked = [metadata, sidecar && ofSidecar(sidecar), takenInName(name, zone, now)].filter(
    (taken) => taken !== null,
  );
  const good = looked.findIndex(({ takenCertainty }) => takenCertainty !== null && takenCertainty !== 'uncertain');
  if (good === -1) looked.push(takenAtChange(mtime, now));
  const passedDates = looked.slice(0, good === -1 ? undefined : good + 1).flatMap((taken) => taken.passedDates);
  const chosen = looked[good] ?? looked.find(({ takenAt }) => takenAt !== null) ?? unknown;
  return { ...chosen, passedDates };
}

const ofSidecar = (taken: Taken): Taken => ({
  ...taken,
  takenSource: taken.takenSource && `sidecar ${taken.takenSource}`,
  passedDates: taken.passedDates.map((date) => ({ ...date, source: `sidecar ${date.source}` })),
});

function takenInName(name: string, zone: string | null, now: Date): Taken {
  const takenSource = 'file name';
  const date = dateInName(name, now);
  if (date === null) return unknown;
  const why = nonsense(date, now);
  if (why !== null) return { ...unknown, passedDates: [passed(takenSource, name, why)] };
  const likely: Taken = { ...unknown, takenSource, takenCertainty: 'likely' };
  if (date.dateOnly) return { ...likely, ...dayAt(date.local, zone) };
  if (date.offset === null) return { ...likely, ...clockOfPlace(date.local, zone) };
  const clock = clockFromUtc(date.local, zone);
  return { ...likely, ...clock, takenCertainty: clock.takenZone === null ? 'likely' : 'certain' };
}

/** By the clock of this machine, which need not be where the picture was taken. */
function takenAtChange(mtime: Date, now: Date): Taken {
  const takenSource = fileTime;
  const takenOffset = 0 - mtime.getTimezoneOffset();
  const shown = new Date(mtime.getTime() + takenOffset * 60_000);
  // Years of more than four digits are written with a sign.
  if (Number.isNaN(shown.getTime()) || !/^\d/.test(shown.toISOString())) return unknown;
  const takenAt = shown.toISOString().slice(0, -1);
  const why = nonsense({ local: takenAt, offset: takenOffset }, now);
  // There is nothing after it, and a picture without any date would be in no timeline.
  const passedDates = why === null ? [] : [passed(takenSource, takenAt, why)];
  return { ...unknown, takenAt, takenOffset, takenSource, takenCertainty: 'uncertain', passedDates };
}
