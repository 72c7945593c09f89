import { DateTime } from 'luxon';
import { countryName } from '../photos/place.ts';
import { eventOf } from './event.ts';
import { splitName, textOf, type PhotoToSort } from './photo.ts';
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

/** Parts of the date, and how Luxon writes them. The clock is that of the place where the photo was taken. */
const dated = {
  year: 'yyyy',
  month: 'MM',
  day: 'dd',
  date: 'yyyy-MM-dd',
  monthname: 'LLLL',
  week: 'WW',
  weekyear: 'kkkk',
  hour: 'HH',
  minute: 'mm',
  second: 'ss',
  time: 'HHmmss',
};

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
  if (token === 'place') {
    return valueOf('town', photo) ?? valueOf('region', photo) ?? valueOf('country', photo);
  }
  const read = isDateToken(token) ? writtenDate(dated[token], photo) : { ...places, ...others }[token](photo);
  const text = safeText(read ?? '').trim();
  if (text === '') return null;
  return { text, from: isDateToken(token) ? (photo.taken?.source ?? token) : token };
}

function writtenDate(format: string, { taken }: PhotoToSort): string | null {
  const date = DateTime.fromISO(taken?.local ?? '', { zone: 'utc', locale: 'en' });
  return date.isValid ? date.toFormat(format) : null;
}
