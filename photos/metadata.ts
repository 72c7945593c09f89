import { whenTaken, type Taken } from './when.ts';

/** What the metadata of a file tells. */
export interface Metadata extends Taken {
  camera: string | null;
  /** Degrees, north and east positive. */
  latitude: number | null;
  longitude: number | null;
  /** EXIF orientation, 1 to 8. */
  orientation: number | null;
  /** Upright pixels as the metadata tells, for what is not decoded here. */
  width: number | null;
  height: number | null;
  /** Everything ExifTool said of the content, fit to be stored as JSON. */
  tags: Record<string, unknown>;
}

/** The meaning of what ExifTool said. */
export function metadataOf(raw: Record<string, unknown>): Metadata {
  const tags = cleaned(raw);
  return {
    ...whenTaken(tags),
    camera: cameraOf(tags),
    ...positionOf(tags),
    orientation: orientationOf(tags),
    ...uprightSize(tags),
    tags,
  };
}

/** Tags that tell of the place of the file and of this reading, not of its content. */
const ofTheFile = new Set([
  ...['SourceFile', 'Directory', 'FileName', 'FilePath', 'BaseName', 'FilePermissions', 'FileSize'],
  ...['FileModifyDate', 'FileAccessDate', 'FileInodeChangeDate', 'FileCreateDate', 'errors', 'warnings'],
]);
const longest = 10_000;

function cleaned(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => !ofTheFile.has(name))
      .map(([name, value]): [string, unknown] => [safeText(name), cleanValue(value)])
      .filter(([, value]) => value !== undefined),
  );
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return /^\(Binary data \d+ bytes/.test(value) ? undefined : safeText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) return value.map(cleanValue).filter((item) => item !== undefined);
  if (typeof value === 'object' && value !== null) return cleaned(value as Record<string, unknown>);
  return value ?? undefined;
}

/** Postgres stores neither NUL nor half a surrogate pair; nobody reads a text longer than a long page. */
function safeText(text: string): string {
  const safe = text.replaceAll('\0', '');
  return (safe.length > longest ? `${safe.slice(0, longest)}…` : safe).toWellFormed();
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim() : '';

/** Make and model; a make that the model repeats is said once ("Canon EOS 40D", "KODAK DX4530"). */
function cameraOf(tags: Record<string, unknown>): string | null {
  const make = textOf(tags.Make);
  const model = textOf(tags.Model);
  const first = model.toLowerCase().split(/[ -]/)[0] ?? '';
  const repeated = first.length > 1 && make.toLowerCase().split(' ').includes(first);
  return (repeated ? model : `${make} ${model}`.trim()) || null;
}

function positionOf(tags: Record<string, unknown>): { latitude: number | null; longitude: number | null } {
  const { GPSLatitude: latitude, GPSLongitude: longitude } = tags;
  const valid =
    typeof latitude === 'number' &&
    typeof longitude === 'number' &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180 &&
    // A receiver without a fix writes zeros.
    (latitude !== 0 || longitude !== 0);
  return valid ? { latitude, longitude } : { latitude: null, longitude: null };
}

function orientationOf(tags: Record<string, unknown>): number | null {
  const { Orientation: value } = tags;
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8 ? value : null;
}

/**
 * `ImageSize` is ExifTool's choice among the images a RAW file holds. `Rotation` is the container's own (video, HEIC),
 * which players obey; EXIF orientation only counts where there is none.
 */
function uprightSize(tags: Record<string, unknown>): { width: number | null; height: number | null } {
  const [, width, height] = /^(\d+)[x ](\d+)$/.exec(textOf(tags.ImageSize)) ?? [];
  if (!isLength(Number(width)) || !isLength(Number(height))) return { width: null, height: null };
  const onSide =
    tags.Rotation === undefined ? (orientationOf(tags) ?? 1) >= 5 : /\b(90|270)\b/.test(textOf(tags.Rotation));
  return onSide ? { width: Number(height), height: Number(width) } : { width: Number(width), height: Number(height) };
}

/** Broken headers claim billions of pixels. */
const isLength = (pixels: number): boolean => pixels >= 1 && pixels <= 10_000_000;
