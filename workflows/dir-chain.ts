import { patched, sleep } from '@temporalio/workflow';
import { chainSteps, type DirChainInput, type StepName } from '../model/job-kinds.ts';
import { ai, io } from './activities.ts';
import { openJob } from './job.ts';
import { askAboutGone } from './remove-missing.ts';
import { beginRescan, looksAgain, type Rescan } from './rescan.ts';

/** Files still being written are looked at again this often, first quickly, then once a minute: about ten minutes in all. */
const settleTries = 14;

/**
 * The chain of one dir, step after step. To add a step: name it in `chainSteps` and give it its line in `steps`. A failed
 * step auto-fails the later ones.
 */
export async function dirChain(input: DirChainInput): Promise<void> {
  // Chains of version 0.1 ended with the thumbs.
  const last = patched('faces') ? (input.to ?? 'identify') : 'thumbs';
  const names = chainSteps.slice(0, chainSteps.indexOf(last) + 1);
  const job = openJob({
    kind: 'dirChain',
    dir: input.dir,
    steps: names,
    ...(input.from ? { from: input.from } : {}),
  });
  let rescan: Rescan | undefined;
  const steps: Record<StepName, () => Promise<void>> = {
    scan: () => scan(input.dir),
    thumbs: () => readSettledFiles(input.dir),
    faces: async () => {
      rescan ??= await beginRescan(input);
      if (rescan) job.update({ rescan });
      const order = { dir: input.dir, ...(rescan && { rescan }) };
      // Crowds are looked at in larger versions, some at a time: these take room on the disk.
      while ((await ai.faces(order)).larger > 0) await io.enlarge({ dir: input.dir });
    },
    // Faces that were found again may look another way now.
    identify: async () => void (await ai.identify({ dirs: [input.dir], ...(looksAgain(input) && { all: true }) })),
  };
  const from = names.indexOf(input.from ?? 'scan');
  for (const name of names.slice(from)) await job.step(name, steps[name]);
}

/** Reads the dir anew. */
async function scan(dir: number): Promise<void> {
  const news = await io.scanDir({ dir });
  if (news) await askAboutGone(news.root);
}

/** Reads the dir's files; waits for those that are still being written, without holding a worker meanwhile. */
async function readSettledFiles(dir: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const giveUp = attempt > settleTries;
    const { unsettled } = await io.thumbs({ dir, giveUp });
    if (unsettled === 0) return;
    await sleep(Math.min(4_000 * 1.5 ** (attempt - 1), 60_000));
  }
}
