import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The command, wrapped so that it starts when nothing else wants the disk or the processor. Where the system has no
 * tool for it the command comes back as it is, and the worker lowers its own niceness.
 */
export function idlePriorityCommand(command: readonly string[]): string[] {
  if (process.platform === 'linux' && findProgram('ionice') && findProgram('nice')) {
    return ['ionice', '-c', '3', 'nice', '-n', '19', ...command];
  }
  if (process.platform === 'darwin' && findProgram('taskpolicy')) return ['taskpolicy', '-b', ...command];
  return [...command];
}

/**
 * The priority a process really has, as the system says. `ioClass` is idle, best-effort, realtime or none (the kernel
 * then derives it from niceness), or unknown where the system does not tell.
 */
export async function readPriority(pid: number): Promise<{ ioClass: string; niceness: number }> {
  return { ioClass: await readIoClass(pid), niceness: os.getPriority(pid) };
}

async function readIoClass(pid: number): Promise<string> {
  if (!findProgram('ionice')) return 'unknown';
  try {
    const { stdout } = await run('ionice', ['-p', String(pid)]);
    return /^(idle|best-effort|realtime|none)/.exec(stdout.trim())?.[1] ?? 'unknown';
  } catch {
    // Containers may forbid the call; not knowing is an answer here, and shown as such.
    return 'unknown';
  }
}

/** Where a program of this name lies on PATH; null when nowhere. */
export function findProgram(name: string): string | null {
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    if (dir === '') continue;
    const file = path.join(dir, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not there, or not ours to run: the next directory may have it.
    }
  }
  return null;
}
