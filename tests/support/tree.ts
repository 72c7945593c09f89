import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const sha = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** All files below some dirs, in the order of their paths: hash, and time to the nanosecond. */
export const treeOf = (...dirs: readonly string[]): { path: string; hash: string; mtimeNs: bigint }[] =>
  dirs
    .flatMap((dir) => readdirSync(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({
      path: file,
      hash: sha(readFileSync(file)),
      mtimeNs: lstatSync(file, { bigint: true }).mtimeNs,
    }));

/** What all files below some dirs hold, in order. */
export const hashesOf = (...dirs: readonly string[]): string[] =>
  treeOf(...dirs)
    .map(({ hash }) => hash)
    .toSorted();
