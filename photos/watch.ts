import { watch, type FSWatcher } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { isTemporary, pathBelow, toBytes, type ByteString } from '../model/names.ts';
import type { Ignored } from './ignore.ts';

/** A dir below a watched root, as it was last read. `mtimeNs` null: it is to be read whatever its mtime. */
export interface DirToWatch {
  prefix: ByteString;
  mtimeNs: string | null;
  inode: string | null;
}

export interface TreeWatch {
  /**
   * Watches these dirs and no others. One that is not as it was last read is told as changed, so that nothing is missed that
   * happened before it was watched. Throws the system's error where it allows no more watches: then nothing is watched.
   */
  follow(dirs: readonly DirToWatch[]): Promise<void>;
  /** How many dirs are watched. */
  size(): number;
  /** False where another dir than that of the beginning is at the root's path now, or none. */
  isThere(): Promise<boolean>;
  close(): void;
}

/** Errors of a system that allows no more watches. */
const noMore = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Watches dirs of a tree, whose list others keep: nothing is walked, and no file is looked at. `changed` is told the dir in
 * which something came, changed or went, again and again while it does. Throws where the root is not there.
 */
export async function watchTree({
  rootPath,
  ignored,
  changed,
}: {
  rootPath: string;
  ignored: Ignored;
  changed: (prefix: ByteString) => void;
}): Promise<TreeWatch> {
  const watches = new Map<ByteString, { watcher: FSWatcher; inode: string }>();
  const identity = async () => {
    const { dev, ino } = await stat(rootPath, { bigint: true });
    return `${dev} ${ino}`;
  };
  const root = await identity();
  let closed = false;

  const unwatch = (prefix: ByteString) => {
    watches.get(prefix)?.watcher.close();
    watches.delete(prefix);
  };

  const place = async ({ prefix, mtimeNs, inode }: DirToWatch): Promise<void> => {
    const known = watches.get(prefix);
    if (known && (inode === null || known.inode === inode)) return;
    // Of a dir that was made anew at the same place the old watch tells nothing.
    unwatch(prefix);
    const path = toBytes(pathBelow(rootPath, prefix));
    // The root may be a link; what is below is never followed.
    const look = () => (prefix === '' ? stat(path, { bigint: true }) : lstat(path, { bigint: true }));
    try {
      // This waits for the disk, so that the call after it, which all else has to wait for, does not.
      if (!(await look()).isDirectory()) return;
      if (closed) return;
      const watcher = watch(path, { persistent: false, encoding: 'latin1' }, (_, name) => {
        if (!isPassedOver(name)) changed(prefix);
      });
      const placed = { watcher, inode: '' };
      watches.set(prefix, placed);
      watcher.on('error', () => unwatch(prefix));
      const { ino, mtimeNs: now } = await look();
      placed.inode = String(ino);
      if (String(now) !== mtimeNs) changed(prefix);
    } catch (error) {
      if (noMore.has(codeOf(error))) throw error;
      // It is gone, which its parent tells, or it may not be read, which a scan tells.
      unwatch(prefix);
    }
  };

  /** A name may be that of a dir or of a file that is gone; what only fits to dirs is not passed over. */
  const isPassedOver = (name: ByteString | null): boolean =>
    name !== null && (isTemporary(name) || ignored(name, false));

  const close = () => {
    closed = true;
    for (const prefix of [...watches.keys()]) unwatch(prefix);
  };

  return {
    async follow(dirs) {
      const wanted = new Set(dirs.map((dir) => dir.prefix));
      for (const prefix of [...watches.keys()]) if (!wanted.has(prefix)) unwatch(prefix);
      try {
        for (const dir of dirs) await place(dir);
      } catch (error) {
        close();
        throw error;
      }
    },
    size: () => watches.size,
    async isThere() {
      try {
        return (await identity()) === root;
      } catch {
        return false;
      }
    },
    close,
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Why a tree can't be watched, for people. */
export function watchTrouble(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOSPC') return 'The system watches no more directories (its limit is fs.inotify.max_user_watches).';
  return (error instanceof Error ? error.message : String(error)).replace(/\.?$/, '.');
}
