import { randomUUID } from 'node:crypto';
import { WorkflowIdConflictPolicy, type WorkflowStartOptions } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { CodedError } from '../../model/errors.ts';
import type { StartJob } from '../../model/job.ts';
import { jobId, priority, taskQueues, type RescanOptions } from '../../model/job-kinds.ts';
import type { Database } from '../../sql/database.ts';
import { getDir } from '../../sql/dirs.ts';
import { personThresholds } from '../../sql/people.ts';
import { getRoot } from '../../sql/roots.ts';
import type {
  checkFiles,
  dirChain,
  facesOfPath,
  findFiles,
  identifyPerson,
  importPath,
  moveFiles,
  planMoves as planMovesJob,
  removeMissing,
  resetFaces,
  scanPath,
  undoMoves,
} from '../../workflows/index.ts';
import { facesAgainSignal, identifySignal, planChangedSignal, scanDeeperSignal } from '../../workflows/signals.ts';
import type { connectTemporal } from './temporal.ts';

type Wanted<Kind extends StartJob['kind']> = Extract<StartJob, { kind: Kind }>;

export type Starter = ReturnType<typeof createStarter>;

/** Starts jobs by what they are to do. One that runs already is joined, for its id says what it does. */
export function createStarter(sql: Database, { client, ask }: ReturnType<typeof connectTemporal>) {
  const startWorkflow = async (
    type: string,
    workflowId: string,
    args: unknown[],
    staticSummary: string,
    priorityKey: number,
  ): Promise<{ id: string }> => {
    const options: WorkflowStartOptions = {
      workflowId,
      args,
      taskQueue: taskQueues.engine,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary,
      priority: { priorityKey },
    };
    await ask(() => client.workflow.start(type, options));
    return { id: workflowId };
  };

  /** The same, but one that runs already is told what is wanted now: it may do less, or have passed it. */
  async function startOrTell(
    type: string,
    workflowId: string,
    args: unknown[],
    staticSummary: string,
    priorityKey: number,
    signal: { name: string },
    signalArgs: unknown[],
  ): Promise<{ id: string }> {
    await ask(() =>
      client.workflow.signalWithStart(type, {
        workflowId,
        args,
        taskQueue: taskQueues.engine,
        staticSummary,
        priority: { priorityKey },
        signal: signal.name,
        signalArgs,
      }),
    );
    return { id: workflowId };
  }

  async function start(job: StartJob): Promise<{ id: string }> {
    switch (job.kind) {
      case 'findFiles': {
        const args: Parameters<typeof findFiles> = [job.deep ? { deep: true } : {}];
        return await startWorkflow('findFiles', jobId.findFiles(), args, 'Find files in all paths', priority.scan);
      }
      case 'scanPath': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof scanPath> = [input];
        const { path } = await getRoot(sql, job.root);
        const title = `Scan ${path}`;
        return await startOrTell(
          'scanPath',
          jobId.scanPath(job.root),
          args,
          title,
          priority.scan,
          scanDeeperSignal,
          args,
        );
      }
      case 'importPath': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof importPath> = [input];
        const { path } = await getRoot(sql, job.root);
        const id = jobId.importPath(job.root);
        return await startOrTell('importPath', id, args, `Import ${path}`, priority.bulk, scanDeeperSignal, args);
      }
      case 'dirChain':
        return await dirChainFrom(job);
      case 'facesOfPath':
        return await facesOfRoot(job);
      case 'identifyPerson':
        return await identify(job);
      case 'resetFaces':
        return await reset(job);
      case 'removeMissing': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof removeMissing> = [input];
        const title = `Remove what is gone from ${(await getRoot(sql, job.root)).path}`;
        return await startWorkflow('removeMissing', jobId.removeMissing(job.root), args, title, priority.bulk);
      }
      case 'planMoves':
        return await planMoves(job.plan);
      case 'moveFiles': {
        const args: Parameters<typeof moveFiles> = [{ plan: job.plan }];
        const title = `Move files (plan ${job.plan})`;
        return await startWorkflow('moveFiles', jobId.moveFiles(job.plan), args, title, priority.person);
      }
      case 'undoMoves': {
        const args: Parameters<typeof undoMoves> = [{ plan: job.plan }];
        const title = `Take files back (plan ${job.plan})`;
        return await startWorkflow('undoMoves', jobId.undoMoves(job.plan), args, title, priority.person);
      }
      case 'checkFiles': {
        const args: Parameters<typeof checkFiles> = [{ root: job.root }];
        const title = `Check files of ${(await getRoot(sql, job.root)).path}`;
        return await startWorkflow('checkFiles', jobId.checkFiles(job.root), args, title, priority.bulk);
      }
      case 'measureDistances': {
        const title = 'Measure distances';
        return await startWorkflow('measureDistances', jobId.measureDistances(), [], title, priority.person);
      }
      case 'groupFaces':
        return await startWorkflow('groupFaces', jobId.groupFaces(), [], 'Group faces', priority.bulk);
    }
  }

  async function dirChainFrom({ kind: _, ...input }: Wanted<'dirChain'> & RescanOptions): Promise<{ id: string }> {
    const args: Parameters<typeof dirChain> = [input];
    const { path } = await getDir(sql, input.dir);
    return await startWorkflow('dirChain', jobId.dirChain(input.dir), args, path, priority.person);
  }

  async function facesOfRoot({ kind: _, ...input }: Wanted<'facesOfPath'> & RescanOptions): Promise<{ id: string }> {
    const args: Parameters<typeof facesOfPath> = [{ ...input, ask: randomUUID() }];
    const title = `Faces in ${(await getRoot(sql, input.root)).path}`;
    const id = jobId.facesOfPath(input.root);
    return await startOrTell('facesOfPath', id, args, title, priority.bulk, facesAgainSignal, args);
  }

  async function reset({ kind: _, ...input }: Wanted<'resetFaces'> & { afterDir?: number }): Promise<{ id: string }> {
    if (input.dir !== undefined) await getDir(sql, input.dir);
    const args: Parameters<typeof resetFaces> = [input];
    return await startWorkflow('resetFaces', jobId.resetFaces(input.dir), args, 'Forget faces', priority.person);
  }

  async function identify({
    kind: _,
    ...input
  }: Wanted<'identifyPerson'> & { afterDir?: number }): Promise<{ id: string }> {
    const { person, dir } = input;
    if (person !== undefined && !(await personThresholds(sql)).has(person)) {
      throw new CodedError('person.unknown', `There is no person with the number ${person}.`);
    }
    if (dir !== undefined) await getDir(sql, dir);
    const args: Parameters<typeof identifyPerson> = [{ ...input, ask: randomUUID() }];
    const id = jobId.identifyPerson(person);
    return await startOrTell('identifyPerson', id, args, 'Identify', priority.person, identifySignal, args);
  }

  async function planMoves(plan: number): Promise<{ id: string }> {
    const args: Parameters<typeof planMovesJob> = [{ plan }];
    const id = jobId.planMoves(plan);
    return await startOrTell('planMoves', id, args, `Make plan ${plan}`, priority.person, planChangedSignal, []);
  }

  /** Starts a job with what it was started with the last time, which its history tells. */
  async function repeat(id: string, title: string): Promise<{ id: string }> {
    const { events } = await ask(() => client.workflow.getHandle(id).fetchHistory());
    const { workflowType, input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    if (!workflowType?.name) throw new CodedError('job.unknown', `How ${id} was started is not known any more.`);
    const args = (input?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload<unknown>(payload));
    return await startWorkflow(workflowType.name, id, args, title, priority.person);
  }

  return { startWorkflow, start, dirChainFrom, facesOfRoot, identify, reset, repeat };
}
