import { metresAcross, type Cluster } from './clusters.ts';
import { heightOfWidth, type View } from './view.ts';

/** A circle whose pictures lie further apart is more than one town. */
const townMetres = 30_000;
const longestName = 28;
/** Of a label of 12 pixels, on the side of caution. */
const letterWidth = 7;
const lineHeight = 16;

/** How far below its circle a label's base line is, in pixels. */
export const labelBelow = 15;

interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The circles of a map, so many pixels wide, that have room for their town's name; the largest choose first. */
export function labelledOf(clusters: readonly Cluster[], view: View, pixels: number): Set<Cluster> {
  const size = { x: pixels, y: pixels * heightOfWidth(view) };
  const taken = clusters.map(({ x, y, radius }) => around(x * size.x, y * size.y, radius, radius));
  const labelled = new Set<Cluster>();
  for (const cluster of clusters) {
    const town = cluster.place?.town ?? '';
    if (town === '' || town.length > longestName || metresAcross(cluster.box) > townMetres) continue;
    const middle = cluster.y * size.y + cluster.radius + labelBelow - lineHeight / 4;
    const area = around(cluster.x * size.x, middle, (town.length * letterWidth) / 2, lineHeight / 2);
    if (area.left < 0 || area.right > size.x || area.bottom > size.y || taken.some((other) => meets(area, other)))
      continue;
    taken.push(area);
    labelled.add(cluster);
  }
  return labelled;
}

const around = (x: number, y: number, sideways: number, upward: number): Area => ({
  left: x - sideways,
  top: y - upward,
  right: x + sideways,
  bottom: y + upward,
});

const meets = (a: Area, b: Area): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
