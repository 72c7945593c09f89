import type { FileType } from '../model/library.ts';

const words = (list: string): string[] => list.trim().split(/\s+/);

const pictures = words(`
  jpg jpeg jpe jfif mpo insp
  png apng gif webp avif tif tiff
`);

const otherPictures = words(`
  heic heics heif heifs hif avifs
  jxl jp2 j2k j2c jpc jpf jpm jpx
  bmp dib ico tga pcx psd psb xcf
  pbm pgm ppm pnm pam hdr exr jxr wdp hdp
`);

const raws = words(`
  3fr ari arw bay braw cap cr2 cr3 crw dcr dcs dng drf eip erf fff gpr iiq k25 kdc mdc mef mos mrw
  nef nrw orf ori pef ptx pxn r3d raf raw rw2 rwl rwz sr2 srf srw sti x3f
`);

const videos = words(`
  mp4 m4v mov qt 3gp 3gpp 3g2 3gp2 mts m2ts m2t ts mod tod
  avi divx mkv webm wmv asf flv f4v mpg mpeg mpe m1v m2v vob ogv ogm dv mxf insv lrv 360 crm
`);

const sidecars = words('xmp aae thm');

const types = new Map<string, FileType>([
  ...[...pictures, ...otherPictures, ...raws].map((name): [string, FileType] => [name, 'image']),
  ...videos.map((name): [string, FileType] => [name, 'video']),
  ...sidecars.map((name): [string, FileType] => [name, 'sidecar']),
]);

const rawNames = new Set(raws);

/** The extension of a file name or path in lower case without its dot; empty where there is none. */
export function extension(name: Buffer): string {
  // One byte, one character: names need not be UTF-8, and all known extensions are ASCII.
  const text = name.subarray(name.lastIndexOf(0x2f) + 1).toString('latin1');
  const dot = text.lastIndexOf('.');
  return dot < 1 ? '' : text.slice(dot + 1).toLowerCase();
}

/** What a file is, by the extension of its name. */
export const fileType = (fname: Buffer): FileType => types.get(extension(fname)) ?? 'other';

/** True where the name is one that cameras give to the data of their sensor. */
export const isRaw = (fname: Buffer): boolean => rawNames.has(extension(fname));
