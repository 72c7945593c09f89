import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../sources.mjs';
import { step } from './steps.mjs';

// Holds an empty file for each process that works under it, named pid@host.
const dir = join(root, '.tools', 'setup.lock');
const fileOf = (pid) => join(dir, `${pid}@${hostname()}`);
const me = fileOf(process.pid);

const beatMs = 2000;
// Processes of another container on the same checkout can't be seen; the lock is touched while they live.
const silentElsewhereMs = 30_000;
// A process that lives but has not touched it for this long is another one that was given the same pid.
const silentHereMs = 600_000;

/** Two set-ups of one checkout would write over each other, so one waits for the other. */
export const withLock = async (work) => {
  mkdirSync(join(root, '.tools'), { recursive: true });
  if (!(await taken())) {
    await step('Waiting for another set-up of this directory to finish', async (report) => {
      while (!(await taken())) {
        report(`held by ${holders().join(', ')} in .tools/setup.lock`);
        await sleep(500);
      }
    });
  }
  const beat = setInterval(() => utimesSync(dir, new Date(), new Date()), beatMs);
  process.on('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    release();
  }
};

/**
 * Keeps the lock for a child as well: when set-up is killed, its npm goes on writing for a while.
 * @param {number} pid
 * @returns {() => void} to be called when the child has ended
 */
export const keepLockFor = (pid) => {
  if (!existsSync(me)) return () => {};
  writeFileSync(fileOf(pid), '');
  return () => rmSync(fileOf(pid), { force: true });
};

const taken = async () => {
  try {
    mkdirSync(dir);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isLeftBehind()) rmSync(dir, { recursive: true, force: true });
    return false;
  }
  writeFileSync(me, '');
  // Someone who took the lock for left behind a moment ago may just have removed ours in its place.
  await sleep(50);
  return existsSync(me);
};

const release = () => {
  if (!existsSync(me)) return;
  rmSync(me);
  if (holders().length === 0) rmdirSync(dir);
};

const holders = () => (existsSync(dir) ? readdirSync(dir) : []);

const isLeftBehind = () => {
  const touched = statSync(dir, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return false;
  const silentMs = Date.now() - touched;
  const names = holders();
  if (names.length === 0) return silentMs > beatMs;
  return names.every((name) => {
    const [pid, host] = name.split('@');
    if (host !== hostname()) return silentMs > silentElsewhereMs;
    return silentMs > silentHereMs || !isAlive(Number(pid));
  });
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};
