import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../sources.mjs';
import { step } from './steps.mjs';

const dir = join(root, '.tools', 'setup.lock');
const owner = join(dir, 'owner');
const me = `${process.pid}@${hostname()}`;

const beatMs = 2000;
const silentMs = 30_000;

/**
 * Two set-ups of one checkout would write over each other, so one waits for the other. A lock is taken for left behind
 * when its process is gone, or (another container on the same checkout) when nobody has touched it for a while.
 */
export const withLock = async (work) => {
  mkdirSync(join(root, '.tools'), { recursive: true });
  if (!(await taken())) {
    await step('Waiting for another set-up of this directory to finish', async () => {
      while (!(await taken())) await sleep(500);
    });
  }
  const beat = setInterval(() => utimesSync(dir, new Date(), new Date()), beatMs);
  const release = () => {
    clearInterval(beat);
    if (holder() === me) rmSync(dir, { recursive: true, force: true });
  };
  process.on('exit', release);
  try {
    return await work();
  } finally {
    release();
  }
};

const taken = async () => {
  try {
    mkdirSync(dir);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isLeftBehind()) rmSync(dir, { recursive: true, force: true });
    return false;
  }
  writeFileSync(owner, me);
  // Someone who took the lock for left behind a moment ago may just have removed ours in its place.
  await sleep(50);
  return holder() === me;
};

const holder = () => {
  try {
    return readFileSync(owner, 'utf8');
  } catch {
    return undefined; // gone, or not yet written
  }
};

const isLeftBehind = () => {
  const touched = statSync(dir, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return false;
  if (Date.now() - touched > silentMs) return true;
  const [pid, host] = (holder() ?? '').split('@');
  return host === hostname() && !isAlive(Number(pid));
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};
