import { getSystemErrorName } from 'node:util';
import koffi from 'koffi';
import { toBytes, type ByteString } from '../model/names.ts';

/**
 * Calls of the C library that Node has no word for: times to the nanosecond, a rename that replaces nothing, extended
 * attributes, and forgetting what is cached of a file. Each throws as Node's own do, with the system's `code`.
 */

const libc = koffi.load(null);
const isMac = process.platform === 'darwin';

/** Paths are absolute here: this only stands where a directory may be told. */
const noDir = isMac ? -2 : -100;
const utimensat = libc.func('int utimensat(int dir, const void *path, const void *times, int flags)');
const fadvise = isMac ? null : libc.func('int posix_fadvise(int fd, int64_t from, int64_t length, int advice)');
const rename = isMac
  ? libc.func('int renamex_np(const void *from, const void *to, unsigned int flags)')
  : libc.func('int renameat2(int fromDir, const void *from, int toDir, const void *to, unsigned int flags)');
const more = isMac ? ', uint32_t position, int options' : '';
const listxattr = libc.func(
  `intptr_t listxattr(const void *path, void *names, size_t size${isMac ? ', int options' : ''})`,
);
const getxattr = libc.func(`intptr_t getxattr(const void *path, const void *name, void *value, size_t size${more})`);
const setxattr = libc.func(
  `int setxattr(const void *path, const void *name, const void *value, size_t size${isMac ? more : ', int flags'})`,
);

/** Sets when a file was last read and changed, in nanoseconds since 1970. */
export function setTimes(path: ByteString, atimeNs: bigint, mtimeNs: bigint): void {
  const times = Buffer.alloc(32);
  for (const [i, ns] of [atimeNs, mtimeNs].entries()) {
    // Rounded down, for times before 1970.
    const nanoseconds = ((ns % second) + second) % second;
    times.writeBigInt64LE((ns - nanoseconds) / second, i * 16);
    times.writeBigInt64LE(nanoseconds, i * 16 + 8);
  }
  checked(utimensat(noDir, cString(path), times, 0), 'utimensat', path);
}
const second = 1_000_000_000n;

/**
 * Renames unless there is something of that name, in one step. Throws EEXIST where there is; EINVAL, ENOSYS or ENOTSUP
 * where the file system has no such rename.
 */
export function renameExclusively(from: ByteString, to: ByteString): void {
  const [one, other] = [cString(from), cString(to)];
  // RENAME_EXCL, RENAME_NOREPLACE
  const result: unknown = isMac ? rename(one, other, 4) : rename(noDir, one, noDir, other, 1);
  checked(result, 'rename', to);
}

/** Copies the extended attributes that may be copied; those that another file system does not know are left out. */
export function copyAttributes(from: ByteString, to: ByteString): void {
  const [source, target] = [cString(from), cString(to)];
  const read = (call: (into: Buffer | null, size: number) => unknown, of: string): Buffer => {
    for (;;) {
      const size = checked(call(null, 0), of, from);
      const into = Buffer.alloc(size);
      if (size === 0) return into;
      const length = call(into, size);
      // Grown in between: it is asked again.
      if (length === -1 && koffi.errno() === koffi.os.errno.ERANGE) continue;
      return into.subarray(0, checked(length, of, from));
    }
  };
  const options = isMac ? [0] : [];
  let names: Buffer;
  try {
    names = read((into, size) => listxattr(source, into, size, ...options), 'listxattr');
  } catch (error) {
    if (isUnknownThere(error)) return;
    throw error;
  }
  for (let at = 0; at < names.length;) {
    const end = names.indexOf(0, at) + 1;
    const name = names.subarray(at, end);
    at = end;
    try {
      const value = read((into, size) => getxattr(source, name, into, size, ...(isMac ? [0, 0] : [])), 'getxattr');
      checked(setxattr(target, name, value, value.length, ...(isMac ? [0, 0] : [0])), 'setxattr', to);
    } catch (error) {
      if (!isUnknownThere(error)) throw error;
    }
  }
}

/** ENODATA: taken away meanwhile. EPERM, EACCES: one that only the system may set, such as a security label. */
const isUnknownThere = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOTSUP', 'EOPNOTSUPP', 'ENODATA', 'ENOATTR', 'EPERM', 'EACCES', 'ENOSYS'].includes(String(error.code));

/** Has the system forget what it keeps in memory of an open file that was flushed, so that it is read from the disk. */
export function forgetCached(fd: number): void {
  // POSIX_FADV_DONTNEED. It is advice: that it was not followed is no error.
  fadvise?.(fd, 0, 0, 4);
}

const cString = (path: ByteString): Buffer => Buffer.concat([toBytes(path), Buffer.alloc(1)]);

function checked(result: unknown, call: string, path: ByteString): number {
  const number = Number(result);
  if (number >= 0) return number;
  const errno = koffi.errno();
  const code = getSystemErrorName(-errno);
  throw Object.assign(new Error(`${code}: ${call} '${path}'`), { code, errno: -errno, syscall: call, path });
}
