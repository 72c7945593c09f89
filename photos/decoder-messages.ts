import type { ErrorCode, ErrorReport } from '../model/errors.ts';
import type { Decoding } from './kind.ts';

/**
 * What the worker and a decoder, its child process, say to each other. One file at a time: `read` is answered by
 * `hashed`, that by `decode` or `enough`, and all ends with `done` or `failed`.
 */
export type ToDecoder =
  { say: 'read'; path: Buffer; decoding: Decoding; thumbsDir: string } | { say: 'decode' } | { say: 'enough' };

export type FromDecoder =
  /** A big file is still being read. */
  | { say: 'busy' }
  | ({ say: 'hashed' } & Hashed)
  | ({ say: 'done' } & Decodement)
  /** The file itself could not be read. */
  | { say: 'failed'; code: ErrorCode; message: string };

export interface Hashed {
  /** SHA-256 */
  hash: Buffer;
  /** Of the file as it was while being read. */
  size: number;
  mtimeNs: bigint;
}

export interface Decoded {
  /** Upright pixels. */
  width: number;
  height: number;
  thumbhash: Buffer;
}

export interface Decodement {
  decoded: Decoded | null;
  error: ErrorReport | null;
}
