import type { ScanPathInput, ScanResult } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { openJob } from './job.ts';
import { askAboutGone } from './remove-missing.ts';

/** Walks one path and tells those who wait for it what it found. */
export async function scanPath(input: ScanPathInput): Promise<ScanResult> {
  const job = openJob({ kind: 'scanPath', root: input.root, steps: ['scan'] });
  const result = await job.step('scan', () => io.scanRoot(input));
  job.update({ result });
  if (result.held !== undefined) await askAboutGone(input.root);
  return result;
}
