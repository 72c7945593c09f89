import { createHash } from 'node:crypto';
import { joinPrefix, pathBelow, temporaryName, type ByteString } from '../model/names.ts';
import type { Disk, Seen } from './disk.ts';

/** A file's place: below a root, in a dir, under a name. */
export interface Place {
  /** Absolute. */
  root: string;
  prefix: ByteString;
  fname: ByteString;
}

/** One file on its way. */
export interface Carry {
  id: number;
  /** Those of one number go together or not at all. */
  unit: number;
  from: Place;
  to: Place;
  /** As it was when it was planned. `hash`: SHA-256 in hex; null where it was never read. */
  file: { size: number; mtimeNs: string; inode: string; hash: string | null };
  /** A copy gets this time, in nanoseconds, in place of its file's: one that a coarse file system has rounded. */
  restore: string | null;
  /** A run before this one set it on its way. */
  begun: boolean;
  /** The inode of the copy that such a run made and compared. */
  copy: string | null;
}

/**
 * How far it is. `waiting`: only in its old place. `copied`: there is a compared copy under a hidden name beside the new
 * one. `arrived`: it has both names. `left`: it has only the new one.
 */
export type Stage = 'waiting' | 'copied' | 'arrived' | 'left';
export type Way = 'link' | 'rename' | 'copy';

export const dirOf = ({ root, prefix }: Omit<Place, 'fname'>): ByteString => pathBelow(root, prefix);
export const fileOf = (place: Place): ByteString => pathBelow(place.root, joinPrefix(place.prefix, place.fname));

/** Where a copy is written, beside its new place: told from others by what is moved, whatever database counts it. */
export function temporaryOf({ id, from, to }: Pick<Carry, 'id' | 'from' | 'to'>): ByteString {
  const mark = createHash('sha256').update(fileOf(from), 'latin1').digest('hex').slice(0, 12);
  return pathBelow(to.root, joinPrefix(to.prefix, temporaryName(id, mark)));
}

/** What stands in a file that holds the name for one that is about to be renamed to it. */
export function markOf(carry: Carry): string {
  const name = temporaryOf(carry);
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Takes away the mark that an earlier run has left at a name. @returns whether there was one */
export async function letGo(disk: Disk, carry: Carry, path: ByteString): Promise<boolean> {
  if (!(await disk.isHeld(path, markOf(carry)))) return false;
  await disk.unlink(path);
  return true;
}

/** As it was planned, as far as can be told without reading it. */
export const isTheFile = (seen: Seen | null, { file }: Carry): seen is Seen =>
  seen?.kind === 'file' && seen.size === file.size && seen.mtimeNs === file.mtimeNs;

/**
 * Tells from the disk how far an earlier run came with it, and what is at its new place where it has left the old one.
 * What was half written is taken away.
 */
export async function whereIs(disk: Disk, carry: Carry): Promise<{ stage: Stage; way: Way; now: Seen | null }> {
  if (!carry.begun) return { stage: 'waiting', way: 'link', now: null };
  const temporary = temporaryOf(carry);
  const [source, target, hidden] = await Promise.all(
    [fileOf(carry.from), fileOf(carry.to), temporary].map(async (path) =>
      (await letGo(disk, carry, path)) ? null : await disk.look(path),
    ),
  );
  const only = !source || !hidden || hidden.inode === target?.inode;
  if (target && (await isCopy(disk, target, carry, only))) {
    if (hidden) await disk.unlink(temporary);
    return { stage: source ? 'arrived' : 'left', way: 'copy', now: target };
  }
  if (hidden) await disk.unlink(temporary);
  if (!source && target && (await holdsTheSame(disk, target, carry)))
    return { stage: 'left', way: 'link', now: target };
  // Two names of one file: on a disk that knows no case both may be the same one.
  const isLinked =
    source && target && source.inode === target.inode && source.device === target.device && source.links > 1;
  return { stage: isLinked ? 'arrived' : 'waiting', way: 'link', now: null };
}

/**
 * It is the copy that was compared. Its inode says so, where it is kept; some file systems give new ones each time. `only`:
 * there is no other place where the copy could be.
 */
export async function isCopy(disk: Disk, seen: Seen, carry: Carry, only: boolean): Promise<boolean> {
  if (carry.copy === null) return false;
  if (seen.inode === carry.copy && seen.size === carry.file.size) return true;
  return only && (await holdsTheSame(disk, seen, carry));
}

/** It holds what the source held. Its time need not be the same: on some file systems a copy's is rounded. */
const holdsTheSame = async (disk: Disk, { kind, size }: Seen, { to, file }: Carry): Promise<boolean> =>
  kind === 'file' && size === file.size && (await disk.hash(fileOf(to))) === file.hash;
