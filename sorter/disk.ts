import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { constants, type BigIntStats } from 'node:fs';
import { toBytes, type ByteString } from '../model/names.ts';
import { copyAttributes, forgetCached, renameExclusively, setTimes } from './system-calls.ts';

/** What is at a path; a symbolic link is itself, not what it points to. */
export interface Seen {
  kind: 'file' | 'dir' | 'other';
  size: number;
  mtimeNs: string;
  device: string;
  inode: string;
  /** Names that the file has on its file system. */
  links: number;
}

/**
 * All that the sorter does to disks, one call a step, so that a test can stop it between any two. Paths are absolute; what
 * the system refuses is thrown as Node throws it.
 */
export interface Disk {
  /** Null where there is nothing. */
  look(path: ByteString): Promise<Seen | null>;
  /** Gives the file another name. */
  link(from: ByteString, to: ByteString): Promise<void>;
  /** Renames it, where there is nothing of that name, in one step; EINVAL and others where the file system can't. */
  rename(from: ByteString, to: ByteString): Promise<void>;
  /** Takes a free name with a file that holds nothing but this mark. */
  hold(path: ByteString, mark: string): Promise<void>;
  /** What is there is such a file. */
  isHeld(path: ByteString, mark: string): Promise<boolean>;
  /** Renames it, in place of what is there. */
  replace(from: ByteString, to: ByteString): Promise<void>;
  /** Takes a name away. */
  unlink(path: ByteString): Promise<void>;
  /**
   * Writes a copy, with times, mode and extended attributes, down to the disk; `mtimeNs`: with this time, unless it is null.
   * @returns SHA-256 of what was read, in hex
   */
  copy(from: ByteString, to: ByteString, mtimeNs: string | null): Promise<string>;
  /** SHA-256 in hex, read from the disk. */
  hash(path: ByteString): Promise<string>;
  /** False where it is there already. */
  makeDir(path: ByteString): Promise<boolean>;
  /** Only an empty one. */
  removeDir(path: ByteString): Promise<void>;
  /** Names in a dir. */
  list(path: ByteString): Promise<ByteString[]>;
  /** What was named and unnamed in a dir is on the disk afterwards. */
  flushDir(path: ByteString): Promise<void>;
}

const blockSize = 1 << 20;

export function createDisk(): Disk {
  return {
    look,
    link: (from, to) => fs.link(toBytes(from), toBytes(to)),
    rename: async (from, to) => renameExclusively(from, to),
    async hold(path, mark) {
      const file = await fs.open(toBytes(path), 'wx');
      try {
        await file.write(mark);
      } catch (error) {
        // What is to have the name needs no more room than it has.
        if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error;
      } finally {
        await file.close();
      }
    },
    async isHeld(path, mark) {
      const there = await look(path);
      return (
        there?.kind === 'file' &&
        there.size === mark.length &&
        (await fs.readFile(toBytes(path), { encoding: 'latin1' })) === mark
      );
    },
    replace: (from, to) => fs.rename(toBytes(from), toBytes(to)),
    unlink: (path) => fs.unlink(toBytes(path)),
    async copy(from, to, mtimeNs) {
      const source = await fs.open(toBytes(from), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const stat = await source.stat({ bigint: true });
        const target = await fs.open(toBytes(to), 'wx', 0o600);
        try {
          const hash = createHash('sha256');
          for await (const block of blocksOf(source)) {
            hash.update(block);
            await writeAll(target, block);
          }
          copyAttributes(from, to);
          await keepMode(target, Number(stat.mode & 0o7777n));
          setTimes(to, stat.atimeNs, mtimeNs === null ? stat.mtimeNs : BigInt(mtimeNs));
          await target.sync();
          return hash.digest('hex');
        } finally {
          await target.close();
        }
      } finally {
        await source.close();
      }
    },
    async hash(path) {
      const file = await fs.open(toBytes(path), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        forgetCached(file.fd);
        const hash = createHash('sha256');
        for await (const block of blocksOf(file)) hash.update(block);
        return hash.digest('hex');
      } finally {
        await file.close();
      }
    },
    async makeDir(path) {
      try {
        await fs.mkdir(toBytes(path));
        return true;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      }
    },
    removeDir: (path) => fs.rmdir(toBytes(path)),
    list: (path) => fs.readdir(toBytes(path), { encoding: 'latin1' }),
    async flushDir(path) {
      const dir = await fs.open(toBytes(path), 'r');
      try {
        await dir.sync();
      } catch (error) {
        // Some network file systems can't; their server does it by itself.
        if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
      } finally {
        await dir.close();
      }
    },
  };
}

async function look(path: ByteString): Promise<Seen | null> {
  try {
    return seen(await fs.lstat(toBytes(path), { bigint: true }));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** What a file holds, in one buffer after the other: each is overwritten by the next. */
async function* blocksOf(file: fs.FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(blockSize);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, blockSize);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function writeAll(target: fs.FileHandle, part: Buffer): Promise<void> {
  for (let at = 0; at < part.length;) at += (await target.write(part, at)).bytesWritten;
}

/** Not on file systems that have no modes, such as exFAT. */
async function keepMode(target: fs.FileHandle, mode: number): Promise<void> {
  try {
    await target.chmod(mode);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
  }
}

const seen = (stats: BigIntStats): Seen => ({
  kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'dir' : 'other',
  size: Number(stats.size),
  mtimeNs: String(stats.mtimeNs),
  device: String(stats.dev),
  inode: String(stats.ino),
  links: Number(stats.nlink),
});

/** The system said one of these. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
