import { CodedError } from './errors.ts';

/** A part of the world in degrees. Where it crosses the date line, west is greater than east. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export const wholeWorld: Box = { west: -180, south: -90, east: 180, north: 90 };

/** Reads `west,south,east,north`. Throws request.invalid where that is no part of the world. */
export function readBox(text: string): Box {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = text.split(',').map(Number);
  if (!(Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && south <= north && north <= 90)) {
    throw new CodedError('request.invalid', 'The box is no part of the world: west, south, east and north in degrees.');
  }
  return toTheMetre({ west, south, east, north });
}

/** `west,south,east,north`, as addresses and the API hold it. */
export function boxText(box: Box): string {
  const { west, south, east, north } = toTheMetre(box);
  return [west, south, east, north].join(',');
}

/** The box as its text tells it. */
export const toTheMetre = ({ west, south, east, north }: Box): Box => ({
  west: rounded(west),
  south: rounded(south),
  east: rounded(east),
  north: rounded(north),
});

// Adding 0 makes -0 a plain 0.
const rounded = (degrees: number): number => Number(degrees.toFixed(5)) + 0;

/** The box with so many degrees more at each side. */
export function grown(box: Box, sideways: number, upward: number): Box {
  const around = widthOf(box) + 2 * sideways >= 360;
  return {
    west: around ? -180 : wrapped(box.west - sideways),
    south: Math.max(-90, box.south - upward),
    east: around ? 180 : wrapped(box.east + sideways),
    north: Math.min(90, box.north + upward),
  };
}

/** The box as text that surely holds all of it: a metre more at each side, lest rounding leaves something out. */
export const holding = (box: Box): string => boxText(grown(box, 0.00001, 0.00001));

/** How many degrees a box is wide. */
export const widthOf = ({ west, east }: Box): number => (west === east ? 0 : eastOf(west, east) || 360);

/** How many degrees `longitude` is east of `from`, going round the world: from 0 to below 360. */
export function eastOf(from: number, longitude: number): number {
  const degrees = (longitude - from + 360) % 360;
  // What is west of it by an error of rounding only is not a world away.
  return degrees > 360 - 1e-9 ? 0 : degrees;
}

/** A longitude of any number of turns as one between -180 and 180. */
export const wrapped = (longitude: number): number =>
  longitude >= -180 && longitude <= 180 ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180;
