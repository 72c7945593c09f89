import { setHandler } from '@temporalio/workflow';
import type { ScanOptions } from '../model/job-kinds.ts';
import { scanDeeperSignal } from './signals.ts';

/**
 * Hears what is asked of a scan or an import while it runs. `earlier`: what was asked before it was continued as new.
 * @returns what was asked that goes further than what it does, all in one; null when there is nothing
 */
export function hearDeeperAsks(doing: ScanOptions, earlier?: ScanOptions): () => ScanOptions | null {
  let asked = earlier ?? null;
  setHandler(scanDeeperSignal, ({ deep, acceptDevice }) => {
    const goesFurther =
      (deep === true && doing.deep !== true) || (acceptDevice === true && doing.acceptDevice !== true);
    if (goesFurther) asked = { ...asked, ...(deep ? { deep } : {}), ...(acceptDevice ? { acceptDevice } : {}) };
  });
  return () => asked;
}
