/** A date as somebody or something wrote it down. It may be impossible: {@link nonsense} tells. */
export interface Moment {
  /** `YYYY-MM-DDTHH:MM:SS[.mmm]` by the clock that was read; midnight where only the day is written. */
  local: string;
  /** Minutes east of UTC, where written. */
  offset: number | null;
  /** Written as UTC (`Z`, `GMT`): the moment is known, the clock on the wall is not. */
  utc: boolean;
  dateOnly: boolean;
}

/** Nobody needs more letters for a date; what is longer is something else. */
const longest = 100;

/** EXIF (`2019:03:02 14:22:33`), XMP and ISO 8601, which may leave out seconds or the whole time of day. */
const numeric =
  /^(\d{4})[:/.-](\d\d)[:/.-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?: DST)?$/i;
/** RFC 1123 section 5.2.14, which PNG recommends: `Sat, 02 Mar 2019 14:22:33 GMT`. */
const mail = /^(?:[a-z]{3}, ?)?(\d\d?) ([a-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ?(Z|UTC?|GMT|[+-]\d\d:?\d\d)?$/i;
/** C's `asctime`, which AVI prescribes: `Sat Mar  2 14:22:33 2019`. */
const asctime = /^[a-z]{3} ([a-z]{3}) {1,2}(\d\d?) (\d\d):(\d\d):(\d\d) (\d{4})$/i;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A date with at least a full day, in one of the forms that files hold; null for anything else. */
export function parseMoment(value: unknown): Moment | null {
  if (typeof value !== 'string' || value.length > longest) return null;
  const text = value.trim();
  const [, year, month, day, hour, minute, second, fraction, zone] = numeric.exec(text) ?? fromWords(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined || minute === undefined) {
    return { local: `${date}T00:00:00`, offset: null, utc: false, dateOnly: true };
  }
  const millis = fraction === undefined ? '' : `.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const utc = zone !== undefined && /^[a-z]/i.test(zone);
  return {
    local: `${date}T${hour}:${minute}:${second ?? '00'}${millis}`,
    offset: utc ? 0 : parseOffset(zone),
    utc,
    dateOnly: false,
  };
}

/** The parts of {@link mail} and {@link asctime} in the order of {@link numeric}. */
function fromWords(text: string): (string | undefined)[] | null {
  const [, mailDay, mailName, mailYear, ...mailTime] = mail.exec(text) ?? [];
  const [, name = mailName, day = mailDay, hour, minute, second, year = mailYear] = asctime.exec(text) ?? [];
  if (name === undefined || day === undefined) return null;
  const month = months.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return null;
  const [mailHour, mailMinute, mailSecond, zone] = mailTime;
  const date = ['', year, String(month).padStart(2, '0'), day.padStart(2, '0')];
  return [...date, hour ?? mailHour, minute ?? mailMinute, second ?? mailSecond, undefined, zone];
}

/** `+05:30`, `-0800`, `+01` or `Z` as minutes east of UTC; no zone on Earth is further than 14 hours away. */
export function parseOffset(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > longest) return null;
  const text = value.trim();
  if (text === 'Z') return 0;
  const [, sign, hours, rest = '00'] = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(text) ?? [];
  const minutes = Number(hours) * 60 + Number(rest);
  if (sign === undefined || Number(rest) > 59 || minutes > 14 * 60) return null;
  return sign === '-' ? 0 - minutes : minutes;
}

/** Milliseconds since 1970 at which a clock that shows UTC shows this. */
export const asIfUtc = (local: string): number => Date.parse(`${local}Z`);

/** What clocks show that were never set, or have run for less than a day since. */
const starts: readonly { from: string; to: string; why: string }[] = [
  { from: '1904-01-01', to: '1904-01-02', why: 'QuickTime counts from this day: the clock was not set' },
  // Shifted by the zone of a place up to 12 hours west of Greenwich.
  { from: '1969-12-31T12', to: '1970-01-02', why: 'computers count from this day: the clock was not set' },
  { from: '1980-01-01', to: '1980-01-02', why: 'DOS counts from this day: the clock was not set' },
  { from: '2000-01-01', to: '2000-01-02', why: 'cameras begin with this day: the clock was not set' },
  { from: '2002-12-08T12:00:00', to: '2002-12-08T12:00:01', why: 'phones begin with this time: the clock was not set' },
];

const dayMs = 86_400_000;
/** Niépce's view from his window, the oldest photograph that is left. */
const firstPhotograph = '1826';

/** Why no picture can have been taken then, in words for the user; null where one can. */
export function nonsense({ local, offset }: Pick<Moment, 'local' | 'offset'>, now: Date): string | null {
  if (local.startsWith('0000')) return 'the clock was not set';
  if (!isDay(local.slice(0, 10))) return 'there is no such day';
  if (!isTimeOfDay(local.slice(11))) return 'there is no such time of day';
  if (local < firstPhotograph) return 'there was no photography yet';
  const start = starts.find(({ from, to }) => from <= local && local < to);
  if (start) return start.why;
  const late = asIfUtc(local) - (offset ?? 0) * 60_000 - now.getTime();
  return late > dayMs ? 'it is in the future' : null;
}

/** Whether a calendar has this `YYYY-MM-DD`. `Date` alone moves the 30th of February to March. */
export function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Whether a clock shows this `HH:MM:SS[.mmm]` on an ordinary day. */
export const isTimeOfDay = (time: string): boolean => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?$/.test(time);
