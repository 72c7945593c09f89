import { CodedError } from '../model/errors.ts';
import type { Root } from '../model/library.ts';
import type { Database } from '../sql/database.ts';
import { listRoots } from '../sql/roots.ts';
import { fromHere } from './from-here.ts';

/** The configured paths that are meant; all of them when none is named. Throws root.unknown. */
export async function chosenRoots(sql: Database, paths: readonly string[]): Promise<Root[]> {
  const roots = await listRoots(sql);
  if (paths.length === 0) return roots;
  return paths.map((wanted) => {
    const root = roots.find(({ path: each }) => each === wanted || each === fromHere(wanted));
    if (!root) throw new CodedError('root.unknown', `${wanted} is not one of the import and storage paths.`);
    return root;
  });
}
