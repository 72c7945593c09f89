import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { statFields } from '../model/proc-stat.ts';

const run = promisify(execFile);

const { PRIORITY_LOW: lowest } = os.constants.priority;

/**
 * The command, wrapped so that it starts when nothing else wants the disk or the processor. Where the system has no
 * tool for it the command comes back as it is, and the worker lowers its own niceness.
 */
export function idlePriorityCommand(command: readonly string[]): string[] {
  if (process.platform === 'linux' && findProgram('ionice') && findProgram('nice')) {
    return ['ionice', '-c', '3', 'nice', '-n', String(lowest), ...command];
  }
  if (process.platform === 'darwin' && findProgram('taskpolicy')) return ['taskpolicy', '-b', ...command];
  return [...command];
}

/**
 * Makes this process, and what it starts from now on, come last for the processor. Niceness alone weighs only the programs of
 * one session where Linux groups them by session (autogroup, see sched(7)): a worker, which has one of its own, would get as
 * much as all of another session together. So the session gets a niceness too; not one that a worker shares with the shell it
 * was started from. Throws the system's error where it does not let it.
 */
export async function letOthersFirst(): Promise<void> {
  if (os.getPriority() < lowest) os.setPriority(lowest);
  for (let tries = 1; leadsSession(); tries++) {
    try {
      return writeFileSync('/proc/self/autogroup', String(lowest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      // This kernel does not group.
      if (code === 'ENOENT') return;
      // It takes one such wish in a tenth of a second, whoever has it.
      if (code !== 'EAGAIN' || tries === 50) throw error;
      await sleep(100);
    }
  }
}

function leadsSession(): boolean {
  if (process.platform !== 'linux') return false;
  const [, , , session] = statFields(readFileSync('/proc/self/stat', 'utf8'));
  return Number(session) === process.pid;
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
