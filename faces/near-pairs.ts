import { byNearness, type GrowingGroups, type Pair } from './growing-groups.ts';

/** Of each group so many of those nearest to it are considered at a time. */
const nearest = 16;
/** Rows that are compared with the others together, so that both sides stay in the processor's cache. */
const tile = 64;
/** Comparisons before the caller has a turn: some tens of milliseconds. */
const slice = 100_000;

/**
 * Pairs of groups that are near enough to become one, at least one of them of `grown`; of each group those nearest to it.
 * Yields the share that is done.
 */
export function* nearPairs(groups: GrowingGroups, grown: readonly number[]): Generator<number, Pair[]> {
  const all = groups.all();
  const anew = new Set(grown);
  const lists = new Map<number, Pair[]>();
  let compared = 0;
  for (let from = 0; from < grown.length; from += tile) {
    const rows = grown.slice(from, from + tile);
    for (const b of all) {
      const twice = anew.has(b);
      for (const a of rows) {
        // A pair of two that grew is met from both sides.
        if (a === b || (twice && a > b)) continue;
        const apart = groups.apart(a, b);
        if (groups.near(apart)) keep(lists, a < b ? { a, b, apart } : { a: b, b: a, apart });
      }
      compared += rows.length;
      if (compared < slice) continue;
      compared = 0;
      yield from / grown.length;
    }
  }
  return [...new Set([...lists.values()].flat())];
}

function keep(lists: Map<number, Pair[]>, pair: Pair): void {
  for (const group of [pair.a, pair.b]) {
    const list = lists.get(group) ?? [];
    lists.set(group, list);
    const last = list.at(-1);
    if (list.length === nearest && last && byNearness(pair, last) > 0) continue;
    const at = list.findIndex((other) => byNearness(pair, other) < 0);
    list.splice(at === -1 ? list.length : at, 0, pair);
    if (list.length > nearest) list.pop();
  }
}
