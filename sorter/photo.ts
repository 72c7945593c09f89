import type { FileType } from '../model/library.ts';
import { toBytes, type ByteString } from '../model/names.ts';
import { fileType } from '../photos/kind.ts';

/** A name on disk as text; what is not UTF-8 is `_`, for no other file system would take it. */
export const textOf = (name: ByteString): string => toBytes(name).toString('utf8').replaceAll('\ufffd', '_');

/**
 * A file's name cut before its extension, which keeps its dot and is at most 25 ASCII characters. That of a sidecar which
 * carries its picture's whole name has two (`IMG_1`, `.jpg.xmp`), so that parts of one picture have one stem.
 */
export function splitName(name: string): { stem: string; ending: string } {
  const { stem, ending } = splitOnce(name.replace(/[. ]+$/, ''));
  const inner = splitOnce(stem);
  const ofPicture = isOf(ending, ['sidecar']) && isOf(inner.ending, ['image', 'video']);
  return ofPicture ? { stem: inner.stem, ending: inner.ending + ending } : { stem, ending };
}

function splitOnce(name: string): { stem: string; ending: string } {
  const [ending = ''] = /(?<=.)\.\w{1,20}$/s.exec(name) ?? [];
  return { stem: name.slice(0, name.length - ending.length), ending };
}

const isOf = (ending: string, types: readonly FileType[]): boolean =>
  types.includes(fileType(Buffer.from(`x${ending}`)));
