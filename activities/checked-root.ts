import { checkRoot } from '../photos/check-root.ts';
import { compileIgnore } from '../photos/ignore.ts';
import type { Database } from '../sql/database.ts';
import { getRoot } from '../sql/roots.ts';
import { rootHoldsFiles, rootSample } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';

/** A root, made sure to be there and the disk it was, with that disk's device number now. Throws root.*. */
export async function checkedRoot(sql: Database, id: number, acceptDevice: boolean) {
  const root = await getRoot(sql, id);
  const { ignore } = await readStoredSettings(sql);
  const sample = await rootSample(sql, id);
  const holdsFiles = await rootHoldsFiles(sql, id);
  const device = await checkRoot({ ...root, sample, holdsFiles, acceptDevice, ignored: compileIgnore(ignore) });
  return { root, device, ignore };
}
