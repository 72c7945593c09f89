import { readFile, realpath } from 'node:fs/promises';
import { fromBytes, fromText, type ByteString } from '../model/names.ts';

/** File systems whose files others change without this kernel being told. */
const remoteTypes = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'ceph', 'lustre', 'beegfs', 'glusterfs', 'davfs'],
  ...['9p', 'virtiofs', 'vboxsf', 'prl_fs', 'fuse.vmhgfs-fuse', 'autofs'],
  ...['fuse.sshfs', 'fuse.rclone', 'fuse.s3fs', 'fuse.glusterfs', 'fuse.ceph', 'fuse.davfs2', 'fuse.smbnetfs'],
]);

/** A line of /proc/self/mountinfo: where it is mounted, and its type. */
export interface Mount {
  point: ByteString;
  type: string;
}

/** What /proc/self/mountinfo says; its lines end in "- type source options" behind a changing number of fields. */
export function parseMounts(mountinfo: ByteString): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before, behind] = line.split(' - ');
    const point = before?.split(' ')[4];
    const type = behind?.split(' ')[0];
    if (point === undefined || type === undefined) return [];
    return [
      { point: point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), type },
    ];
  });
}

/** The mount that a path is on. */
export function mountOf(path: ByteString, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    const below = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    // Of two mounts at one place the later one is seen.
    if (below && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** The type of the network file system that a path is on; null for one on this machine. */
export function remoteType(path: ByteString, mounts: readonly Mount[]): string | null {
  const found = mountOf(path, mounts);
  return found && remoteTypes.has(found.type) ? found.type : null;
}

/**
 * The type of the network file system that a path is on; null for one on this machine, or where the system does not tell.
 * Asks the kernel's table, not the path: a server that is away would not answer.
 */
export async function remoteTypeOf(path: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const mounts = parseMounts(fromBytes(await readFile('/proc/self/mountinfo')));
  const direct = remoteType(fromText(path), mounts);
  if (direct !== null) return direct;
  try {
    return remoteType(fromBytes(await realpath(path, { encoding: 'buffer' })), mounts);
  } catch {
    // It is not there, which is said elsewhere.
    return null;
  }
}
