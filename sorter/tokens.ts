import { DateTime } from 'luxon';
import { isDay, isTimeOfDay } from '../photos/moment.ts';
import { countryName } from '../photos/place.ts';
import { eventOf } from './event.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { splitName, textOf } from './photo.ts';
import { cut, safeText } from './safe-name.ts';

/** What a token stands for in one photo's path. `from` says how that is known. */
export interface Value {
  text: string;
  /** Of a date its source (`EXIF:DateTimeOriginal`), of `place` the token it is (`town`), else the token itself. */
  from: string;
}

/** Titles can be whole stories; the rest of the name wants its room. In bytes. */
const longestTitle = 100;

type Read = (photo: PhotoToSort) => string | null;

const luxon = (local: string): DateTime => DateTime.fromISO(local, { zone: 'utc', locale: 'en' });

/** Parts of `YYYY-MM-DDTHH:MM:SS`, by the clock of the place where the photo was taken. */
const dated = {
  year: (local) => local.slice(0, 4),
  month: (local) => local.slice(5, 7),
  day: (local) => local.slice(8, 10),
  date: (local) => local.slice(0, 10),
  monthname: (local) => luxon(local).toFormat('LLLL'),
  week: (local) => luxon(local).toFormat('WW'),
  weekyear: (local) => luxon(local).toFormat('kkkk'),
  hour: (local) => local.slice(11, 13),
  minute: (local) => local.slice(14, 16),
  second: (local) => local.slice(17, 19),
  time: (local) => local.slice(11, 19).replaceAll(':', ''),
} satisfies Record<string, (local: string) => string>;

const places = {
  town: ({ town }) => town,
  region: ({ region }) => region,
  country: ({ country }) => country && countryName(country),
} satisfies Record<string, Read>;

const others = {
  camera: ({ camera }) => camera,
  type: ({ type }) => type,
  dir: ({ dir }) => textOf(dir),
  event: ({ dir }) => eventOf(textOf(dir)),
  title: ({ title }) => title && cut(safeText(title), longestTitle),
  name: ({ fname }) => splitName(textOf(fname)).stem,
  ext: ({ fname }) => /\w+$/.exec(splitName(textOf(fname)).ending)?.[0].toLowerCase() ?? null,
} satisfies Record<string, Read>;

const read = { ...places, ...others };

type DateToken = keyof typeof dated;
/** What the photo itself tells. */
export type PhotoToken = DateToken | keyof typeof places | 'place' | keyof typeof others;
/** `counter` is a number that the plan gives. */
export type TokenName = PhotoToken | 'counter';

const keysOf = <K extends string>(record: Record<K, unknown>): K[] => Object.keys(record) as K[];

export const photoTokens: readonly PhotoToken[] = [
  ...keysOf(dated),
  ...(['place', ...keysOf(places)] as const),
  ...keysOf(others),
];

export const isPhotoToken = (word: string): word is PhotoToken => photoTokens.some((name) => name === word);
export const isDateToken = (token: PhotoToken): token is DateToken => Object.hasOwn(dated, token);

/** What a token stands for, with nothing in it that may not stand in a name; null where nothing is known. */
export function valueOf(token: PhotoToken, photo: PhotoToSort): Value | null {
  if (token === 'place') return valueOf('town', photo) ?? valueOf('region', photo) ?? valueOf('country', photo);
  if (isDateToken(token)) {
    const local = clockOf(photo);
    return local !== null && photo.taken ? { text: dated[token](local), from: photo.taken.source } : null;
  }
  const text = safeText(read[token](photo) ?? '').trim();
  return text === '' ? null : { text, from: token };
}

function clockOf({ taken }: PhotoToSort): string | null {
  const local = taken?.local.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length) ?? '';
  return isDay(local.slice(0, 10)) && local[10] === 'T' && isTimeOfDay(local.slice(11)) ? local : null;
}
