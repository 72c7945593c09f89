/** How numbers, sizes and times are said on the pages: in English, with units. */

const number = new Intl.NumberFormat('en');
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `1,204` */
export const count = (n: number): string => number.format(n);

/** `1 file`, `1,204 files`; `plural` where it is not the singular with an s. */
export const counted = (n: number, singular: string, plural = `${singular}s`): string =>
  `${count(n)} ${n === 1 ? singular : plural}`;

const sizeUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Words as a sentence: with a capital, and a full stop. */
export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** `812 bytes`, `4.2 MB` (powers of 1000, as disks are sold). */
export function bytes(n: number): string {
  const step = n < 1000 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(n) / 3));
  return step === 0 ? counted(n, 'byte') : `${oneDigit.format(n / 1000 ** step)} ${sizeUnits[step] ?? ''}`;
}

/** `12 s`, `1 min 20 s`, `2 h 5 min`, `3 days 4 h`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return joined(Math.floor(s / 60), 'min', s < 600 ? s % 60 : 0, 's');
  if (s < 86_400) return joined(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  const days = Math.floor(s / 86_400);
  return joined(days, days === 1 ? 'day' : 'days', Math.floor((s % 86_400) / 3600), 'h');
}

const joined = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

/** `24 files a second`; below one a second `8 files a minute`. */
export function rate(perSecond: number): string {
  if (perSecond >= 1)
    return `${counted(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond), 'file')} a second`;
  return `${counted(Math.max(1, Math.round(perSecond * 60)), 'file')} a minute`;
}

/** `just now`, `3 minutes ago`, `2 days ago`. The page's script says it again as time goes by. */
export function ago(when: Date, now: Date = new Date()): string {
  const seconds = Math.round((now.getTime() - when.getTime()) / 1000);
  if (seconds < 60) return 'just now';
  for (const [unit, size] of [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3600],
  ] as const) {
    if (seconds >= size) return `${counted(Math.floor(seconds / size), unit)} ago`;
  }
  return `${counted(Math.floor(seconds / 60), 'minute')} ago`;
}

/** `14 June 2025, 12:41:07 UTC`: exact, for where no script puts it into the viewer's own zone. */
export const exactly = (when: Date): string =>
  `${dayInWords(when.toISOString())}, ${when.toISOString().slice(11, 19)} UTC`;

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });
const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });

/** A local time without a zone as a date whose UTC fields are that local time; null when it is none. */
function localDate(local: string): Date | null {
  const date = new Date(local.length === 10 ? `${local}T00:00:00Z` : `${local.slice(0, 19)}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `14 June 2025` of a local time `2025-06-14T…`; the text itself when it is no date. */
export function dayInWords(local: string): string {
  const date = localDate(local);
  return date ? dayFormat.format(date) : local;
}

/** `Saturday 14 June 2025` */
export function weekdayInWords(local: string): string {
  const date = localDate(local);
  return date ? `${weekdayFormat.format(date)} ${dayFormat.format(date)}` : local;
}

/** `14 June` */
export function shortDay(local: string): string {
  const date = localDate(local);
  return date ? `${date.getUTCDate()} ${monthFormat.format(date)}` : local;
}

/** From an earlier day to a later one, saying year and month once where they are the same: `3 – 18 June 2019`. */
export function daysInWords(first: string, last: string): string {
  const [a, b] = [localDate(first), localDate(last)];
  if (!a || !b) return `${first} – ${last}`;
  if (a.getUTCFullYear() !== b.getUTCFullYear()) return `${dayFormat.format(a)} – ${dayFormat.format(b)}`;
  if (a.getUTCMonth() !== b.getUTCMonth()) return `${shortDay(first)} – ${dayFormat.format(b)}`;
  return a.getUTCDate() === b.getUTCDate() ? weekdayInWords(first) : `${a.getUTCDate()} – ${dayFormat.format(b)}`;
}

/** `UTC+1`, `UTC−3:30` for minutes east of UTC. */
export function offsetInWords(minutes: number): string {
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  if (minutes === 0) return 'UTC';
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
