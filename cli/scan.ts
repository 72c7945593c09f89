import { chosenRoots } from './roots.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant scan [path…]`: finds files, without reading them. */
export async function scan(paths: string[], { deep }: { deep?: boolean }): Promise<void> {
  const options = deep ? { deep } : {};
  await withJobs(async (jobs, sql) => {
    if (paths.length === 0) console.log((await jobs.start({ kind: 'findFiles', ...options })).id);
    else
      for (const { id: root } of await chosenRoots(sql, paths))
        console.log((await jobs.start({ kind: 'scanPath', root, ...options })).id);
  });
}
