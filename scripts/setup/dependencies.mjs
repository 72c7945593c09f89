import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources.mjs';
import { run, tail, which } from './programs.mjs';
import { readIfThere } from './stamp.mjs';
import { SetupError, step } from './steps.mjs';

const lockFile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.photo-assistant-installed');

const platform = `${process.platform}-${process.arch}`;
const wanted = () => `${platform} ${createHash('sha256').update(readFileSync(lockFile)).digest('hex')}`;

/** The locked dependencies: `npm ci` where the lock file is not the one that was last installed. */
export const dependencies = {
  needed: () => {
    const installed = readIfThere(stamp);
    if (installed === wanted()) return false;
    // A checkout may be shared by two platforms, but a tree with native code is of use on one only.
    const isOfNoUse = installed !== undefined && !installed.startsWith(`${platform} `);
    return isOfNoUse || !isInstalledByHand();
  },

  run: async () => {
    if (!which('npm')) {
      throw new SetupError(
        'npm is not there.',
        'It comes with Node: see https://nodejs.org, or your system’s packages.',
      );
    }
    const { ok, output } = await step('Installing the locked dependencies', (report) => {
      const places = Object.keys(lockedPackages(lockFile)).map((place) => join(root, place, 'package.json'));
      const count = setInterval(() => {
        report(`${places.filter((path) => existsSync(path)).length} of up to ${places.length} packages`);
      }, 900);
      // Development dependencies are what the product is built with, so NODE_ENV=production must not leave them out.
      return run('npm', ['ci', '--include=dev', '--include=optional', '--ignore-scripts'])
        .then((installed) => (installed.ok ? runInstallScripts() : installed))
        .finally(() => clearInterval(count));
    });
    if (!ok) throw npmFailed('npm could not install the dependencies', output);
    writeFileSync(stamp, wanted());
  },
};

/** Install scripts run only for what package.json allows. Before npm 11 this was not npm's own rule. */
const runInstallScripts = () => {
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys(allowScripts).filter((name) => existsSync(join(root, 'node_modules', name)));
  if (names.length === 0) return { ok: true };
  // npm's own record says from here on that all is installed; if this does not end well, it is not so.
  writeFileSync(stamp, 'unfinished');
  return run('npm', ['rebuild', ...names]);
};

/**
 * Someone ran `npm install`: npm's own record of the tree names every package of the lock file in its version. Optional
 * ones are for other platforms where they are missing, but for the one whose install script fails without its download.
 */
const isInstalledByHand = () => {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const there = lockedPackages(record);
  return Object.entries(lockedPackages(lockFile)).every(
    ([place, { version, optional }]) =>
      there[place]?.version === version ||
      (optional && !there[place] && place !== 'node_modules/@tensorflow/tfjs-node'),
  );
};

const lockedPackages = (path) => {
  const { '': _project, ...packages } = JSON.parse(readFileSync(path, 'utf8')).packages;
  return packages;
};

/**
 * The error for a failed npm, with what npm complains of but not its page of options.
 * @param {string} what
 * @param {string} output
 */
export const npmFailed = (what, output) => {
  const lines = output.split('\n');
  const errors = lines.filter((line) => /^npm (error|ERR!) \S/.test(line) && !line.includes('A complete log'));
  // Warnings that a package wants another Node are no news as long as it works; here they may be the reason.
  const engines = lines.filter((line) => /EBADENGINE +(package|required)/.test(line));
  const said = errors.length > 0 ? [...engines.slice(0, 8), ...errors.slice(0, 16)].join('\n') : output;
  return new SetupError(`${what}. It says:\n\n${tail(said)}`, advice(output));
};

const advice = (output) => {
  if (/ENOSPC/.test(output)) return 'The disk is full. Make room and try again.';
  if (/EACCES|EPERM/.test(output)) {
    return `npm may not write here. Make ${root} yours (for example with chown), and try again.`;
  }
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(output)) {
    return 'npm does not trust who answers for its registry, perhaps a proxy: see `cafile` in `npm help config`.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(output)) {
    return 'npm could not reach its registry. Check the network, and the proxy in `npm config list`, and try again.';
  }
  if (/can only install packages when your package.json and package-lock.json/.test(output)) {
    return 'package.json and package-lock.json do not fit together. Run `npm install` once.';
  }
  return 'Try `npm ci` by hand to see all it has to say.';
};
