import type { Metadata } from '../../photos/metadata.ts';
import { dateProblems } from './date-truth.ts';
import type { FlatTags } from './exiftool.ts';

/** What ExifTool says of a file, make and model in words, all else as numbers. */
export interface Said {
  /** Without groups: of several tags of one name the one it believes most. */
  plain: FlatTags;
  /** Every tag with its group of family 0. */
  grouped: FlatTags;
}

/** In what our reading of a file's metadata is not what ExifTool says of it. */
export function disagreements(ours: Metadata, said: Said): string[] {
  return [
    ...cameraProblems(ours, said.plain),
    ...positionProblems(ours, said),
    ...orientationProblems(ours, said.plain),
    ...dateProblems(ours.taken, said.grouped),
  ];
}

const trimmed = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim() : '';

/** The model is in our words, and the make too, or what the model repeats of it. */
function cameraProblems({ camera }: Metadata, plain: FlatTags): string[] {
  const [make, model] = [trimmed(plain.Make), trimmed(plain.Model)];
  if (make === '' && model === '') return camera === null ? [] : [`camera ${camera}, of which ExifTool knows nothing`];
  const known = camera?.toLowerCase() ?? '';
  const repeated = make
    .split(' ')
    .some((word) => word.length > 1 && model.toLowerCase().startsWith(word.toLowerCase()));
  const complete = known.includes(model.toLowerCase()) && (repeated || known.includes(make.toLowerCase()));
  return complete ? [] : [`camera ${camera}, not ${make} | ${model}`];
}

/** What ExifTool believes most, or else XMP's where that is no position: cameras without a receiver leave EXIF's empty. */
function positionProblems({ latitude, longitude }: Metadata, { plain, grouped }: Said): string[] {
  const [north, east] = positionIn(plain, '') ?? positionIn(grouped, 'XMP:') ?? [null, null];
  const agrees = isNear(latitude, north) && isNear(longitude, east);
  return agrees ? [] : [`position ${latitude}, ${longitude}, not ${north}, ${east}`];
}

const isNear = (ours: number | null, theirs: number | null): boolean =>
  ours === null || theirs === null ? ours === theirs : Math.abs(ours - theirs) <= 1e-6;

/** Degrees, north and east positive; what points south or west is negative whatever its sign. */
function positionIn(tags: FlatTags, group: string): [number, number] | null {
  const [north, east] = ['GPSLatitude', 'GPSLongitude'].map((name) => {
    const { [group + name]: value, [`${group}${name}Ref`]: towards } = tags;
    if (typeof value !== 'number') return NaN;
    return towards === 'S' || towards === 'W' ? 0 - Math.abs(value) : value;
  });
  if (north === undefined || east === undefined || !(Math.abs(north) <= 90 && Math.abs(east) <= 180)) return null;
  return north === 0 && east === 0 ? null : [north, east];
}

function orientationProblems({ orientation }: Metadata, plain: FlatTags): string[] {
  const expected = orientationIn(plain);
  return orientation === expected ? [] : [`orientation ${orientation}, not ${expected}`];
}

function orientationIn({ Orientation }: FlatTags): number | null {
  return typeof Orientation === 'number' && [1, 2, 3, 4, 5, 6, 7, 8].includes(Orientation) ? Orientation : null;
}

/**
 * Upright width and height as ExifTool tells them: `ImageSize`, turned as the container says (videos in degrees, HEIC in
 * quarters of a turn), or else as EXIF says.
 */
export function uprightSizeIn(plain: FlatTags): [number, number] | null {
  const [width = 0, height = 0] = trimmed(plain.ImageSize).split(' ').map(Number);
  if (!(width > 0 && height > 0)) return null;
  const { Rotation } = plain;
  const onSide = typeof Rotation === 'number' ? [1, 3, 90, 270].includes(Rotation) : (orientationIn(plain) ?? 1) >= 5;
  return onSide ? [height, width] : [width, height];
}
