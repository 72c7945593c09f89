import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's directory, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/**
 * All files below a directory, as paths from the project's directory.
 * @param {string} dir absolute
 * @param {(name: string) => boolean} [enter] which directories to look into
 * @returns {string[]}
 */
export const filesBelow = (dir, enter = () => true) => {
  const found = [];
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (enter(entry.name)) found.push(...filesBelow(path, enter));
    } else if (entry.isFile()) found.push(relative(root, path));
  }
  return found;
};

/** The directories of the sources, and the files beside them, as tsconfig.json names them; those that are there. */
export const rooms = () =>
  JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).include.filter((name) => existsSync(join(root, name)));

/** What the build reads. */
export const sourceFiles = () =>
  rooms().flatMap((name) => (statSync(join(root, name)).isDirectory() ? filesBelow(join(root, name)) : [name]));

export const isTypeScript = (path) => /\.tsx?$/.test(path);
export const isTest = (path) => path.startsWith('tests/') || /\.test\.tsx?$/.test(path);

/** Tests are checked when they run and need no build; pages are given their assets straight from the sources. */
export const isBuilt = (path) => !isTest(path) && !path.startsWith('web/assets/');

const buildInputs = () =>
  ['tsconfig.json', 'package-lock.json', 'scripts/build.mjs', ...sourceFiles().filter(isBuilt)].sort();

/** Changes when anything changes that dist/ is made of, cheaply: from paths, times and sizes alone. */
export const sourcesFingerprint = () => {
  const hash = createHash('sha256');
  for (const path of buildInputs()) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
};

/** The same on each machine that builds the same sources, whenever they came there. */
export const sourcesMark = () => {
  const hash = createHash('sha256');
  for (const path of buildInputs()) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, 8);
};

/** Holds the fingerprint of the sources that dist/ was last built from. */
export const buildStamp = join(root, 'dist', '.built-from');
