import type { TryFacesInput } from '../model/job-kinds.ts';
import { ai, io } from './activities.ts';
import { openJob } from './job.ts';

/** Looks for faces and names with settings that are not saved, and reports what would change. Writes nothing. */
export async function tryFaces(input: TryFacesInput): Promise<void> {
  const upload = 'upload' in input.of;
  const job = openJob({ kind: 'tryFaces', steps: upload ? ['thumbs', 'faces'] : ['faces'] });
  if (upload) await job.step('thumbs', () => io.readReferences({ trial: input.trial }));
  await job.step('faces', () => ai.tryFaces(input));
}
