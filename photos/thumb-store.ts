import { rm } from 'node:fs/promises';
import path from 'node:path';
import { thumbName, thumbSizes } from './thumb-path.ts';

/**
 * Where thumbnails are kept for all who show or search them: the data folder's own directory, or a web server. They are named
 * as `thumbName` and `largeName` do.
 */
export interface ThumbStore {
  /** The directory that decoders write to, by the names that the store has. */
  readonly dir: string;
  /** True where the data folder is the web server's own, or shared with it: uploads are there as well. */
  readonly isShared: boolean;
  /** Makes what was written there into `dir` known to all; what is known already stays as it is. Throws web.*. */
  put(names: readonly string[]): Promise<void>;
  /** Runs `work` with the path of a file that holds it for that time; there is none where the store has none. Throws web.*. */
  use<T>(name: string, work: (path: string) => Promise<T>): Promise<T>;
  /** Throws web.*. */
  remove(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The names of both thumbnails of a content. */
export const thumbNames = (hash: string): string[] => thumbSizes.map((size) => thumbName(hash, size));

/** The directory that the web server reads too: on its own machine, or shared over the network. */
export const createThumbFolder = (dir: string): ThumbStore => ({
  dir,
  isShared: true,
  put: () => Promise.resolve(),
  use: (name, work) => work(path.join(dir, name)),
  async remove(names) {
    await Promise.all(names.map((name) => rm(path.join(dir, name), { force: true })));
  },
  close: () => Promise.resolve(),
});
