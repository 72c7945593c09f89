import { createHash } from 'node:crypto';
import type { Sum } from './manifest.ts';

export interface Summing {
  add(...pieces: (Buffer | string)[]): void;
  /** Bytes and hash of all that was added. Ends it. */
  end(): Sum;
}

/** Adds up what belongs together, while it passes by. */
export function createSumming(): Summing {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    add(...pieces) {
      for (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
      }
    },
    end: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}

/** Rows in Postgres' text form: a line feed within a value is written otherwise. */
export function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines++;
  return lines;
}
