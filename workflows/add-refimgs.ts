import { ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import { jobId, priority, type AddRefimgsInput } from '../model/job-kinds.ts';
import { ai, io } from './activities.ts';
import { identifyPerson } from './identify-person.ts';
import { openJob } from './job.ts';
import { startOrTell, told } from './run-child.ts';
import { identifySignal } from './signals.ts';

/** Makes reference images of uploaded pictures, or of those in a folder, and looks for the persons on them. */
export async function addRefimgs({ trial, person }: AddRefimgsInput): Promise<void> {
  const its = person === undefined ? {} : { person };
  const job = openJob({ kind: 'addRefimgs', ...its, steps: ['thumbs', 'faces'] });
  await job.step('thumbs', () => io.readReferences({ trial, byFolder: person === undefined }));
  const { persons } = await job.step('faces', () => ai.findReferences({ trial, ...its }));
  await lookFor(persons);
}

/** Starts to look for some persons in faces without a name; the job that did this does not wait for it. */
async function lookFor(persons: readonly number[]): Promise<void> {
  for (const person of persons) {
    const workflowId = jobId.identifyPerson(person);
    const look = () =>
      startChild(identifyPerson, {
        workflowId,
        args: [{ person }],
        staticSummary: 'Identify',
        priority: { priorityKey: priority.person },
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
    await startOrTell(
      look,
      async () => !patched('persons are looked for again') || (await told(workflowId, identifySignal, { person })),
    );
  }
}
