import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { CodedError, type ErrorCode, type ErrorReport } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import { displayName, isTemporary, joinPrefix, longestPrefix, toBytes, type ByteString } from '../model/names.ts';
import type { Ignored } from './ignore.ts';
import { fileType } from './kind.ts';

/** A dir to look at, with what is known of it. `mtimeNs` null: it is read whatever its mtime. */
export interface DirToWalk {
  id: number;
  prefix: ByteString;
  mtimeNs: string | null;
  device: string | null;
  /** How often files had been moved here or away when this was known. It comes back with what is read. */
  moves: number;
}

export interface WalkedFile {
  name: ByteString;
  size: number;
  mtimeNs: string;
  inode: string;
  type: FileType;
}

export type Walked =
  | { id: number; outcome: 'unchanged' }
  | { id: number; outcome: 'failed'; code: ErrorCode; message: string }
  | {
      id: number;
      outcome: 'read';
      mtimeNs: string | null;
      device: string;
      inode: string;
      moves: number;
      files: WalkedFile[];
      /** Prefixes of the sub-dirs, relative to the root. */
      subdirs: ByteString[];
      /** That some of these are not looked into. */
      error: ErrorReport | null;
    };

/** A dir touched this short a time ago may change again within the same tick of its file system's clock (2 s on FAT). */
const dirSettleNs = 2_000_000_000n;
/** A file touched this short a time ago may still be written to, which its dir's mtime does not show. */
const fileSettleNs = 60_000_000_000n;

/**
 * Looks at one dir: one stat when its mtime is as before; else its entries are read, each with one stat. Symbolic links
 * are never followed (so there are no loops); sockets, pipes, devices and unfinished copies of our own are passed over. Synchronous: it runs in a
 * thread of its own, where a hung disk holds up nothing else. `rootName`: what messages call the root.
 */
export function walkDir(rootPath: ByteString, dir: DirToWalk, ignored: Ignored, rootName = rootPath): Walked {
  const path = dir.prefix === '' ? rootPath : `${rootPath}/${dir.prefix}`;
  const name = displayName(dir.prefix === '' ? rootName : `${rootName}/${dir.prefix}`);
  try {
    const stat = lstat(path);
    if (!stat) throw new CodedError('dir.missing', `${name} is gone.`);
    if (!stat.isDirectory()) throw new CodedError('dir.missing', `${name} is not a directory any more.`);
    const device = String(stat.dev);
    if (dir.device !== null && dir.device !== device) {
      throw new CodedError(
        'dir.other-device',
        `${name} is on another disk than before; nothing in it is taken for deleted.`,
      );
    }
    if (dir.mtimeNs === String(stat.mtimeNs)) return { id: dir.id, outcome: 'unchanged' };
    const entries = readEntries(path, dir.prefix, stat, ignored);
    return {
      id: dir.id,
      outcome: 'read',
      ...entries,
      error: tooDeep(name, entries.subdirs),
      device,
      inode: String(stat.ino),
      moves: dir.moves,
    };
  } catch (error) {
    if (error instanceof CodedError) return { id: dir.id, outcome: 'failed', code: error.code, message: error.message };
    const message = `${name} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return { id: dir.id, outcome: 'failed', code: 'dir.unreadable', message };
  }
}

function readEntries(path: ByteString, prefix: ByteString, stat: BigIntStats, ignored: Ignored) {
  const now = BigInt(Date.now()) * 1_000_000n;
  let settled = now - stat.mtimeNs > dirSettleNs;
  const files: WalkedFile[] = [];
  const subdirs: ByteString[] = [];
  for (const name of readdirSync(toBytes(path), { encoding: 'latin1' })) {
    if (isTemporary(name)) continue;
    const entry = lstat(`${path}/${name}`);
    // Gone since the names were read: the dir's mtime has moved on, so the next scan sees it.
    if (!entry) settled = false;
    else if (entry.isDirectory()) {
      if (!ignored(name, true)) subdirs.push(joinPrefix(prefix, name));
    } else if (entry.isFile() && !ignored(name, false)) {
      if (now - entry.mtimeNs < fileSettleNs) settled = false;
      files.push({
        name,
        size: Number(entry.size),
        mtimeNs: String(entry.mtimeNs),
        inode: String(entry.ino),
        type: fileType(toBytes(name)),
      });
    }
  }
  return { mtimeNs: settled ? String(stat.mtimeNs) : null, files, subdirs };
}

/** What a person is told of sub-dirs whose paths no table can hold. */
function tooDeep(name: string, subdirs: readonly ByteString[]): ErrorReport | null {
  const tooLong = subdirs.filter((prefix) => prefix.length > longestPrefix);
  const [first] = tooLong;
  if (first === undefined) return null;
  const which = displayName(first.slice(first.lastIndexOf('/') + 1));
  const more = tooLong.length === 1 ? '' : ` and ${tooLong.length - 1} more`;
  const message = `In ${name}, ${which}${more} can not be read: paths of directories may have ${longestPrefix} bytes.`;
  return { code: 'dir.path-too-long', message };
}

/** The stat of the thing itself, not of what a link points to; undefined when it is not there. */
const lstat = (path: ByteString): BigIntStats | undefined =>
  lstatSync(toBytes(path), { bigint: true, throwIfNoEntry: false });
