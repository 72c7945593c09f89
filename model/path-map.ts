/** Where paths of the main machine lie on this one: pairs of absolute paths without a slash at their ends. */
export type PathMap = readonly (readonly [there: string, here: string])[];

/**
 * Reads `/photos=/mnt/nas/photos;/dump=/mnt/dump`. @returns null where that is not what it is, or a path is named twice
 */
export function parsePathMap(text: string): PathMap | null {
  const pairs = text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=').map((path) => bare(path.trim())));
  const map = pairs.flatMap(([there, here, ...more]): PathMap =>
    there?.startsWith('/') && here?.startsWith('/') && more.length === 0 ? [[there, here]] : [],
  );
  const isWhole = map.length === pairs.length && new Set(map.map(([there]) => there)).size === map.length;
  return isWhole ? map : null;
}

/** Where a path of the main machine lies on this one: the longest prefix that is a path above it, or itself, decides. */
export function pathHere(map: PathMap, path: string): string {
  const full = bare(path);
  const [decides] = map
    .filter(([there]) => there === '/' || full === there || full.startsWith(`${there}/`))
    .toSorted(([a], [b]) => b.length - a.length);
  if (!decides) return path;
  const [there, here] = decides;
  return bare(`${here}/${full.slice(there.length)}`.replace(/\/{2,}/g, '/'));
}

/** Without slashes at its end, but for the root of all. */
const bare = (path: string): string => path.replace(/(?<!^)\/+$/, '');
