interface Known {
  run: string;
  ids: readonly number[];
  /** The page before ended with this number; the next one begins at this index. */
  after: number;
  at: number;
}

/**
 * Pages of a list of numbers, in their order, that takes long to ask for: it is asked for once for all pages of a run. Who
 * comes back elsewhere than where the last page ended, or to another process, has it asked for again.
 */
export function createPages(size: number) {
  let known: Known | null = null;
  return async (
    { run, after }: Pick<Known, 'run' | 'after'>,
    ask: () => Promise<readonly number[]>,
  ): Promise<{ page: number[]; left: number }> => {
    const { ids, at } = known?.run === run && known.after === after ? known : { ids: await ask(), at: 0 };
    const page = ids.slice(at, at + size);
    const left = ids.length - at - page.length;
    known = left === 0 ? null : { run, ids, after: page.at(-1) ?? after, at: at + page.length };
    return { page, left };
  };
}
