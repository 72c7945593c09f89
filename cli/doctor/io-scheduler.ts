import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** Those for which the idle class of ionice means anything. */
const heeding = new Set(['bfq', 'cfq']);

/**
 * The I/O scheduler of the disk that has this device number; null where the system does not tell: network disks, and
 * disks made of several. `idle`: whether it lets others go first.
 */
export function schedulerOf(device: bigint, sys = '/sys'): { disk: string; name: string; idle: boolean } | null {
  // As the kernel packs them.
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  try {
    const at = realpathSync(path.join(sys, 'dev', 'block', `${major}:${minor}`));
    // A partition lies in its disk's directory, which has the queue.
    for (const dir of [at, path.dirname(at)]) {
      const text = readIfThere(path.join(dir, 'queue', 'scheduler'));
      const name = text && (/\[([\w-]+)\]/.exec(text)?.[1] ?? text.trim());
      if (name) return { disk: path.basename(dir), name, idle: heeding.has(name) };
    }
  } catch {
    // No block device, or no /sys.
  }
  return null;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It is a partition.
    return null;
  }
}
