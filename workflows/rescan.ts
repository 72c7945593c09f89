import type { JobMemo, RescanOptions } from '../model/job-kinds.ts';
import { longQuestions } from './activities.ts';

export type Rescan = NonNullable<JobMemo['rescan']>;

/** Whether faces are looked for also where that was done. */
export const looksAgain = ({ again, outdated }: RescanOptions): boolean => again === true || outdated === true;

/** What a job that looks again is at; undefined for one that looks at new pictures only. One that goes on names `before`. */
export async function beginRescan(input: RescanOptions & { root?: number; dir?: number }): Promise<Rescan | undefined> {
  if (!looksAgain(input)) return undefined;
  const { root, dir, before, again } = input;
  return await longQuestions.beginRescan({
    outdated: again !== true,
    ...(root === undefined ? {} : { root }),
    ...(dir === undefined ? {} : { dir }),
    ...(before === undefined ? {} : { before }),
  });
}
