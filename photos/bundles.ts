import { isUtf8 } from 'node:buffer';
import { toBytes, type ByteString } from '../model/names.ts';
import { originalName } from './edited-name.ts';
import { isRaw } from './kind.ts';

export type BundleRole = 'raw' | 'video' | 'sidecar' | 'original';

/** A file of a dir, as far as it matters here. */
export interface BundleFile {
  id: number;
  name: ByteString;
  type: 'image' | 'video' | 'sidecar' | 'other';
  /** Seconds, where known. */
  duration: number | null;
  /** Apple's content identifier, which the two parts of a Live Photo share, where known. */
  contentId: string | null;
}

/** A file with what its name tells, without regard to case. */
interface Named extends BundleFile {
  text: string;
  stem: string;
  ending: string;
  raw: boolean;
  /** Of files that might be meant the first is: JPEG, which cameras write next to RAW, then HEIC, others, RAW last. */
  rank: number;
}

/** Live Photos and other cameras' moving pictures take three seconds; who films takes longer. */
const longestLiveSeconds = 10;

const jpegs = new Set(['jpg', 'jpeg', 'jpe', 'jfif']);
const heics = new Set(['heic', 'heif', 'hif']);

/**
 * Which files of one dir are one picture: a RAW file and what the camera made of it, a Live Photo and its video, an edited
 * version and its original, and sidecars. For each file that is a part of another's bundle: the main file's id and its own
 * role there. Files not in the map stand alone or are main. The order of the files does not matter.
 */
export function bundlesOf(files: readonly BundleFile[]): Map<number, { main: number; role: BundleRole }> {
  const parts = new Map<number, { main: number; role: BundleRole }>();
  const join = (part: Named, main: Named | undefined, role: BundleRole): void => {
    if (main && !parts.has(part.id)) parts.set(part.id, { main: main.id, role });
  };
  const isMain = ({ id }: Named): boolean => !parts.has(id);

  const named = files.map(nameOf);
  const images = named.filter(({ type }) => type === 'image');
  const videos = named.filter(({ type }) => type === 'video');

  const imageOfStem = preferredBy(images, ({ stem }) => stem);
  for (const image of images) {
    const picture = imageOfStem.get(image.stem);
    if (image.raw && picture && !picture.raw) join(image, picture, 'raw');
  }

  const live = livePictures(images.filter(isMain));
  for (const video of videos) join(video, live(video), 'video');

  for (const candidates of [images.filter(isMain), videos.filter(isMain)]) {
    for (const { original, edited } of edits(candidates)) join(original, edited, 'original');
  }

  const fileOfSidecar = describedFiles(images, imageOfStem, videos);
  for (const file of named) if (file.type === 'sidecar') join(file, fileOfSidecar(file), 'sidecar');

  // An original or a RAW has parts of its own: they all belong to the one that is nobody's part.
  const mainOf = (id: number): number => {
    let main = id;
    for (let part = parts.get(main); part; part = parts.get(main)) main = part.main;
    return main;
  };
  return new Map(Array.from(parts, ([id, { role }]) => [id, { main: mainOf(id), role }]));
}

function nameOf(file: BundleFile): Named {
  const bytes = toBytes(file.name);
  const text = (isUtf8(bytes) ? bytes.toString() : file.name).toLowerCase().normalize('NFC');
  const dot = text.lastIndexOf('.');
  const [stem, ending] = dot < 1 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
  const raw = file.type === 'image' && isRaw(bytes);
  const rank = raw ? 3 : jpegs.has(ending) ? 0 : heics.has(ending) ? 1 : 2;
  return { ...file, text, stem, ending, raw, rank };
}

const byPreference = (a: Named, b: Named): number =>
  a.rank - b.rank || compare(a.text, b.text) || compare(a.name, b.name) || a.id - b.id;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** For each key the preferred file of those that have it. */
function preferredBy(
  files: readonly Named[],
  keyOf: (file: Named) => string,
  order: (a: Named, b: Named) => number = byPreference,
): Map<string, Named> {
  const found = new Map<string, Named>();
  for (const file of files) {
    const key = keyOf(file);
    const other = found.get(key);
    if (!other || order(file, other) < 0) found.set(key, file);
  }
  return found;
}

/** The picture that a video is the moving part of: Apple's identifier tells, or the name where not both have one. */
function livePictures(pictures: readonly Named[]): (video: Named) => Named | undefined {
  const idAndStem = ({ contentId, stem }: Named): string => JSON.stringify([contentId, stem]);
  const identified = pictures.filter(({ contentId }) => contentId);
  const byIdAndStem = preferredBy(identified, idAndStem);
  const byId = preferredBy(identified, ({ contentId }) => contentId ?? '');
  // Phones take Live Photos as HEIC; a JPEG of the same name is a copy.
  const heicFirst = (a: Named, b: Named): number =>
    Number(heics.has(b.ending)) - Number(heics.has(a.ending)) || byPreference(a, b);
  const byStem = preferredBy(pictures, ({ stem }) => stem, heicFirst);
  const unidentified = pictures.filter(({ contentId }) => !contentId);
  const unidentifiedByStem = preferredBy(unidentified, ({ stem }) => stem, heicFirst);
  return (video) => {
    const sameId = video.contentId ? (byIdAndStem.get(idAndStem(video)) ?? byId.get(video.contentId)) : undefined;
    if (sameId || (video.duration !== null && video.duration > longestLiveSeconds)) return sameId;
    return (video.contentId ? unidentifiedByStem : byStem).get(video.stem);
  };
}

interface Edit {
  original: Named;
  edited: Named;
  version: number;
}

/** Originals with their edited versions. Of several versions of one original the first here is its owner's last. */
function edits(files: readonly Named[]): Edit[] {
  const byName = preferredBy(files, ({ text }) => text);
  const byStem = preferredBy(files, ({ stem }) => stem);
  const found: Edit[] = [];
  for (const edited of files) {
    const name = edited.raw ? null : originalName(edited.stem);
    const original = name && (byName.get(`${name.stem}.${edited.ending}`) ?? byStem.get(name.stem));
    if (name && original) found.push({ original, edited, version: name.version });
  }
  const otherKind = ({ original, edited }: Edit): number => (original.ending === edited.ending ? 0 : 1);
  return found.sort((a, b) => otherKind(a) - otherKind(b) || b.version - a.version || byPreference(a.edited, b.edited));
}

/** The file that a sidecar tells of. */
function describedFiles(
  images: readonly Named[],
  imageOfStem: ReadonlyMap<string, Named>,
  videos: readonly Named[],
): (sidecar: Named) => Named | undefined {
  const byName = preferredBy([...images, ...videos], ({ text }) => text);
  const videoOfStem = preferredBy(videos, ({ stem }) => stem);
  return ({ stem, ending }) => {
    const whole = byName.get(stem);
    if (whole) return whole;
    // Cameras write THM for their videos.
    if (ending === 'thm') return videoOfStem.get(stem) ?? imageOfStem.get(stem);
    const ofStem = imageOfStem.get(stem) ?? videoOfStem.get(stem);
    if (ofStem || ending !== 'aae') return ofStem;
    // IMG_O1234.AAE holds the original's adjustments.
    const original = stem.replace(/^img_[oe](?=\d)/, 'img_');
    return imageOfStem.get(original) ?? videoOfStem.get(original);
  };
}
