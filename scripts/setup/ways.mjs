import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources.mjs';
import { say } from './steps.mjs';

/** Where programs of others are kept; `npm ci` leaves it alone. */
export const tools = join(root, '.tools');
const work = join(tools, 'work');

/** A way to something failed, with the reason in a few words; the next one is tried. */
export class WayFailed extends Error {}

/**
 * Tries one way after another until one leads there. Each is given an empty directory that is gone afterwards; a way
 * fails by throwing WayFailed.
 * @param {((work: string) => Promise<void>)[]} ways
 * @returns {Promise<{ ok: boolean, failures: string[] }>} why the ways failed
 */
export const tryWays = async (ways) => {
  const failures = [];
  for (const way of ways) {
    // A set-up that was killed may have left something behind. No other one is at work: there is a lock.
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    try {
      await way(work);
      return { ok: true, failures };
    } catch (error) {
      if (!(error instanceof WayFailed)) throw error;
      failures.push(error.message);
      say(`  not to be had this way: ${error.message.split('\n')[0]}`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return { ok: false, failures };
};
