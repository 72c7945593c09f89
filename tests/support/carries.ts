import path from 'node:path';
import { isTemporary } from '../../model/names.ts';
import type { Journal, Outcome } from '../../sorter/carry.ts';
import type { Carry } from '../../sorter/where.ts';
import { treeOf } from './tree.ts';

/** Hidden copies that were left behind. */
export const temporaries = (...dirs: string[]): string[] =>
  treeOf(...dirs)
    .map((each) => each.path)
    .filter((each) => isTemporary(path.basename(each)));

/** What the database would remember. */
export function memoryJournal(carries: readonly Carry[]) {
  const rows = new Map(carries.map((carry) => [carry.id, { ...carry }]));
  const note = (id: number, what: Partial<Carry>) => {
    const row = rows.get(id);
    if (row) rows.set(id, { ...row, ...what });
  };
  const journal: Journal = {
    begun: async (ids) => {
      for (const id of ids) note(id, { begun: true });
    },
    copied: async ({ id, inode }) => note(id, { copy: inode }),
    lost: new AbortController().signal,
  };
  return { journal, rows: () => [...rows.values()] };
}

/** The way back of a file that was carried. */
export const swapped = (carry: Carry, now: { size: number; mtimeNs: string; inode: string }): Carry => ({
  ...carry,
  from: carry.to,
  to: carry.from,
  file: { ...carry.file, ...now },
  restore: carry.file.mtimeNs,
  begun: false,
  copy: null,
});

export const carriedIds = (outcomes: readonly Outcome[]) =>
  new Set(outcomes.filter((each) => each.carried).map(({ id }) => id));
