import { eastOf, grown, holding, widthOf, wrapped, type Box } from '../../model/map.ts';
import type { MapCell, PlaceName } from '../../sql/map.ts';
import { heightOfWidth, isDeepest, mapUrl, metresADegree, type View } from './view.ts';

/** Pictures that one circle of the map stands for. */
export interface Cluster {
  count: number;
  /** Parts of the map's width and height. */
  x: number;
  y: number;
  /** Pixels. */
  radius: number;
  box: Box;
  place: PlaceName | null;
}

/** More circles than this are no map; they are drawn together until there are fewer. */
const mostClusters = 500;
/** Pixels between circles. */
const gap = 2;

/** The area grows with the count, slowly: each circle has room for its number. */
export const radiusOf = (count: number): number => (count === 1 ? 6 : Math.round(8 + 3.6 * Math.log10(count)));

/** The circles of a map that is so many pixels wide: cells whose circles would overlap become one, around the largest. */
export function clustersOf(cells: readonly MapCell[], view: View, pixels: number): Cluster[] {
  for (let room = gap; ; room *= 2) {
    const clusters = gathered(cells, view, pixels, room);
    if (clusters.length <= mostClusters) return clusters;
  }
}

/** Pixels of the map, and degrees from the view's west. */
interface Group {
  count: number;
  x: number;
  y: number;
  west: number;
  south: number;
  east: number;
  north: number;
  place: PlaceName | null;
}

interface Size {
  x: number;
  y: number;
}

function gathered(cells: readonly MapCell[], view: View, pixels: number, room: number): Cluster[] {
  const size = { x: pixels, y: pixels * heightOfWidth(view) };
  let groups = cells.map((cell) => inside(groupOf(cell, view, size), size));
  for (let before = Infinity; groups.length < before;) {
    before = groups.length;
    const kept: Group[] = [];
    for (const group of groups.toSorted((a, b) => b.count - a.count)) {
      const reach = radiusOf(group.count) + room;
      const near = kept.find(({ count, x, y }) => Math.hypot(x - group.x, y - group.y) < radiusOf(count) + reach);
      if (near) Object.assign(near, inside(joined(near, group), size));
      else kept.push(group);
    }
    groups = kept;
  }
  return groups.sort((a, b) => b.count - a.count).map((group) => clusterOf(group, view, size));
}

function groupOf({ count, latitude, longitude, box, place }: MapCell, view: View, size: Size): Group {
  const west = eastOf(view.box.west, box.west);
  return {
    ...{ count, place, west, south: box.south, east: west + widthOf(box), north: box.north },
    x: (eastOf(view.box.west, longitude) / view.width) * size.x,
    y: ((view.box.north - latitude) / view.height) * size.y,
  };
}

const joined = (a: Group, b: Group): Group => ({
  count: a.count + b.count,
  x: (a.x * a.count + b.x * b.count) / (a.count + b.count),
  y: (a.y * a.count + b.y * b.count) / (a.count + b.count),
  west: Math.min(a.west, b.west),
  south: Math.min(a.south, b.south),
  east: Math.max(a.east, b.east),
  north: Math.max(a.north, b.north),
  place: a.place ?? b.place,
});

/** Moved so that the map's edge does not cut its number. */
function inside(group: Group, size: Size): Group {
  const edge = radiusOf(group.count) + gap;
  const within = (at: number, length: number) => Math.min(Math.max(at, edge), length - edge);
  return { ...group, x: within(group.x, size.x), y: within(group.y, size.y) };
}

const clusterOf = ({ count, place, x, y, west, south, east, north }: Group, view: View, size: Size): Cluster => ({
  ...{ count, place, radius: radiusOf(count), x: x / size.x, y: y / size.y },
  box: { west: wrapped(view.box.west + west), south, east: wrapped(view.box.west + east), north },
});

/** From corner to corner. */
export function metresAcross(box: Box): number {
  const shortened = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  return Math.hypot(box.north - box.south, widthOf(box) * shortened) * metresADegree;
}

/** Pictures this near to each other are looked at, not mapped further. */
const nearMetres = 2000;

/** Where a click on a circle leads: to a closer map, or to the pictures where that would show nothing more. */
export function leadsTo({ box }: Cluster, view: View): string {
  if (isDeepest(view) || metresAcross(box) < nearMetres) return picturesUrl(box);
  return mapUrl(grown(box, 0.2 * widthOf(box), 0.2 * (box.north - box.south)));
}

/** The timeline of what was taken in a box. */
export const picturesUrl = (box: Box): string => `/?${new URLSearchParams({ box: holding(box) })}`;
