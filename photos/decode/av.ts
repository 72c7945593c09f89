import type * as av from 'node-av';
import { CodedError } from '../../model/errors.ts';
import { mustBeDecodable, maxPixels, outOfMemory, type Room } from './limits.ts';
import { upright, uprightSize, type Pixels, type Raster } from './pixels.ts';

type Library = typeof av;

let loading: Promise<Library> | undefined;

/** FFmpeg is loaded at the first file that needs it. @throws CodedError decode.no-decoder where this machine has none */
async function load(): Promise<Library> {
  try {
    const library = await import('node-av');
    library.Log.setLevel(library.AV_LOG_QUIET);
    return library;
  } catch (error) {
    throw new CodedError('decode.no-decoder', undefined, { cause: error });
  }
}

/**
 * What FFmpeg may take a file for. Without this list a "video" that is really a playlist could make it open other files
 * of this machine, and with only the file protocol it reaches no network.
 */
const containers = [
  ...['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'mpegvideo', 'asf', 'flv'],
  ...['ogg', 'dv', 'mxf', 'm4v', 'h264', 'hevc', 'gif', 'image2', 'jpeg_pipe', 'png_pipe', 'bmp_pipe', 'tiff_pipe'],
  ...['psd_pipe', 'j2k_pipe', 'jpegxl_pipe', 'webp_pipe', 'pnm_pipe', 'pcx_pipe', 'tga_pipe', 'exr_pipe'],
].join();

const demuxers: Record<string, string> = {
  'image/jpeg': 'jpeg_pipe',
  'image/png': 'png_pipe',
  'image/webp': 'webp_pipe',
  'image/bmp': 'bmp_pipe',
  'image/tiff': 'tiff_pipe',
  'image/jxl': 'jpegxl_pipe',
};

/** What a pixel takes: measured on AVIF of high dynamic range. */
const heldBytes = 13;

/** A poster is taken this far into a video, where it is that long: many begin black. */
const posterPart = 0.1;
const posterMostSeconds = 5;

/**
 * The picture of a video, and how long it is; also pictures that nothing else here can decode, and those in the colours
 * of high dynamic range, which are brought down to those of a screen.
 * @param input path as text, or the file's bytes
 * @param side longest side of the picture that is wanted, in pixels
 * @param mime of a picture, where FFmpeg need not find out itself: it is strict about beginnings
 * @throws CodedError decode.failed, decode.too-large, decode.no-decoder
 */
export async function decodeAv(input: string | Buffer, mime: string | null, side: number, room: Room): Promise<Raster> {
  const library = await (loading ??= load());
  try {
    const format = mime === null ? undefined : demuxers[mime];
    await using file = await library.Demuxer.open(input, {
      ...(format !== undefined && { format }),
      options: { format_whitelist: containers, protocol_whitelist: 'file', probesize: '10000000' },
    });
    const stream = file.video();
    if (!stream) throw new CodedError('decode.failed', 'There is no picture in it.');
    const { width, height, colorPrimaries, sampleAspectRatio: aspect } = stream.codecpar;
    mustBeDecodable(width, height);
    await room(width * height * heldBytes);
    if (mime === 'image/jxl' && colorPrimaries === library.AVCOL_PRI_UNSPECIFIED) {
      throw new CodedError('decode.failed', 'FFmpeg would not heed its colour profile.');
    }
    const duration = Number.isFinite(file.duration) && file.duration > 0 ? file.duration : null;
    if (duration !== null && duration > 1) await file.seek(Math.min(duration * posterPart, posterMostSeconds));
    const square = aspect.num > 0 && aspect.den > 0 ? (width * aspect.num) / aspect.den : width;
    const frame = await firstFrame(library, file, stream, { width: square, height }, side);
    const orientation = orientationOf(stream.codecpar.getCodedSideData(library.AV_PKT_DATA_DISPLAYMATRIX));
    const codecs = [stream, ...file.streams.filter((one) => one.codecpar.codecType === library.AVMEDIA_TYPE_AUDIO)]
      .map((one) => library.avGetCodecName(one.codecpar.codecId))
      .filter((name): name is string => name !== null);
    return {
      ...uprightSize(Math.round(square), height, orientation),
      preview: await upright(frame, orientation),
      damage: null,
      clip: { duration, codecs: codecs.slice(0, 2) },
    };
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    if (/Cannot allocate memory/.test(why)) throw new CodedError('decode.too-large', outOfMemory, { cause: error });
    throw new CodedError('decode.failed', `FFmpeg: ${why}`.slice(0, 300), { cause: error });
  }
}

type Demuxer = Awaited<ReturnType<Library['Demuxer']['open']>>;
type Stream = NonNullable<ReturnType<Demuxer['video']>>;

async function firstFrame(
  library: Library,
  file: Demuxer,
  stream: Stream,
  size: { width: number; height: number },
  side: number,
): Promise<Pixels> {
  const scale = Math.min(1, side / Math.max(size.width, size.height));
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const { colorTrc, colorPrimaries } = stream.codecpar;
  const chain = [`scale=${width}:${height}:flags=area`, ...colours(colorTrc, colorPrimaries), 'format=rgb24'].join();
  using decoder = await library.Decoder.create(stream, {
    options: { threads: '1', max_pixels: String(maxPixels) },
  });
  using filter = library.FilterAPI.create(chain);
  for await (const frame of filter.frames(decoder.frames(file.packets(stream.index)))) {
    if (!frame) break;
    using kept = frame;
    const [rows] = kept.data ?? [];
    const [stride] = kept.linesize;
    if (!rows || stride === undefined) break;
    return {
      data: packed(rows, stride, kept.width * 3, kept.height),
      width: kept.width,
      height: kept.height,
      channels: 3,
    };
  }
  throw new CodedError('decode.failed', 'No picture in it could be decoded.');
}

/** Rows without the bytes that pad them. */
function packed(rows: Buffer, stride: number, width: number, height: number): Buffer {
  const data = Buffer.allocUnsafe(width * height);
  for (let y = 0; y < height; y++) rows.copy(data, y * width, y * stride, y * stride + width);
  return data;
}

/** ITU-T H.273: the transfer functions of PQ and HLG, and the primaries of BT.2020 and of P3. */
const highDynamicRange = [16, 18];
const widePrimaries = [9, 11, 12];

/** Filters that bring other colours to those of sRGB. 203 cd/m² is the white of paper in HDR (ITU-R BT.2408). */
function colours(transfer: number, primaries: number): string[] {
  if (highDynamicRange.includes(transfer)) {
    return [
      'zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,zscale=t=iec61966-2-1:m=gbr:r=full',
    ];
  }
  if (widePrimaries.includes(primaries)) return ['zscale=p=bt709:t=iec61966-2-1:m=gbr:r=full'];
  return [];
}

/** The display matrix of a container, nine big numbers of which four tell turn and mirroring, as an EXIF orientation. */
function orientationOf(matrix: Buffer | null): number {
  if (!matrix || matrix.length < 36) return 1;
  const signs = [0, 1, 3, 4].map((i) => Math.sign(Math.round(matrix.readInt32LE(i * 4) / 65536)));
  return orientations[signs.join()] ?? 1;
}

const orientations: Record<string, number> = {
  '1,0,0,1': 1,
  '-1,0,0,1': 2,
  '-1,0,0,-1': 3,
  '1,0,0,-1': 4,
  '0,1,1,0': 5,
  '0,1,-1,0': 6,
  '0,-1,-1,0': 7,
  '0,-1,1,0': 8,
};
