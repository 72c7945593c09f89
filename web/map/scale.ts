import { metresADegree, type View } from './view.ts';

/** The most of a map's width that its scale takes. */
const most = 0.2;

/** A round distance (1, 2 or 5 with noughts) and the part of the map's width that is as long. */
export function scaleOf({ height }: View): { metres: number; part: number } {
  // A map of a part of the world is half as wide again as it is high, true to scale in its middle.
  const across = height * 1.5 * metresADegree;
  const room = across * most;
  const power = 10 ** Math.floor(Math.log10(room));
  const metres = ([5, 2].find((step) => step * power <= room) ?? 1) * power;
  return { metres, part: metres / across };
}
