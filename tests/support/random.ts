/** Random numbers that a seed repeats (mulberry32, by Tommy Ettinger, public domain). */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** From `from` up to, but not including, `to`. */
    between: (from: number, to: number): number => from + next() * (to - from),
    whole: (below: number): number => Math.floor(next() * below),
    one<T>(of: readonly T[]): T {
      const chosen = of[Math.floor(next() * of.length)];
      if (chosen === undefined) throw new Error('there is nothing to choose from');
      return chosen;
    },
  };
}
export type Random = ReturnType<typeof createRandom>;
