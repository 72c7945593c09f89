import { isFiller } from './fillers.ts';
import { regionsOf, type Region } from './regions.ts';
import { numberOf, textsOf } from './tag-values.ts';

export type { Region };

/** What people said of a picture. */
export interface Description {
  title: string | null;
  description: string | null;
  /** 1 to 5 stars, −1 rejected, null not rated. */
  rating: number | null;
  tags: string[];
  people: string[];
  regions: Region[];
}

const longestTitle = 500;
const longestDescription = 10_000;
const longestTag = 200;
const mostTags = 200;

/** The most deliberate first: what people write with a program goes before what cameras write as well. */
const titleTags = [
  ...['XMP:Title', 'IPTC:ObjectName', 'EXIF:XPTitle', 'QuickTime:Title', 'QuickTime:DisplayName'],
  ...['PNG:Title', 'RIFF:Title', 'Matroska:Title', 'ASF:Title'],
];
const descriptionTags = [
  ...['XMP:Description', 'IPTC:Caption-Abstract', 'EXIF:ImageDescription', 'EXIF:XPComment', 'EXIF:UserComment'],
  ...['QuickTime:Description', 'QuickTime:Comment', 'PNG:Description', 'ASF:Description'],
  ...['XMP:UserComment', 'PNG:Comment', 'RIFF:Comment', 'File:Comment'],
];

/**
 * What people said of a picture, from tags named `<group>:<tag>` as `exiftool -G0 -struct` names them. All texts are
 * trimmed and fit to be stored.
 */
export function describe(tags: Record<string, unknown>): Description {
  const regions = regionsOf(tags);
  return {
    title: firstText(tags, titleTags, longestTitle)?.replace(/\s+/g, ' ') ?? null,
    description: firstText(tags, descriptionTags, longestDescription),
    rating: ratingOf(tags),
    tags: distinct(keywordsOf(tags)),
    people: distinct([
      ...textsOf(tags['XMP:PersonInImage'], longestTag),
      ...regions.filter(({ type }) => type === 'face').map(({ name }) => name ?? ''),
    ]),
    regions,
  };
}

function firstText(tags: Record<string, unknown>, names: readonly string[], longest: number): string | null {
  for (const name of names) {
    // ExifTool writes other languages than the default one as tags of their own: `XMP:Title-de`.
    const translated = Object.keys(tags).filter((key) => key.startsWith(`${name}-`));
    for (const key of [name, ...translated]) {
      const text = textsOf(tags[key], longest).find((candidate) => !isFiller(candidate, tags));
      if (text !== undefined) return text;
    }
  }
  return null;
}

function ratingOf(tags: Record<string, unknown>): number | null {
  for (const name of ['XMP:Rating', 'EXIF:Rating']) {
    const stars = numberOf(tags[name]);
    if (stars !== null && stars >= -1 && stars <= 5) return Math.round(stars) || null;
  }
  for (const name of ['XMP:RatingPercent', 'EXIF:RatingPercent', 'ASF:SharedUserRating']) {
    const percent = numberOf(tags[name]);
    // Windows writes 1, 25, 50, 75 and 99 for one star to five.
    if (percent !== null && percent >= 0 && percent <= 100) return percent === 0 ? null : 1 + Math.round(percent / 25);
  }
  return null;
}

/** Keywords may be written many times over, in notations for different programs. */
function keywordsOf(tags: Record<string, unknown>): string[] {
  const texts = (name: string): string[] => textsOf(tags[name], longestDescription);
  return [
    ...texts('XMP:Subject'),
    ...texts('XMP:TagsList').map((path) => leafOf(path, /[/|]/)),
    ...texts('XMP:HierarchicalSubject').map((path) => leafOf(path, '|')),
    ...texts('IPTC:Keywords'),
    ...texts('EXIF:XPKeywords').flatMap((list) => list.split(';')),
    ...texts('QuickTime:Keywords').flatMap((list) => list.split(',')),
  ];
}

/** `Places|France|Paris` is a tag "Paris". */
function leafOf(path: string, separator: string | RegExp): string {
  const names = path.split(separator).filter((name) => name.trim() !== '');
  return names.at(-1) ?? '';
}

/** Each text once, whatever its case, as it was written first. */
function distinct(texts: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const written of texts) {
    const text = textsOf(written.replace(/\s+/g, ' '), longestTag)[0];
    if (text === undefined) continue;
    const key = text.toLowerCase().normalize('NFC');
    if (!found.has(key)) found.set(key, text);
    if (found.size === mostTags) break;
  }
  return [...found.values()];
}
