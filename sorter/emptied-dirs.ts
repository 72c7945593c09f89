import { joinPrefix, pathBelow, type ByteString } from '../model/names.ts';
import { parentOf } from './dest-dirs.ts';
import { hasCode, type Disk } from './disk.ts';

/**
 * Removes some dirs below a root that hold nothing, and those above them that may go and hold nothing then. Junk, which does not keep a
 * dir from being empty, goes with it; the root's own dir stays. What else is in a dir, a dir of junk too, keeps it. Never
 * touched: dirs that the system will not let go. Safe to repeat.
 * @returns the prefixes of those that are gone
 */
export async function removeEmptied(
  disk: Disk,
  root: string,
  prefixes: readonly ByteString[],
  { isJunk, mayGo }: { isJunk: (name: ByteString) => boolean; mayGo: (prefix: ByteString) => boolean },
): Promise<ByteString[]> {
  const removed = new Set<ByteString>();
  // The deepest first, so that those above see them gone.
  for (const first of prefixes.toSorted((a, b) => b.length - a.length)) {
    for (let prefix = first; prefix !== '' && mayGo(prefix) && !removed.has(prefix);) {
      if (!(await removeIfEmpty(disk, root, prefix, isJunk))) break;
      removed.add(prefix);
      prefix = parentOf({ root, prefix })?.prefix ?? '';
    }
  }
  return [...removed];
}

/** @returns true where it is gone, also by somebody else */
async function removeIfEmpty(
  disk: Disk,
  root: string,
  prefix: ByteString,
  isJunk: (name: ByteString) => boolean,
): Promise<boolean> {
  const path = pathBelow(root, prefix);
  try {
    const seen = await disk.look(path);
    if (!seen) return true;
    if (seen.kind !== 'dir') return false;
    const inside = (await disk.list(path)).map((name) => ({ name, path: pathBelow(root, joinPrefix(prefix, name)) }));
    for (const entry of inside) {
      if (!isJunk(entry.name) || (await disk.look(entry.path))?.kind !== 'file') return false;
    }
    for (const entry of inside) await disk.unlink(entry.path);
    await disk.removeDir(path);
    return true;
  } catch (error) {
    // Somebody was faster, or it may not be removed: then it stays.
    if (hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ESTALE'))
      return false;
    throw error;
  }
}
