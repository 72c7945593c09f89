import type { Place } from '../../model/library.ts';
import { count } from '../words.ts';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** A country's English name by its ISO code; the code itself where it is none. */
export const countryInWords = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code);

/** `Paris, Île-de-France, France` */
export const placeInWords = ({ town, region, country }: Omit<Place, 'metres'>): string =>
  [town, region, countryInWords(country)].filter(Boolean).join(', ');

/** How far the town is: `1.2 km`; null where the picture was taken in it, as far as one can say. */
export const distanceInWords = (metres: number): string | null =>
  metres < 1000 ? null : `${count(metres < 10_000 ? Math.round(metres / 100) / 10 : Math.round(metres / 1000))} km`;

/** What the timeline and the API call a place. */
export const placeKey = ({ town, region, country }: Omit<Place, 'metres'>): string =>
  [country, region ?? '', town].join('|');
