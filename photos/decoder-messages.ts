import type { ErrorCode, ErrorReport } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import type { Clip } from './decode/pixels.ts';
import type { MotionClip } from './motion.ts';

/**
 * What the worker and a decoder, its child process, say to each other. One file at a time: `read` is answered by
 * `hashed`, that by `decode` or `enough`, a `large` in between by `go`, and all ends with `done` or `failed`.
 */
export type ToDecoder =
  | { say: 'read'; path: Buffer; type: FileType; thumbsDir: string }
  /** With the EXIF orientation of a RAW file, 1 to 8. `into`: a file for a larger picture, instead of thumbnails. */
  | { say: 'decode'; orientation: number | null; into: string | null }
  | { say: 'enough' }
  | { say: 'go' };

export type FromDecoder =
  /** A big file is still being read. */
  | { say: 'busy' }
  | ({ say: 'hashed' } & Hashed)
  /** The picture takes so much memory that it has to be decoded alone. */
  | { say: 'large' }
  | ({ say: 'done' } & Decodement)
  /** The file itself could not be read. */
  | { say: 'failed'; code: ErrorCode; message: string };

export interface Hashed {
  /** SHA-256 */
  hash: Buffer;
  /** Of the file as it was while being read. */
  size: number;
  mtimeNs: bigint;
  /** What the file is: by its name, and by its content where the name says nothing. */
  type: FileType;
}

export interface Decoded {
  /** Upright pixels. */
  width: number;
  height: number;
  thumbhash: Buffer;
  /** Only of a video. */
  clip: Clip | null;
}

export interface Decodement {
  decoded: Decoded | null;
  error: ErrorReport | null;
  /** What made the picture: `libvips`, `FFmpeg`, … */
  decoder: string | null;
  /** How long decoding took, in milliseconds. */
  decodeMs: number | null;
  /** The clip of a motion photo. */
  motion: MotionClip | null;
}

/** What a file that was not decoded has to say. */
export const notDecoded: Decodement = { decoded: null, error: null, decoder: null, decodeMs: null, motion: null };
