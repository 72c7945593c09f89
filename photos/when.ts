/** Local time where it was taken, minutes east of UTC where known, and the tag that said so. */
export interface Taken {
  takenAt: string | null;
  takenOffset: number | null;
  takenSource: string | null;
}

/** Tags that tell when a picture was taken, the most trusted first, each with the tag that may hold its zone. */
const sources: readonly { tag: string; zone?: string }[] = [
  { tag: 'SubSecDateTimeOriginal', zone: 'OffsetTimeOriginal' },
  { tag: 'DateTimeOriginal', zone: 'OffsetTimeOriginal' },
  { tag: 'CreationDate' },
  { tag: 'SubSecCreateDate', zone: 'OffsetTimeDigitized' },
  { tag: 'CreateDate', zone: 'OffsetTimeDigitized' },
  { tag: 'DateTimeCreated' },
  { tag: 'DateCreated' },
  { tag: 'DigitalCreationDateTime' },
  { tag: 'MediaCreateDate' },
  { tag: 'TrackCreateDate' },
  { tag: 'GPSDateTime' },
];

/** QuickTime containers count these in UTC and have no place for a zone. */
const utcInQuickTime = new Set(['CreateDate', 'MediaCreateDate', 'TrackCreateDate']);

/** When a picture was taken, from the tags of its metadata. Dates that cannot be true are passed over. */
export function whenTaken(tags: Record<string, unknown>): Taken {
  const quickTime = /^video\/(mp4|quicktime|x-m4v|3gpp2?)$/.test(String(tags.MIMEType));
  for (const { tag, zone } of sources) {
    const moment = parseMoment(tags[tag]);
    if (!moment) continue;
    const offset =
      moment.offset ??
      (zone === undefined ? null : parseOffset(tags[zone])) ??
      (quickTime && utcInQuickTime.has(tag) ? 0 : null);
    return { takenAt: moment.local, takenOffset: offset, takenSource: tag };
  }
  return { takenAt: null, takenOffset: null, takenSource: null };
}

const momentPattern =
  /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?(?: DST)?$/;

/** What clocks show that were never set: the first moments of the QuickTime and the Unix count. */
const epochs = new Set(['1904-01-01T00:00:00', '1970-01-01T00:00:00']);

function parseMoment(value: unknown): { local: string; offset: number | null } | null {
  const match = typeof value === 'string' ? momentPattern.exec(value.trim()) : null;
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '00', fraction, zone] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (Number(year) < 1900 || epochs.has(local) || !isMoment(local)) return null;
  const millis = fraction === undefined ? '' : `.${fraction.padEnd(3, '0').slice(0, 3)}`;
  return { local: local + millis, offset: parseOffset(zone) };
}

/** False for the 30th of February and 25 o'clock, which `Date` refuses or moves elsewhere. */
function isMoment(local: string): boolean {
  const date = new Date(`${local}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(local);
}

/** `+05:30`, `-0800` or `Z` as minutes east of UTC; no zone on Earth is further than 14 hours away. */
function parseOffset(value: unknown): number | null {
  if (value === 'Z') return 0;
  const match = typeof value === 'string' ? /^([+-])(\d\d):?(\d\d)$/.exec(value.trim()) : null;
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (Number(match[3]) > 59 || minutes > 14 * 60) return null;
  return match[1] === '-' ? 0 - minutes : minutes;
}
