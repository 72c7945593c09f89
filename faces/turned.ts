import sharp from 'sharp';
import type { Point } from './chip.ts';
import type { Picture, Region } from './picture.ts';

/** Degrees clockwise. */
export type Turn = 0 | 90 | 180 | 270;

export interface Size {
  width: number;
  height: number;
}

/** The picture turned clockwise. */
export async function turned(picture: Picture, turn: Turn): Promise<Picture> {
  if (turn === 0) return picture;
  const { data, info } = await sharp(picture.data, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
    limitInputPixels: false,
  })
    .rotate(turn)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Where a point of the turned picture lies in the picture as it was; `size` is of the latter. */
export function turnedBack({ x, y }: Point, turn: Turn, { width, height }: Size): Point {
  switch (turn) {
    case 0:
      return { x, y };
    case 90:
      return { x: y, y: height - x };
    case 180:
      return { x: width - x, y: height - y };
    case 270:
      return { x: width - y, y: x };
  }
}

/** The same for a rectangle. */
export function regionTurnedBack<R extends Region>(region: R, turn: Turn, size: Size): R {
  const one = turnedBack({ x: region.left, y: region.top }, turn, size);
  const other = turnedBack({ x: region.left + region.width, y: region.top + region.height }, turn, size);
  return {
    ...region,
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

/** Where a rectangle of the picture lies when that is turned. */
export function regionTurned<R extends Region>(region: R, turn: Turn, size: Size): R {
  const sideways = turn === 90 || turn === 270;
  const after = sideways ? { width: size.height, height: size.width } : size;
  return regionTurnedBack(region, opposite[turn], after);
}

const opposite = { 0: 0, 90: 270, 180: 180, 270: 90 } as const;
