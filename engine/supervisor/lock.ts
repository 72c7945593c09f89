import { linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { readJson, writeAtomically } from '../house-file.ts';
import { processStart } from './process-identity.ts';

const Holder = Type.Object({
  pid: Type.Integer(),
  start: Type.String(),
  host: Type.String(),
  page: Type.String(),
  released: Type.Boolean(),
});
type Holder = Static<typeof Holder>;

/** How often a holder shows that it lives, and how long another machine believes it. */
const beatMs = 10_000;
const believeMs = 45_000;

export interface Lock {
  /** False once the data folder was deleted, or replaced by another: what is there now belongs to somebody else. */
  isHeld(): boolean;
  /** Resolves soon after the lock is held no more, other than by its release. */
  lost: Promise<void>;
  /** Gives the data folder free. */
  release(): void;
}

/**
 * Takes the data folder for this process. Throws house.already-running when another one has it.
 *
 * Locks are files with rising numbers in `<data>/lock`, and the highest one tells who holds the folder. A number is
 * taken with link(2), which only one of several processes can win and which shows the whole content at once. The
 * highest number never goes away, not even on release: were a stale lock simply deleted and made anew, one of two
 * processes that saw it stale could delete the other's fresh one.
 */
export function acquireLock(dataDir: string, page: string): Lock {
  const dir = path.join(dataDir, 'lock');
  mkdirSync(dir, { recursive: true });
  for (;;) {
    const top = highest(dir);
    refuseWhenHeld(dir, top, dataDir);
    const file = path.join(dir, String(top + 1));
    const me: Holder = {
      pid: process.pid,
      start: processStart(process.pid) ?? '',
      host: os.hostname(),
      page,
      released: false,
    };
    if (!create(dir, file, me)) continue;
    if (highest(dir) !== top + 1) {
      // Others took this number and the next ones while we looked, and have already tidied up behind them.
      rmSync(file, { force: true });
      continue;
    }
    for (const number of numbers(dir)) if (number <= top) rmSync(path.join(dir, String(number)), { force: true });
    return hold(file, me);
  }
}

function hold(file: string, me: Holder): Lock {
  const isMine = (value: unknown) =>
    Value.Check(Holder, value) && value.pid === me.pid && value.start === me.start ? value : null;
  const isHeld = () => readJson(file, isMine) !== null;
  const lost = Promise.withResolvers<void>();
  const beat = setInterval(() => {
    try {
      if (!isHeld()) {
        clearInterval(beat);
        lost.resolve();
        return;
      }
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      // A disk that does not answer for a while: whatever else needs it says so, and the lock may be there afterwards.
    }
  }, beatMs);
  beat.unref();
  return {
    isHeld,
    lost: lost.promise,
    release() {
      clearInterval(beat);
      if (isHeld()) writeAtomically(file, { ...me, released: true });
    },
  };
}

/** Links a file with the whole content to its name. False when the name was taken. */
function create(dir: string, file: string, holder: Holder): boolean {
  const draft = path.join(dir, `draft-${holder.pid}`);
  writeAtomically(draft, holder);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function refuseWhenHeld(dir: string, number: number, dataDir: string): void {
  if (number === 0) return;
  const file = path.join(dir, String(number));
  // A lock without readable content was cut off by a crash of the machine: its holder is gone.
  const holder = readJson(file, (value) => (Value.Check(Holder, value) ? value : null));
  if (holder === null || holder.released || !isAlive(holder, file)) return;
  throw new CodedError(
    'house.already-running',
    `Photo Assistant is already running on ${dataDir}: process ${holder.pid}` +
      `${holder.host === os.hostname() ? '' : ` on ${holder.host}`}, with its page at ${holder.page}. ` +
      'Stop it first, or set PHOTO_ASSISTANT_DATA to another directory.',
  );
}

/** A process elsewhere (another machine or container on the same folder) can't be looked up: its beat has to tell. */
function isAlive(holder: Holder, file: string): boolean {
  if (holder.host === os.hostname() && processStart(holder.pid) === holder.start) return true;
  if (holder.host === os.hostname()) return false;
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - touched < believeMs;
}

const numbers = (dir: string) =>
  readdirSync(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const highest = (dir: string) => Math.max(0, ...numbers(dir));
