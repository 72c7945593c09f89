import { readFileSync } from 'node:fs';

/**
 * What a small file holds, or undefined where there is none.
 * @param {string} path
 */
export const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
};
