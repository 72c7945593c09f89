import type { ByteString } from '../model/names.ts';
import { hasCode, type Disk } from './disk.ts';
import { letGo, markOf, type Carry } from './where.ts';

const notInOneStep = ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Renames a file of a carry, where there is nothing of that name. Where the file system can't do that in one step, the name
 * is taken first, by a file that says for whom: one that a run leaves which is killed here is known by it, and nothing else
 * that is at that name is ever taken away.
 */
export async function renameTo(disk: Disk, carry: Carry, from: ByteString, to: ByteString): Promise<void> {
  try {
    await disk.rename(from, to);
  } catch (error) {
    if (!hasCode(error, ...notInOneStep)) throw error;
    await disk.hold(to, markOf(carry));
    try {
      await disk.replace(from, to);
    } catch (failure) {
      const [source, target] = [await disk.look(from), await disk.look(to)];
      // On a full disk it is empty.
      if (source && target?.size === 0) await disk.unlink(to);
      else if (source) await letGo(disk, carry, to);
      throw failure;
    }
  }
}
