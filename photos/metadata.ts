import { describe, type Description } from './description.ts';
import { numberOf } from './tag-values.ts';
import { takenInMetadata, type Taken } from './when.ts';
import { zoneAt } from './zone.ts';

/** What the metadata of a file tells. Tag names carry ExifTool's family 0 groups: `EXIF:Make`. */
export interface Metadata {
  taken: Taken;
  /** What people wrote of it. */
  about: Description;
  camera: string | null;
  /** Degrees, north and east positive. */
  latitude: number | null;
  longitude: number | null;
  /** IANA time zone of the position. */
  zone: string | null;
  /** EXIF orientation, 1 to 8. */
  orientation: number | null;
  /** Upright pixels as the metadata tells, for what is not decoded here. */
  width: number | null;
  height: number | null;
  /** What ExifTool takes the file for: `JPEG`, `HEIC`, `NEF`, `MP4`. */
  format: string | null;
  /** Seconds that a video lasts. */
  duration: number | null;
  /** What Apple's devices write into both parts of a Live Photo. */
  contentId: string | null;
  /** What ExifTool warned of. */
  warnings: string[];
  /** Everything ExifTool said of the content, fit to be stored as JSON. */
  tags: Record<string, unknown>;
}

/** The meaning of what ExifTool said. @param now dates after it are nonsense */
export function metadataOf(raw: Record<string, unknown>, now: Date): Metadata {
  const tags = cleaned(raw);
  const position = positionOf(tags);
  const { latitude, longitude } = position;
  return {
    taken: takenInMetadata(tags, position, now),
    about: describe(tags),
    camera: cameraOf(tags),
    ...position,
    zone: latitude !== null && longitude !== null ? zoneAt(latitude, longitude) : null,
    orientation: orientationOf(tags),
    ...uprightSize(tags),
    format: textOf(tags['File:FileType']) || null,
    duration: durationOf(tags),
    contentId: contentIdOf(tags),
    warnings: [tags['ExifTool:Warning'], tags['ExifTool:Error']].map(textOf).filter((text) => text !== ''),
    tags,
  };
}

/** A tag by its name, from the group that is most to be believed of those that have it. */
function tagNamed(tags: Record<string, unknown>, name: string): unknown {
  return groups.map((group) => tags[`${group}:${name}`]).find((value) => value !== undefined);
}

const groups = ['EXIF', 'QuickTime', 'XMP', 'XML', 'H264', 'RIFF', 'MakerNotes', 'MPF', 'Composite'];

/** Tags that tell of the place of the file and of this reading, not of its content. */
const ofTheFile =
  /^(SourceFile|errors|warnings|ExifTool:ExifToolVersion|(File|System):(Directory|File(Name|Path|Permissions|Size|ModifyDate|AccessDate|InodeChangeDate|CreateDate)|BaseName))$/;
/** Broken files hold thousands of tags without a meaning. */
const mostTags = 2000;
const longest = 10_000;

function cleaned(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => !ofTheFile.test(name))
      .slice(0, mostTags)
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
  const make = textOf(tagNamed(tags, 'Make'));
  const model = textOf(tagNamed(tags, 'Model'));
  const first = model.toLowerCase().split(/[ -]/)[0] ?? '';
  const repeated = first.length > 1 && make.toLowerCase().split(' ').includes(first);
  return (repeated ? model : `${make} ${model}`.trim()) || null;
}

/** Where positions are found; ExifTool composes one of the parts that formats keep apart, with its sign. */
const positionGroups = ['Composite', 'EXIF', 'QuickTime', 'XMP', 'APP1'];

function positionOf(tags: Record<string, unknown>): { latitude: number | null; longitude: number | null } {
  for (const group of positionGroups) {
    const [latitude, longitude] = [signed(tags, `${group}:GPSLatitude`), signed(tags, `${group}:GPSLongitude`)];
    if (latitude === null || longitude === null) continue;
    // A receiver without a fix writes zeros.
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0))
      return { latitude, longitude };
  }
  return { latitude: null, longitude: null };
}

/** Degrees; cameras that give no sign say beside it that south or west is meant. */
function signed(tags: Record<string, unknown>, name: string): number | null {
  const { [name]: degrees, [`${name}Ref`]: towards } = tags;
  if (typeof degrees !== 'number') return null;
  return /^[SW]/.test(textOf(towards)) ? 0 - Math.abs(degrees) : degrees;
}

function orientationOf(tags: Record<string, unknown>): number | null {
  const value = tagNamed(tags, 'Orientation');
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8 ? value : null;
}

/**
 * `ImageSize` is ExifTool's choice among the images a RAW file holds. `Rotation` is the container's own (video, HEIC),
 * which players obey; EXIF orientation only counts where there is none.
 */
function uprightSize(tags: Record<string, unknown>): { width: number | null; height: number | null } {
  const [, width, height] = /^(\d+)[x ](\d+)$/.exec(textOf(tags['Composite:ImageSize'])) ?? [];
  if (!isLength(Number(width)) || !isLength(Number(height))) return { width: null, height: null };
  const rotation = tags['QuickTime:Rotation'] ?? tags['Composite:Rotation'];
  const onSide = rotation === undefined ? (orientationOf(tags) ?? 1) >= 5 : /\b(90|270)\b/.test(textOf(rotation));
  return onSide ? { width: Number(height), height: Number(width) } : { width: Number(width), height: Number(height) };
}

function durationOf(tags: Record<string, unknown>): number | null {
  const seconds = numberOf(tagNamed(tags, 'Duration') ?? tags['Matroska:Duration'] ?? tags['ASF:Duration']);
  return seconds !== null && seconds > 0 ? seconds : null;
}

function contentIdOf(tags: Record<string, unknown>): string | null {
  const id = textOf(tags['MakerNotes:ContentIdentifier']) || textOf(tags['QuickTime:ContentIdentifier']);
  return id.slice(0, 100) || null;
}

/** Broken headers claim billions of pixels. */
const isLength = (pixels: number): boolean => pixels >= 1 && pixels <= 10_000_000;
