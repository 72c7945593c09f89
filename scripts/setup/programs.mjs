import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { root } from '../sources.mjs';
import { keepLockFor } from './lock.mjs';

/** Where npm puts the programs of packages. */
export const bin = join(root, 'node_modules', '.bin');

/**
 * `npm run` puts node_modules/.bin first on PATH. What set-up runs must not come from the tree it is about to replace,
 * so its own children see the machine's PATH.
 */
export const machinePath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((dir) => dir && !dir.includes(`${sep}node_modules${sep}.bin`))
  .join(delimiter);

/**
 * Where a program is on the machine's PATH, or undefined.
 * @param {string} name
 */
export const which = (name) =>
  machinePath
    .split(delimiter)
    .map((dir) => join(dir, name))
    .find((path) => isProgram(path));

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run: either way it is no program for us
  }
};

/** The Node that npm's `node` package brought, or undefined. */
export const broughtNode = () => {
  const path = join(bin, 'node');
  return existsSync(path) ? path : undefined;
};

/** The Node that runs the product: the one that was brought, else the one that runs this. */
export const productNode = () => broughtNode() ?? process.execPath;

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const kill of children) kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

/**
 * Runs a program and keeps its output. Never throws: `ok` is false where it could not be started or failed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, onLine?: (line: string) => void, show?: boolean,
 *   timeoutMs?: number }} [options] `show` lets it write to the console itself; after `timeoutMs` it is killed with all
 *   that it has started
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export const run = (command, args, { cwd = root, env, onLine, show, timeoutMs } = {}) =>
  new Promise((done) => {
    const isLimited = timeoutMs !== undefined;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: machinePath, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // A group of its own, for its children can't be found otherwise. Nor do they get the terminal's Ctrl-C then.
      detached: isLimited,
    });
    const kill = (signal) => {
      try {
        process.kill(isLimited ? -child.pid : child.pid, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // it ended a moment ago
      }
    };
    children.add(kill);
    const ended = child.pid === undefined ? () => {} : keepLockFor(child.pid);
    let output = '';
    const limit =
      isLimited &&
      setTimeout(() => {
        output += `\nnot done in ${timeoutMs / 1000} s`;
        kill('SIGKILL');
      }, timeoutMs);
    const end = (result) => {
      clearTimeout(limit);
      children.delete(kill);
      ended();
      done(result);
    };
    const take = (chunk) => {
      output += chunk;
      const line = String(chunk)
        .trim()
        .split(/[\r\n]+/)
        .pop();
      if (line) onLine?.(line);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => end({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code) => end({ ok: code === 0, output }));
  });

/**
 * The end of a program's output, for a message.
 * @param {string} output
 */
export const tail = (output) =>
  output
    .trim()
    .split('\n')
    .slice(-25)
    .map((line) => `  ${line}`)
    .join('\n');
