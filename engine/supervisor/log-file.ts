import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

const largest = 5 * 1024 * 1024;
const kept = 20;

/** What a part prints, in a file of bounded size, with the last lines at hand for when it dies. */
export interface LogFile {
  /** Adds what was printed. Returns the lines that it completed. */
  write(text: string): string[];
  /** The last lines that are not blank, the newest last. */
  tail(): string[];
  close(): void;
}

/**
 * Adds to `<dir>/<name>.log`. At 5 MB it becomes `<name>.log.1`, in place of the one before. A disk that is full, read-only or
 * gone must not take down the one process that keeps the others running: what can't be written is left out.
 */
export function openLog(dir: string, name: string): LogFile {
  const file = path.join(dir, `${name}.log`);
  let fd: number | null = null;
  let size = 0;
  let closed = false;
  let last: string[] = [];
  let unfinished = '';

  const open = (): number => {
    mkdirSync(dir, { recursive: true });
    fd = openSync(file, 'a', 0o600);
    size = fstatSync(fd).size;
    return fd;
  };
  const letGo = () => {
    if (fd === null) return;
    const open = fd;
    // Once closed its number may stand for another file, also where closing reports an error.
    fd = null;
    size = 0;
    closeSync(open);
  };
  const rotate = () => {
    letGo();
    renameSync(file, `${file}.1`);
  };
  return {
    write(text) {
      if (closed) return [];
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      last = [...last, ...lines.filter((line) => line.trim() !== '')].slice(-kept);
      // Somebody may have taken the file away: then there is none to rename, and a new one begins.
      if (size > largest) unlessRefused(rotate);
      unlessRefused(() => {
        const to = fd ?? open();
        size += writeSync(to, text);
      });
      return lines;
    },
    tail: () => (unfinished.trim() === '' ? last : [...last, unfinished]),
    close() {
      closed = true;
      unlessRefused(letGo);
    },
  };
}

function unlessRefused(work: () => void): void {
  try {
    work();
  } catch {
    // What the disk refuses is left out.
  }
}
