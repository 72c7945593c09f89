import { constants } from 'node:fs';
import { access, lstat, opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, reportOf, type ErrorReport } from '../model/errors.ts';
import { fromBytes, toBytes, type ByteString } from '../model/names.ts';
import type { Ignored } from './ignore.ts';

/** What is known of a root from its last scan. */
export interface KnownRoot {
  /** What people call it: its path on the main machine. */
  path: string;
  /** Its path on this machine. */
  here: string;
  device: string | null;
  /** Names and inodes of some entries directly below it; empty when it never held any. */
  sample: readonly { name: ByteString; inode: string }[];
  /** Files are known to be in it that the product itself is not moving away. */
  holdsFiles: boolean;
  /** Take what is there now for right: another disk, or an empty directory. */
  acceptDevice: boolean;
  ignored: Ignored;
}

/**
 * Makes sure that a root is there and is the disk it was before, so that nothing in it can be taken for deleted by
 * mistake. Returns its device number. Throws root.missing, root.not-directory, root.unreadable, root.empty, root.other-device.
 */
export async function checkRoot(known: KnownRoot): Promise<string> {
  const name = known.here === known.path ? known.path : `${known.path} (${known.here} on this machine)`;
  await assertReadable(known.here, name);
  const device = String((await stat(known.here, { bigint: true })).dev);
  if (known.holdsFiles && !known.acceptDevice && (await isEmpty(known.here, known.ignored))) {
    throw new CodedError(
      'root.empty',
      `${name} is empty, though it held files before. Its disk is probably not mounted; nothing is taken for deleted.`,
    );
  }
  if (known.device !== null && known.device !== device && !known.acceptDevice && !(await isSameDisk(known))) {
    throw new CodedError(
      'root.other-device',
      `${name} is on another disk than before, and what it held is not there; nothing is taken for deleted. ` +
        'If this is the right disk, scan it once with “use this disk from now on”.',
    );
  }
  return device;
}

/** Whether a path can be used as a root at all; null when it can. For forms, before anything is saved. */
export async function checkRootPath(rootPath: string): Promise<ErrorReport | null> {
  try {
    await assertReadable(rootPath, rootPath);
    return null;
  } catch (error) {
    return reportOf(error);
  }
}

/** `name`: what messages call it. */
async function assertReadable(rootPath: string, name: string): Promise<void> {
  const missing = new CodedError(
    'root.missing',
    `${name} does not exist or is not mounted; nothing is taken for deleted.`,
  );
  // `C:` and the like, on a system without drives.
  if (!path.isAbsolute(rootPath)) throw missing;
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(rootPath)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENODEV', 'ESTALE', 'EHOSTDOWN', 'ENOTCONN')) {
      throw missing;
    }
    throw unreadable(name, error);
  }
  if (!isDirectory) throw new CodedError('root.not-directory', `${name} is not a directory.`);
  try {
    await access(rootPath, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw unreadable(name, error);
  }
}

const unreadable = (name: string, error: unknown) =>
  new CodedError(
    'root.unreadable',
    `${name} may not be read (${error instanceof Error ? error.message : String(error)}).`,
  );

const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

/** True where it holds nothing but what is ignored (a mount point may hold a marker file). */
export async function isEmpty(rootPath: string, ignored: Ignored): Promise<boolean> {
  for await (const entry of await opendir(rootPath, { encoding: 'buffer' as BufferEncoding })) {
    if (!ignored(fromBytes(Buffer.from(entry.name)), entry.isDirectory())) return false;
  }
  return true;
}

/**
 * Device numbers of network and pooled disks may change at each mount. Inodes do not: when what lay below the root is
 * still there with the same inodes, it is the same disk under another number.
 */
async function isSameDisk({ here: rootPath, sample }: KnownRoot): Promise<boolean> {
  if (sample.length === 0) return true;
  const found = await Promise.all(
    sample.map(async ({ name, inode }) => {
      try {
        return (
          String((await lstat(Buffer.concat([Buffer.from(`${rootPath}/`), toBytes(name)]), { bigint: true })).ino) ===
          inode
        );
      } catch {
        // Not there: it counts against this being the same disk.
        return false;
      }
    }),
  );
  return found.filter(Boolean).length * 2 > sample.length;
}
