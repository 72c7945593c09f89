import { boxText, widthOf, wholeWorld, wrapped, type Box } from '../../model/map.ts';
import type { MapCell } from '../../sql/map.ts';

/** What a map shows: a box of the map's shape. */
export interface View {
  box: Box;
  /** Degrees. */
  width: number;
  height: number;
  shape: 'world' | 'poles' | 'near';
}

/** Width by height of a map of less than the world; map.css draws it so. */
const ratio = 3 / 2;
/** Pictures are counted by cells, so many from the map's left to its right. */
const cellsAcross = 60;
/** No view is less high, in degrees: two kilometres. */
const least = 0.02;

export const worldView: View = { box: wholeWorld, width: 360, height: 180, shape: 'poles' };

/** Where nobody takes pictures, the world map is spared most of the ice. */
export const temperate: View = {
  box: { west: -180, south: -58, east: 180, north: 84 },
  width: 360,
  height: 142,
  shape: 'world',
};

/** The world for these pictures: without the poles, unless some were taken there. */
export const worldOf = (cells: readonly MapCell[]): View =>
  cells.some(({ box }) => box.south < temperate.box.south || box.north > temperate.box.north) ? worldView : temperate;

/** The smallest view that holds the whole box. Shapes are true in its middle: a degree of longitude is shorter up north. */
export function viewOf(box: Box): View {
  const middle = (box.south + box.north) / 2;
  const shortened = shortenedAt(middle);
  const height = Math.max(least, box.north - box.south, (widthOf(box) * shortened) / ratio);
  const width = (height * ratio) / shortened;
  if (width > 300 || height > 150) return worldView;
  const west = wrapped(box.west + (widthOf(box) - width) / 2);
  const south = Math.min(Math.max(middle - height / 2, -90), 90 - height);
  return {
    box: { west, south, east: wrapped(west + width), north: south + height },
    ...{ width, height, shape: 'near' },
  };
}

/** A degree of longitude in degrees of latitude. */
const shortenedAt = (latitude: number): number => Math.max(0.1, Math.cos((latitude * Math.PI) / 180));

export const metresADegree = 111_195;

/** A map's height in parts of its width, as it is drawn. */
export const heightOfWidth = ({ shape, width, height }: View): number =>
  shape === 'near' ? 1 / ratio : height / width;

/** True where a closer look would show nothing more. */
export const isDeepest = (view: View): boolean => view.height <= least * 1.01;

/** How large the cells are that a view's pictures are counted by, in degrees; squares on the page. */
export const cellOf = ({ width, height, shape }: View): { width: number; height: number } => ({
  width: width / cellsAcross,
  height: shape === 'near' ? (height * ratio) / cellsAcross : width / cellsAcross,
});

/** The address of a map that shows this much more (above 1) or less around the same middle. */
export const zoomed = (view: View, factor: number): string => around(view, 0, 0, factor);

/** The address of the map beside this one: as large, moved by parts of its width and height. */
export const moved = (view: View, east: number, north: number): string => around(view, east, north, 1);

function around({ box, width, height }: View, east: number, north: number, factor: number): string {
  const latitude = (box.south + box.north) / 2;
  const longitude = wrapped(box.west + width / 2 + east * width);
  // A world map is wider than others.
  const reach = (Math.max(height, (width * shortenedAt(latitude)) / ratio) * factor) / 2;
  const middle = latitude + north * height;
  return mapUrl({ west: longitude, south: middle - reach, east: longitude, north: middle + reach });
}

/** The address of the map of a box; of the world, where the box is most of it. */
export function mapUrl(wanted: Box): string {
  const { shape, box } = viewOf(wanted);
  return shape === 'near' ? `/map?${new URLSearchParams({ box: boxText(box) })}` : '/map';
}
