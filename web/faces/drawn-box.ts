import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Side = Type.Number({ exclusiveMinimum: 0, maximum: 1 });

/** A box in shares of the upright picture's sides. */
export const DrawnBox = Type.Object({ x: Share, y: Share, w: Side, h: Side }, { additionalProperties: false });
export type DrawnBox = Static<typeof DrawnBox>;

const Percent = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,6})?$' });
const BoxForm = Type.Object({ x: Percent, y: Percent, w: Percent, h: Percent });

/** The box that a form tells in percent. Throws request.invalid. */
export function readBox(body: unknown): DrawnBox {
  if (!Value.Check(BoxForm, body)) throw new CodedError('request.invalid', 'A box has four numbers, in percent.');
  const share = (percent: string) => Number(percent) / 100;
  return withinPicture({ x: share(body.x), y: share(body.y), w: share(body.w), h: share(body.h) });
}

/** The part of a box that lies in the picture. Throws request.invalid where that is no box. */
export function withinPicture({ x, y, w, h }: DrawnBox): DrawnBox {
  const box = { x, y, w: Math.min(w, 1 - x), h: Math.min(h, 1 - y) };
  // Under a thousandth of a picture there is no face to be seen.
  if (Value.Check(DrawnBox, box) && box.w >= 0.001 && box.h >= 0.001) return box;
  throw new CodedError('request.invalid', 'The box does not lie in the picture.');
}
