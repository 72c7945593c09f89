import type * as magick from '@imagemagick/magick-wasm';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { CodedError } from '../../model/errors.ts';
import { unwrapBitmap } from './bitmap.ts';
import { mustBeDecodable, outOfMemory } from './limits.ts';
import {
  computed,
  fromPixels,
  reduce,
  upright,
  uprightSize,
  within,
  type Pixels,
  type Raster,
  type Source,
} from './pixels.ts';

type Library = typeof magick;

/** More pixels than this would take more memory than a decoder may have. */
const maxPixels = 130e6;
/** What a pixel takes, with all copies of it: measured on HEIC. */
const heldBytes = 14;

let loading: Promise<Library> | undefined;

/** ImageMagick is loaded at the first file that needs it: 15 MB of WebAssembly, which can reach no file and no network. */
async function load(): Promise<Library> {
  const library = await import('@imagemagick/magick-wasm');
  const code = fileURLToPath(import.meta.resolve('@imagemagick/magick-wasm/magick.wasm'));
  await library.initializeImageMagick(await readFile(code));
  library.ResourceLimits.area = BigInt(maxPixels);
  library.ResourceLimits.memory = BigInt(maxPixels * 4);
  library.ResourceLimits.disk = 0n;
  return library;
}

/** What ImageMagick calls the kinds that are left to it. It is told what to read, for some of its formats are scripts. */
const formats: Record<string, string> = {
  'image/heic': 'HEIC',
  'image/heif': 'HEIC',
  'image/heic-sequence': 'HEIC',
  'image/heif-sequence': 'HEIC',
  'image/avif': 'AVIF',
  'image/jxl': 'JXL',
  'image/jp2': 'JP2',
  'image/jpx': 'JP2',
  'image/jpm': 'JP2',
  'image/j2c': 'J2C',
  'image/bmp': 'BMP',
  'image/vnd.adobe.photoshop': 'PSD',
  'image/x-xcf': 'XCF',
  'image/x-icon': 'ICO',
  'image/tiff': 'TIFF',
  'image/jpeg': 'JPEG',
  'image/x-canon-cr2': 'CR2',
  'image/x-canon-cr3': 'CR3',
  'image/x-nikon-nef': 'NEF',
  'image/x-sony-arw': 'ARW',
  'image/x-adobe-dng': 'DNG',
  'image/x-panasonic-rw2': 'RW2',
  'image/x-olympus-orf': 'ORF',
  'image/x-fujifilm-raf': 'RAF',
};

/** Kinds that their content does not give away, by the extension of their name. */
const byExtension: Record<string, string> = {
  bmp: 'BMP',
  dib: 'BMP',
  tga: 'TGA',
  pcx: 'PCX',
  pbm: 'PNM',
  pgm: 'PNM',
  ppm: 'PNM',
  pnm: 'PNM',
  pam: 'PAM',
  hdr: 'HDR',
  exr: 'EXR',
  xcf: 'XCF',
  ico: 'ICO',
  psb: 'PSB',
  ...Object.fromEntries(
    [
      '3fr',
      'cr2',
      'cr3',
      'crw',
      'dcr',
      'dng',
      'erf',
      'iiq',
      'k25',
      'kdc',
      'mef',
      'mos',
      'mrw',
      'nef',
      'nrw',
      'orf',
      'pef',
      'raf',
      'raw',
      'rw2',
      'rwl',
      'sr2',
      'srf',
      'srw',
      'sti',
      'x3f',
      'arw',
    ].map((raw) => [raw, raw.toUpperCase()]),
  ),
};

/** True where ImageMagick knows this kind of file. */
export const magickKnows = ({ mime, extension }: Source): boolean => formatOf(mime, extension) !== undefined;

function formatOf(mime: string | null, extension: string): string | undefined {
  // A RAW file is a TIFF by its content; only its name tells which.
  const raw = mime === 'image/tiff' || mime === null ? lookUp(byExtension, extension) : undefined;
  return raw ?? (mime === null ? undefined : lookUp(formats, mime));
}

