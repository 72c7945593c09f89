import type { ScanPathInput, ScanResult } from '../model/job-kinds.ts';
import { io } from './activities.ts';
import { hearDeeperAsks } from './deeper-asks.ts';
import { openJob } from './job.ts';
import { askAboutGone } from './remove-missing.ts';

/** Walks one path and tells those who wait for it what it found. Asked to look deeper while it runs, it does so after that. */
export async function scanPath(input: ScanPathInput): Promise<ScanResult> {
  const job = openJob({ kind: 'scanPath', root: input.root, steps: ['scan'] });
  const deeperAsk = hearDeeperAsks(input);
  const result = await job.step('scan', async () => {
    const found = await io.scanRoot(input);
    const deeper = deeperAsk();
    return deeper ? await io.scanRoot({ root: input.root, ...deeper }) : found;
  });
  job.update({ result });
  if (result.held !== undefined) await askAboutGone(input.root);
  return result;
}
