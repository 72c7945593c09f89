import { chosenRoots } from './roots.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant import [path…]`: scans paths and reads what is new in them. */
export async function importPaths(paths: string[], { deep }: { deep?: boolean }): Promise<void> {
  const options = deep ? { deep } : {};
  await withJobs(async (jobs, sql) => {
    for (const { id: root } of await chosenRoots(sql, paths)) {
      console.log((await jobs.start({ kind: 'importPath', root, ...options })).id);
    }
  });
}
