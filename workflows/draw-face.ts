import type { DrawFaceInput } from '../model/job-kinds.ts';
import { ai } from './activities.ts';
import { openJob } from './job.ts';

/** Describes a face that a person drew, and stores it with its name. */
export async function drawFace(input: DrawFaceInput): Promise<void> {
  const job = openJob({ kind: 'drawFace', person: input.person, steps: ['faces'] });
  await job.step('faces', () => ai.drawFace(input));
}
