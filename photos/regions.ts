import { fieldsOf, listOf, numberOf, textsOf } from './tag-values.ts';

/** A rectangle in a picture that somebody, or a camera, marked. */
export interface Region {
  name: string | null;
  type: 'face' | 'pet' | 'other';
  /** Parts of the picture's width and height, 0 to 1, of the pixels as they are stored, before they are turned upright. */
  left: number;
  top: number;
  width: number;
  height: number;
}

const longestName = 200;
const mostRegions = 200;
/** Programs round to as few as two digits, so that a box at the edge may stick out by that much. */
const rounding = 0.01;

/**
 * The regions of a picture in both notations, that of the Metadata Working Group (MWG, `RegionInfo`) and that of Microsoft
 * (`RegionInfoMP`); one that is written in both is kept once.
 */
export function regionsOf(tags: Record<string, unknown>): Region[] {
  const regions: Region[] = [];
  for (const region of [
    ...workingGroupRegions(tags['XMP:RegionInfo']),
    ...microsoftRegions(tags['XMP:RegionInfoMP']),
  ]) {
    const earlier = region && regions.find((candidate) => isSame(candidate, region));
    if (earlier) earlier.name ??= region.name;
    else if (region && regions.length < mostRegions) regions.push(region);
  }
  return regions;
}

/** In this notation X and Y are the centre of the area. */
function workingGroupRegions(value: unknown): (Region | null)[] {
  const { AppliedToDimensions, RegionList } = fieldsOf(value);
  const picture = fieldsOf(AppliedToDimensions);
  return listOf(RegionList).map((item) => {
    const { Name, Type, Area } = fieldsOf(item);
    const area = fieldsOf(Area);
    const inPixels = /^pixels?$/i.test(textsOf(area.Unit, 20)[0] ?? 'normalized');
    const across = inPixels ? numberOf(picture.W) : 1;
    const down = inPixels ? numberOf(picture.H) : 1;
    const [x, y, w, h] = [numberOf(area.X), numberOf(area.Y), numberOf(area.W), numberOf(area.H)];
    if (x === null || y === null || w === null || h === null || across === null || down === null) return null;
    const name = nameOf(Name);
    return regionAt(name, typeOf(Type, name), [(x - w / 2) / across, (y - h / 2) / down, w / across, h / down]);
  });
}

/** All regions of this notation are people: `Rectangle` is `left, top, width, height`. */
function microsoftRegions(value: unknown): (Region | null)[] {
  return listOf(fieldsOf(value).Regions).map((item) => {
    const { PersonDisplayName, Rectangle } = fieldsOf(item);
    const numbers = typeof Rectangle === 'string' ? Rectangle.split(',') : listOf(Rectangle);
    const [left, top, width, height] = numbers.map(numberOf);
    if (left == null || top == null || width == null || height == null || numbers.length !== 4) return null;
    return regionAt(nameOf(PersonDisplayName), 'face', [left, top, width, height]);
  });
}

const nameOf = (value: unknown): string | null => textsOf(value, longestName)[0]?.replace(/\s+/g, ' ') ?? null;

/** Programs that leave the type out mark people. */
function typeOf(value: unknown, name: string | null): Region['type'] {
  const type = textsOf(value, 20)[0]?.toLowerCase() ?? (name === null ? 'other' : 'face');
  return type === 'face' || type === 'pet' ? type : 'other';
}

/** Null where the box is not one within the picture. */
function regionAt(
  name: string | null,
  type: Region['type'],
  [left, top, width, height]: [number, number, number, number],
): Region | null {
  const across = within(left, width);
  const down = within(top, height);
  return across && down && { name, type, left: across[0], top: down[0], width: across[1], height: down[1] };
}

function within(start: number, length: number): [start: number, length: number] | null {
  const end = start + length;
  if (!(length > 0 && start >= -rounding && end <= 1 + rounding)) return null;
  if (start >= 0 && end <= 1) return [start, length];
  const cut = Math.min(1, end) - Math.max(0, start);
  return cut > 0 ? [Math.max(0, start), cut] : null;
}

/** Nobody is twice in the same place; a box without a name is the same as another that it hardly differs from. */
function isSame(a: Region, b: Region): boolean {
  const shared = overlap(a.left, a.width, b.left, b.width) * overlap(a.top, a.height, b.top, b.height);
  if (a.name !== null && b.name !== null) return shared > 0 && a.name.toLowerCase() === b.name.toLowerCase();
  return a.type === b.type && shared > (a.width * a.height + b.width * b.height - shared) / 2;
}

const overlap = (start: number, length: number, otherStart: number, otherLength: number): number =>
  Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