const lookUp = (table: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/**
 * HEIC, JPEG XL, JPEG 2000, BMP, PSD, RAW without a preview, and rarer kinds, by ImageMagick with its codecs.
 * @throws CodedError decode.failed, decode.too-large
 */
export async function decodeMagick(source: Source): Promise<Raster> {
  const library = await (loading ??= load());
  const format = formatOf(source.mime, source.extension);
  if (format === undefined) throw new CodedError('decode.failed', 'ImageMagick does not know this kind of file.');
  const bytes = format === 'BMP' ? unwrapBitmap(source.bytes) : source.bytes;
  const settings = readSettings(library, format);
  const size = sizeOf(library, bytes, settings);
  mustBeDecodable(size.width, size.height, maxPixels);
  await source.room(size.width * size.height * heldBytes);
  const { pixels, profile, orientation } = readPixels(library, bytes, settings);
  const { width, height } = uprightSize(pixels.width, pixels.height, orientation);
  const small = await computed(fromPixels(pixels).resize(within(source.side)));
  const managed = profile ? await toSrgb(library, small, profile) : small;
  const preview = await upright(await reduce(fromPixels(managed), source.side), orientation);
  return { width, height, preview, damage: null };
}

interface Read {
  pixels: Pixels;
  /** The ICC profile the pixels are in; null for sRGB. */
  profile: Uint8Array | null;
  orientation: number;
}

function readSettings({ MagickReadSettings, MagickFormat }: Library, format: string): magick.MagickReadSettings {
  const known = Object.values(MagickFormat).find((name) => name === format);
  if (known === undefined) throw new CodedError('decode.failed', `ImageMagick was built without ${format}.`);
  return new MagickReadSettings({ format: known, frameIndex: 0, frameCount: 1 });
}

/** The stored size, by the header alone. */
function sizeOf(
  library: Library,
  bytes: Buffer,
  settings: magick.MagickReadSettings,
): { width: number; height: number } {
  try {
    return library.MagickImageInfo.create(bytes, settings);
  } catch (error) {
    throw refused(error);
  }
}

function readPixels(
  { ImageMagick, MagickFormat, ColorSpace }: Library,
  bytes: Buffer,
  settings: magick.MagickReadSettings,
): Read {
  try {
    return ImageMagick.read(bytes, settings, (image): Read => {
      const { width, height, hasAlpha, orientation } = image;
      const profile = image.getColorProfile()?.data.slice() ?? null;
      const managed = profile !== null && (image.colorSpace === ColorSpace.sRGB || image.colorSpace === ColorSpace.RGB);
      if (!managed && image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
      image.depth = 8;
      const channels = hasAlpha ? 4 : 3;
      // The bytes lie in ImageMagick's own memory, which it uses again.
      const data = image.write(hasAlpha ? MagickFormat.Rgba : MagickFormat.Rgb, (raw) => Buffer.from(raw));
      if (data.length !== width * height * channels) throw new Error('ImageMagick gave half a picture.');
      return { pixels: { data, width, height, channels }, profile: managed ? profile : null, orientation };
    });
  } catch (error) {
    throw refused(error);
  }
}

/** Colours of a profile as sRGB, by LittleCMS. */
async function toSrgb(library: Library, pixels: Pixels, profile: Uint8Array): Promise<Pixels> {
  const { ImageMagick, MagickReadSettings, MagickFormat, ColorProfile } = library;
  const target = new ColorProfile(await srgbProfile());
  const { width, height, channels } = pixels;
  const format = channels === 4 ? MagickFormat.Rgba : MagickFormat.Rgb;
  const settings = new MagickReadSettings({ format, width, height, depth: 8 });
  return ImageMagick.read(pixels.data, settings, (image): Pixels => {
    // False where the profile can't be used: the colours then stay as they are.
    image.transformColorSpace(new ColorProfile(profile), target);
    return { data: image.write(format, (raw) => Buffer.from(raw)), width, height, channels };
  });
}

let srgb: Promise<Uint8Array> | undefined;
const srgbProfile = (): Promise<Uint8Array> =>
  (srgb ??= (async () => {
    const plain = sharp({ create: { width: 1, height: 1, channels: 3, background: 'white' } });
    const { icc } = await sharp(await plain.withIccProfile('srgb').png().toBuffer()).metadata();
    if (!icc) throw new Error('sharp has lost its sRGB profile.');
    return icc;
  })());

/** ImageMagick's words without the name of its temporary file and the place in its source. */
function refused(error: unknown): CodedError {
  const text = error instanceof Error ? error.message : String(error);
  if (/ResourceLimit|exhausted|exceeds limit|(memory|buffer) allocation|out of (bounds|memory)/i.test(text))
    return new CodedError('decode.too-large', outOfMemory, { cause: error });
  const plain = text.replace(/\s*`[^']*'?\s*@.*$/s, '').trim();
  const words = /^[A-Z]\w+$/.test(plain) ? inWords(plain) : plain;
  return new CodedError('decode.failed', words.slice(0, 300) || 'The picture could not be decoded.', { cause: error });
}

/** `NegativeOrZeroImageSize` as people write it. */
const inWords = (name: string): string => {
  const words = name.replace(/[A-Z]/g, (letter, at) => (at === 0 ? letter : ` ${letter.toLowerCase()}`));
  return `${words}.`;
};
