import type { TakeOverRegionsInput } from '../model/job-kinds.ts';
import { ai } from './activities.ts';
import { openJob } from './job.ts';

const stepsPerRun = 200;

/** Makes confirmed names of the names that other programs have written into files, page after page of pictures. */
export async function takeOverRegions({ names, cursor }: TakeOverRegionsInput): Promise<void> {
  const job = openJob({ kind: 'takeOverRegions', steps: ['faces'] });
  let so = cursor ?? { afterFile: 0, done: 0 };
  for (let i = 0; i < stepsPerRun; i++) {
    const { afterFile } = so;
    const page = await job.step('faces', () => ai.takeOverRegions({ names, after: afterFile }));
    const done = so.done + page.files;
    job.update({ pictures: { done, total: done + page.left } });
    if (page.last === null) return;
    so = { afterFile: page.last, done };
  }
  await job.goOn<typeof takeOverRegions>(() => ({ names, cursor: so }));
}
