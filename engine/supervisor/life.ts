import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../model/errors.ts';
import Type from 'typebox';
import Value from 'typebox/value';
import type { LogFile } from './log-file.ts';
import { signalGroup, signalProcess } from './signals.ts';

/** How one program is started. */
export interface Launch {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** How to see that it is ready, and how to end it. */
export interface Manners {
  /** Ready when a line it prints matches, or when this is answered with true. */
  readonly ready: RegExp | (() => Promise<boolean>);
  readonly readyWithinSeconds: number;
  /** Ends it in good order. */
  readonly stopSignal: NodeJS.Signals;
  readonly graceSeconds: number;
  /** Ends it at once. */
  readonly killSignal: NodeJS.Signals;
}

/** One process from its start to its end. */
export interface Life {
  readonly pid: number;
  /** Resolves with true when it is ready, with false when it ended before. */
  readonly ready: Promise<boolean>;
  /** Resolves when it and all it started have ended, with the reason in plain words. */
  readonly ended: Promise<string>;
  /** Ends it in good order, by force after the grace time. Resolves like `ended`, or after some seconds when nothing helps. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts a process as the leader of a group of its own. Throws house.start-failed when there is nothing to run. */
export async function begin(launch: Launch, manners: Manners, log: LogFile): Promise<Life> {
  const [program = '', ...args] = launch.command;
  const { command: _, ...options } = launch;
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  const lineSeen = Promise.withResolvers<true>();
  const read = (text: string) => {
    const lines = log.write(text);
    if (manners.ready instanceof RegExp && lines.some((line) => (manners.ready as RegExp).test(line)))
      lineSeen.resolve(true);
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  try {
    await once(child, 'spawn');
  } catch (error) {
    // These wait for events that never come now.
    exited.catch(() => undefined);
    closed.catch(() => undefined);
    throw new CodedError('house.start-failed', `${program} could not be started (${(error as Error).message}).`, {
      cause: error,
    });
  }
  const pid = child.pid ?? 0;
  let late = false;

  async function finish(): Promise<string> {
    await exited;
    // What it has started itself goes with it.
    signalGroup(pid, 'SIGKILL');
    await Promise.race([closed, sleep(2000, undefined, { ref: false })]);
    return late ? `was not ready within ${manners.readyWithinSeconds} s` : reasonOf(child, log.tail());
  }
  const ended = finish();

  async function stop(): Promise<void> {
    const isOver = within(ended);
    signalProcess(pid, manners.stopSignal);
    if (await isOver(manners.graceSeconds)) return;
    signalProcess(pid, manners.killSignal);
    if (await isOver(5)) return;
    signalGroup(pid, 'SIGKILL');
    await isOver(5);
  }

  async function watchReady(): Promise<boolean> {
    const over = ended.then(() => false);
    const isReady = manners.ready instanceof RegExp ? lineSeen.promise : poll(manners.ready, child);
    const timer = setTimeout(() => {
      late = true;
      void stop();
    }, manners.readyWithinSeconds * 1000);
    try {
      return await Promise.race([isReady, over]);
    } finally {
      clearTimeout(timer);
    }
  }
  return { pid, ready: watchReady(), ended, stop, kill: () => signalProcess(pid, manners.killSignal) };
}

/** Asks until the answer is yes; false when the process ended first. */
async function poll(ask: () => Promise<boolean>, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await ask()) return true;
    await sleep(150);
  }
  return false;
}

const within = (ended: Promise<unknown>) => async (seconds: number) => {
  const timer = new AbortController();
  const over = await Promise.race([
    ended.then(() => true),
    sleep(seconds * 1000, false, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  return over;
};

function reasonOf(child: ChildProcess, lastLines: readonly string[]): string {
  // What a signal ends has no words of its own about it.
  if (child.signalCode !== null) return `was ended by ${child.signalCode}`;
  const how = `ended with code ${child.exitCode}`;
  const words = lastLines.findLast((line) => /error|fatal|panic|^[a-z]+\.[a-z-]+: /i.test(line)) ?? lastLines.at(-1);
  return words === undefined ? how : `${how}; its last words: ${messageOf(words).slice(0, 300)}`;
}

/** What a line says, where it is one of a log in JSON. */
function messageOf(line: string): string {
  try {
    return Value.Parse(Type.Object({ msg: Type.String() }), JSON.parse(line)).msg;
  } catch {
    return line.trim();
  }
}
