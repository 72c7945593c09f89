import { splitName } from './photo.ts';
import { cut, longestName } from './safe-name.ts';

/** Room for any number and any extension, so that a name is cut alike whatever they are: a picture's parts keep one stem. */
const longestStem = longestName - '[2147483647]'.length - 25;

/**
 * A name beside one that is taken: `IMG_1[2].jpg` for `IMG_1.jpg`. It stands behind the original in any list, byte by
 * byte and in the orders of languages: a bracket comes after the dot in all of them, which a space, `_`, `-` or `(` does not.
 * @param n counted from 2, up to 2³¹ - 1
 */
export function withSuffix(name: string, n: number): string {
  const { stem, ending } = splitName(name);
  return `${cut(stem, longestStem)}[${n}]${ending}`;
}

/**
 * A key that two names or paths share where a file system that minds neither case nor Unicode forms takes them for one.
 * Some keep apart what has the same key here (`ß` and `SS`); then a suffix is one too many, and nothing is lost.
 */
export const placeKey = (path: string): string => path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFD');
