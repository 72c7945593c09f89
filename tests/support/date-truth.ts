import type { Taken } from '../../photos/when.ts';
import type { FlatTags } from './exiftool.ts';

/** A date as ExifTool prints it. */
interface Printed {
  /** To the second; midnight where only the day is told. */
  local: string;
  /** Digits after the second. */
  fraction: string;
  /** `Z` or like `+01:00`; empty where none is told. */
  zone: string;
}

const form = /^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)? ?(Z|[+-]\d\d:\d\d)?(?: DST)?$/;

function printed(value: unknown): Printed | null {
  const match = typeof value === 'string' ? form.exec(value) : null;
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match;
  return { local: `${year}-${month}-${day}T${hour}:${minute}:${second}`, fraction, zone };
}

/** Where ExifTool joins a date with what belongs to it. */
const joined: Record<string, string> = {
  'EXIF:DateTimeOriginal': 'Composite:SubSecDateTimeOriginal',
  'EXIF:CreateDate': 'Composite:SubSecCreateDate',
  'EXIF:ModifyDate': 'Composite:SubSecModifyDate',
  'EXIF:GPSDateStamp': 'Composite:GPSDateTime',
  'IPTC:DateCreated': 'Composite:DateTimeCreated',
  'IPTC:DigitalCreationDate': 'Composite:DigitalCreationDateTime',
};

const offsetTags: Record<string, string[]> = {
  'EXIF:DateTimeOriginal': ['EXIF:OffsetTimeOriginal', 'EXIF:OffsetTime'],
  'EXIF:CreateDate': ['EXIF:OffsetTimeDigitized'],
  'EXIF:ModifyDate': ['EXIF:OffsetTime'],
};

/** Clocks that show UTC beside the camera's. */
const utcTags = ['Composite:GPSDateTime', 'XMP:GPSDateTime', 'MakerNotes:TimeStamp'];

/** In what a date that was found is not what ExifTool says. */
export function dateProblems(taken: Taken, tags: FlatTags): string[] {
  const { takenAt, takenOffset, takenZone, takenSource } = taken;
  if (takenAt === null || takenSource === null) {
    const passed = new Set(taken.passedDates.map(({ value }) => value.trim()));
    return Object.entries(tags)
      .filter(([name, value]) => tellsOfThePicture(name) && printed(value) && !passed.has(String(value).trim()))
      .map(([name, value]) => `no date, but ${name} is ${String(value)}`);
  }
  const dates = [tags[takenSource], tags[joined[takenSource] ?? '']].map(printed).filter((date) => date !== null);
  const date = dates.find((each) =>
    [each.local, takenZone === null ? '' : inZone(each, takenZone)].includes(takenAt.slice(0, 19)),
  );
  if (!date) return [`taken at ${takenAt}, but ${takenSource} is ${String(tags[takenSource])}`];
  const problems: string[] = [];
  const digits = takenAt.slice(20);
  if (digits !== '' && !dates.some(({ fraction }) => fraction.padEnd(3, '0').startsWith(digits))) {
    problems.push(`taken at ${takenAt}, but ExifTool tells no such part of a second`);
  }
  // ExifTool knows the zone of the nearest city, which may have another name for the same clocks.
  for (const zone of takenZone === null ? [] : [takenZone, tags['ExifTool:GeolocationTimeZone']]) {
    if (typeof zone === 'string' && takenOffset !== null && !hasOffset(zone, takenAt, takenOffset)) {
      problems.push(`offset ${takenOffset} is not that of ${zone} then`);
    }
  }
  const own = date.zone === '' ? null : minutes(date.zone);
  const told = (offsetTags[takenSource] ?? []).map((name) => minutes(tags[name])).find((offset) => offset !== null);
  const moved = date.local !== takenAt.slice(0, 19);
  const written = moved ? null : (own ?? told ?? null);
  if (written !== null && takenOffset !== written) problems.push(`offset ${takenOffset}, but ${written} is written`);
  if (written === null && takenOffset !== null && !moved && takenZone === null && !byAnotherClock(taken, tags, date)) {
    problems.push(`offset ${takenOffset}, for which there is no reason`);
  }
  return problems;
}

/** Other dates are those of the file, of a colour profile, and of what a program shows. */
const tellsOfThePicture = (name: string): boolean =>
  /date|time/i.test(name) && !/^(File|System|ICC_Profile|Composite):/.test(name);

/** `+01:00` as minutes. */
function minutes(zone: unknown): number | null {
  if (zone === 'Z') return 0;
  const [, sign, hours, rest] = /^([+-])(\d\d):(\d\d)$/.exec(typeof zone === 'string' ? zone : '') ?? [];
  if (sign === undefined) return null;
  const size = Number(hours) * 60 + Number(rest);
  return sign === '-' ? 0 - size : size;
}

/** A date in UTC that says so or is defined so, as clocks in a zone showed it. */
function inZone({ local, zone }: Printed, timeZone: string): string {
  return shown(Date.parse(`${local}Z`) - (minutes(zone) ?? 0) * 60_000, timeZone);
}

function shown(utc: number, timeZone: string): string {
  // Swedes write dates as ISO 8601 wants them.
  const form = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return form.format(utc).replace(' ', 'T');
}

const hasOffset = (timeZone: string, local: string, offset: number): boolean =>
  shown(Date.parse(`${local}Z`) - offset * 60_000, timeZone) === local.slice(0, 19);

/** Whether the offset is how far the camera's clock was from one that showed UTC, or none where the date is in UTC. */
function byAnotherClock({ takenOffset, takenSource }: Taken, tags: FlatTags, { local }: Printed): boolean {
  if (takenOffset === 0 && /^(QuickTime|PNG|Matroska):/.test(takenSource ?? '')) return true;
  return utcTags.some((name) => {
    const clock = printed(tags[name]);
    if (!clock || takenOffset === null) return false;
    const apart = (Date.parse(`${local}Z`) - Date.parse(`${clock.local}Z`)) / 60_000;
    return Math.abs(apart - takenOffset) <= 5;
  });
}
