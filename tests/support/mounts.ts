import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A file system of its own. */
export interface Mount {
  dir: string;
  /** Mounts it again; it has to be away. */
  mount(): void;
  /** Also while it is in use: what is open stays open, but no path leads there any more. */
  unmount(): void;
}

/** How to make a file system in an image, and to mount it on a directory; the first way that works. */
type Way = (image: string, dir: string) => { make?: string[]; mount: string[]; afterwards?: string[] };

const ext4 = (...options: string[]): Way => {
  const make = ['mkfs.ext4', '-q', '-F', '-m', '0', '-O', '^has_journal', ...options];
  return (image, dir) => ({ make: [...make, image], mount: ['mount', '-t', 'ext4', '-o', 'loop', image, dir] });
};

export type FileSystem = 'ext4' | 'old ext4' | 'ext4 that knows no case' | 'tmpfs' | 'vfat' | 'exfat';

const ways: Record<FileSystem, Way[]> = {
  ext4: [ext4()],
  /** Times in whole seconds: inodes as they were made until 2008. */
  'old ext4': [ext4('-I', '128')],
  'ext4 that knows no case': [
    (image, dir) => ({
      ...ext4('-O', 'casefold', '-E', 'encoding=utf8')(image, dir),
      afterwards: ['chattr', '+F', dir],
    }),
  ],
  tmpfs: [(_image, dir) => ({ mount: ['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir] })],
  vfat: [
    (image, dir) => ({ make: ['mkfs.vfat', image], mount: ['mount', '-t', 'vfat', '-o', 'loop,utf8', image, dir] }),
  ],
  exfat: [
    (image, dir) => ({ make: ['mkfs.exfat', image], mount: ['mount', '-t', 'exfat', '-o', 'loop', image, dir] }),
    // In a program: it wants the image as a device.
    (image, dir) => ({
      make: ['mkfs.exfat', image],
      mount: ['sh', '-c', 'mount.exfat-fuse "$(losetup --find --show "$0")" "$1"', image, dir],
    }),
  ],
};

const run = ([program = '', ...args]: readonly string[]): void => {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  execFileSync(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
};

/** Makes and mounts a file system for a test, which ends with it; or says why this machine can't have it. */
export function mountNew(t: { after(fn: () => void): void }, kind: FileSystem, megabytes: number): Mount | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount disks';
  const base = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-disk-'));
  const [image, dir] = [path.join(base, 'image'), path.join(base, 'disk')];
  mkdirSync(dir);
  const quietly = (what: () => void) => {
    try {
      what();
    } catch {
      // It was not there.
    }
  };
  const unmount = () => {
    try {
      run(['umount', dir]);
    } catch {
      quietly(() => run(['umount', '--lazy', dir]));
    }
    // A device that was made for a program stays otherwise.
    quietly(() => run(['sh', '-c', 'losetup --associated "$0" -nO NAME | xargs -r losetup --detach', image]));
  };
  t.after(() => {
    unmount();
    rmSync(image, { force: true });
    // Never what is mounted here.
    rmdirSync(dir);
    rmdirSync(base);
  });
  const why: string[] = [];
  for (const way of ways[kind]) {
    const { make, mount, afterwards } = way(image, dir);
    try {
      writeFileSync(image, '');
      truncateSync(image, megabytes * 2 ** 20);
      if (make) run(make);
      run(mount);
      if (afterwards) run(afterwards);
      return { dir, mount: () => run(mount), unmount };
    } catch (error) {
      unmount();
      const words = (error instanceof Error ? error.message : '').split('\n');
      why.push(words[1] ?? words[0] ?? '');
    }
  }
  return `this machine has no ${kind}: ${why.join('; ')}`;
}
