import type { AddRefimgsInput } from '../model/job-kinds.ts';
import { ai, io } from './activities.ts';
import { openJob } from './job.ts';

/** Makes reference images of uploaded pictures. */
export async function addRefimgs({ trial, person }: AddRefimgsInput): Promise<void> {
  const job = openJob({ kind: 'addRefimgs', person, steps: ['thumbs', 'faces'] });
  await job.step('thumbs', () => io.readReferences({ trial }));
  await job.step('faces', () => ai.findReferences({ trial, person }));
}
