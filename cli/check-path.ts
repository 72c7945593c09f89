import os from 'node:os';
import { CodedError, reportOf, type ErrorReport } from '../model/errors.ts';
import { pathHere, type PathMap } from '../model/path-map.ts';
import { checkRootPath } from '../photos/check-root.ts';
import type { Database } from '../sql/database.ts';
import { rootNamed } from '../sql/roots.ts';
import { othersWhoSee } from '../sql/workers.ts';

/** Why a path can't be an import or storage path; null when it can. Where workers run on other machines they know better. */
export async function checkPath(sql: Database, pathMap: PathMap, path: string): Promise<ErrorReport | null> {
  const root = await rootNamed(sql, path);
  if (root?.unseen) return reportOf(new CodedError('root.unseen', `No worker can read ${path}.`));
  const report = await checkRootPath(pathHere(pathMap, path));
  if (report === null || root === null) return report;
  return (await othersWhoSee(sql, root.id, os.hostname())) === 'some' ? null : report;
}
