import { chosenRoots } from './roots.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant remove-missing [path…]`: forgets files that are missing for longer than the grace time. */
export async function removeMissing(paths: string[]): Promise<void> {
  await withJobs(async (jobs, sql) => {
    for (const { id: root } of await chosenRoots(sql, paths))
      console.log((await jobs.start({ kind: 'removeMissing', root })).id);
  });
}
