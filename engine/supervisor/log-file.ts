import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
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

/** Opens `<dir>/<name>.log` to add to it. At 5 MB it becomes `<name>.log.1`, in place of the one before. */
export function openLog(dir: string, name: string): LogFile {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `${name}.log`);
  let fd = openSync(file, 'a', 0o600);
  let closed = false;
  let size = statSync(file).size;
  let last: string[] = [];
  let unfinished = '';

  const rotate = () => {
    closeSync(fd);
    renameSync(file, `${file}.1`);
    fd = openSync(file, 'a', 0o600);
    size = 0;
  };
  return {
    write(text) {
      // A closed descriptor's number may already stand for another file.
      if (closed) return [];
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      last = [...last, ...lines.filter((line) => line.trim() !== '')].slice(-kept);
      try {
        if (size > largest) rotate();
        size += writeSync(fd, text);
      } catch {
        // A full or vanished disk must not take down the one process that keeps the others running.
      }
      return lines;
    },
    tail: () => (unfinished.trim() === '' ? last : [...last, unfinished]),
    close() {
      closed = true;
      closeSync(fd);
    },
  };
}
