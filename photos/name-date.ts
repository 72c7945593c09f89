import { isDay, isTimeOfDay } from './moment.ts';

/** A date that a program or a person wrote into the name of a file. */
export interface NameDate {
  /** `YYYY-MM-DDTHH:MM:SS[.mmm]`; midnight where only the day is written. */
  local: string;
  dateOnly: boolean;
  /** 0 where the name is known to be in UTC, else null: names tell no zones. */
  offset: number | null;
}

/** No file system has longer names. */
const longest = 255;

/** Not letters in general: eight digits in the middle of a hash are no date. */
const prefixes = 'IMG|VID|MVIMG|PANO|PXL|DSC|WP|BURST|MOV|PIC|CAM|REC|TRIM|PHOTO|VIDEO|IMAGE|Screenshot';
/** The date at the beginning of a word: `20190302`, or with `-`, `_` or `.` between. The time is read from what follows. */
const dates = new RegExp(
  String.raw`(?<=^|[^\p{L}\p{N}])(?:(?<prefix>${prefixes})[_-]?)?(?<year>\d{4})(?<dash>[-_.]?)(?<month>\d\d)\k<dash>(?<day>\d\d)`,
  'giu',
);

/** `_142233`, `-142233`, `142233`, and with milliseconds `_142233123`. */
const plainTime = /^[T_. -]?(\d\d)(\d\d)(\d\d)(\d{3})?(?!\d)/i;
/** ` 14.22.33`, `_14-22-33`, ` at 2.22.33 PM`; Apple writes `at` in the language of the Mac. */
const dottedTime =
  /^(?:[T_-]|\s(?:[\p{L}\p{M}]{1,4}\s)?)(?<hour>\d\d?)(?<dot>[-._:])(?<minute>\d\d)\k<dot>(?<second>\d\d)(?!\d)(?:\s?(?<half>[AP])M(?!\p{L}))?/iu;

/** Either may begin with eight digits that make a date: a UUID, and Facebook's long numbers with a letter at the end. */
const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
const facebook = /^(?=[\d_]*\d{9})[\d_]+_[a-z](?![\p{L}\p{N}])/iu;

/**
 * When a picture was taken as its file's name says: the first date with a time of day, else the first date. Years from
 * 1900 to the next; the forms are those of cameras, phones, messengers and screenshots (see the test).
 */
export function dateInName(name: string, now: Date = new Date()): NameDate | null {
  if (name.length > longest || facebook.test(name)) return null;
  const found = [...name.replaceAll(uuid, ' ').matchAll(dates)]
    .map((match) => dateAt(match, now))
    .filter((date) => date !== null);
  return found.find((date) => !date.dateOnly) ?? found[0] ?? null;
}

function dateAt(match: RegExpExecArray, now: Date): NameDate | null {
  const { prefix = '', year = '', month = '', day = '' } = match.groups ?? {};
  const date = `${year}-${month}-${day}`;
  if (year < '1900' || Number(year) > now.getUTCFullYear() + 1 || !isDay(date)) return null;
  const rest = match.input.slice(match.index + match[0].length);
  const time = timeAtStart(rest);
  if (time !== null && isTimeOfDay(time)) {
    return { local: `${date}T${time}`, dateOnly: false, offset: prefix.toUpperCase() === 'PXL' ? 0 : null };
  }
  return /^[\p{L}\p{N}]/u.test(rest) ? null : { local: `${date}T00:00:00`, dateOnly: true, offset: null };
}

function timeAtStart(text: string): string | null {
  const [plain, hour, minute, second, millis] = plainTime.exec(text) ?? [];
  if (plain !== undefined) return `${hour}:${minute}:${second}${millis === undefined ? '' : `.${millis}`}`;
  const dotted = dottedTime.exec(text)?.groups;
  const hours = dotted && hourOfDay(Number(dotted.hour), dotted.half?.toUpperCase());
  return hours == null ? null : `${String(hours).padStart(2, '0')}:${dotted?.minute}:${dotted?.second}`;
}

/** Twelve is the first hour of each half of the day: 12 AM is midnight. */
function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'P' ? 12 : 0);
}
