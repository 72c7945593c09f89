import { createHash, randomUUID } from 'node:crypto';
import { WorkflowIdConflictPolicy, WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import { CodedError } from '../../model/errors.ts';
import type { Job, StartJob, StoredJobMemo } from '../../model/job.ts';
import {
  chainSteps,
  engineStates,
  jobId,
  priority,
  taskQueues,
  type DrawFaceInput,
  type EngineState,
  type RescanOptions,
  type TakeOverRegionsInput,
  type TryFacesInput,
} from '../../model/job-kinds.ts';
import type { Database } from '../../sql/database.ts';
import { getDir } from '../../sql/dirs.ts';
import { getRoot, listRoots } from '../../sql/roots.ts';
import { personThresholds } from '../../sql/people.ts';
import type {
  addRefimgs,
  dirChain,
  drawFace,
  engine,
  facesOfPath,
  findFiles,
  identifyPerson,
  importPath,
  resetFaces,
  scanPath,
  takeOverRegions,
  tryFaces,
  tryFile,
} from '../../workflows/index.ts';
import { identifySignal, pauseSignal, bootSignal, resumeSignal, settingsSavedSignal } from '../../workflows/signals.ts';
import { describeJobs, memoOf } from './describe-jobs.ts';
import { createExecutionFinder, type JobFilter } from './find-executions.ts';
import { connectTemporal } from './temporal.ts';

export type { JobFilter };

export interface EngineStatus {
  state: EngineState;
  since: string;
  jobs: { running: number; completed: number; failed: number };
}

export interface JobClient {
  /** The engine's state and how many jobs there are. Throws temporal.unavailable, as all of these do. */
  engineStatus(): Promise<EngineStatus>;
  /** A page of jobs, running ones first, then the newest. */
  list(filter: JobFilter): Promise<{ jobs: Job[]; next: string | null }>;
  /** The newest run of a job. Throws job.unknown. */
  get(id: string): Promise<Job>;
  /** Starts a job, or joins the running one of the same id. Throws root.unknown, dir.unknown. */
  start(job: StartJob): Promise<{ id: string }>;
  /** Reads the uploaded files of a trial. */
  tryFile(trial: string): Promise<{ id: string }>;
  /** Looks for faces with settings that are not saved. */
  tryFaces(input: TryFacesInput): Promise<{ id: string }>;
  /** Makes reference images of the uploaded files of a trial, or of the folder it names; null: a folder for each person. */
  addRefimgs(trial: string, person: number | null): Promise<{ id: string }>;
  /** Stores a face that a person drew. */
  drawFace(input: DrawFaceInput): Promise<{ id: string }>;
  /** Makes confirmed names of those that other programs have written into files. */
  takeOverRegions(names: TakeOverRegionsInput['names']): Promise<{ id: string }>;
  /** Scans and imports every path. */
  importAll(options: { deep?: boolean }): Promise<{ ids: string[] }>;
  /** Runs a job again from the step that failed; for a failed scan also what was auto-failed because of it. */
  again(id: string): Promise<{ id: string }>;
  /** These throw job.not-running when it has ended. */
  cancel(id: string): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Tells the engine that the product was started; `start` names this start. */
  boot(start: string): Promise<void>;
  /** Tells the engine that the settings were saved. */
  settingsSaved(): Promise<void>;
  close(): Promise<void>;
}

export interface JobClientDeps {
  sql: Database;
  temporalAddress: string;
  namespace: string;
  /** Address of Temporal's own web page, for links. */
  temporalUi: () => string | null;
}

type Wanted<Kind extends StartJob['kind']> = Extract<StartJob, { kind: Kind }>;

/** How a job that looked for faces again is run again; one that did not come to its end goes on where it was. */
const rescanOf = (memo: StoredJobMemo | undefined, goesOn: boolean): RescanOptions =>
  memo?.rescan
    ? { [memo.rescan.outdated ? 'outdated' : 'again']: true, ...(goesOn && { before: memo.rescan.before }) }
    : {};
/** What is asked for as a part of a job's id: asking twice for the same is the same job. */
const keyOf = (input: unknown): string => createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);

export function createJobClient({ sql, temporalAddress, namespace, temporalUi }: JobClientDeps): JobClient {
  const temporal = connectTemporal({ address: temporalAddress, namespace });
  const { client, ask } = temporal;
  const finder = createExecutionFinder(temporal, namespace);

  const uiLink = ({ workflowId, runId }: { workflowId: string; runId: string }) => {
    const base = temporalUi();
    return (
      base && `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}`
    );
  };

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
        return await startWorkflow('scanPath', jobId.scanPath(job.root), args, `Scan ${path}`, priority.scan);
      }
      case 'importPath': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof importPath> = [input];
        const { path } = await getRoot(sql, job.root);
        return await startWorkflow('importPath', jobId.importPath(job.root), args, `Import ${path}`, priority.bulk);
      }
      case 'dirChain':
        return await dirChainFrom(job);
      case 'facesOfPath':
        return await facesOfRoot(job);
      case 'identifyPerson':
        return await identify(job);
      case 'resetFaces':
        return await reset(job);
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
    const args: Parameters<typeof facesOfPath> = [input];
    const { path } = await getRoot(sql, input.root);
    return await startWorkflow('facesOfPath', jobId.facesOfPath(input.root), args, `Faces in ${path}`, priority.bulk);
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
    // One that runs already may have passed what is wanted now: it is told as well.
    const wanted: Parameters<typeof identifyPerson>[0] = { ...input, ask: randomUUID() };
    const workflowId = jobId.identifyPerson(person);
    await ask(() =>
      client.workflow.signalWithStart('identifyPerson', {
        workflowId,
        args: [wanted] satisfies Parameters<typeof identifyPerson>,
        taskQueue: taskQueues.engine,
        staticSummary: 'Identify',
        priority: { priorityKey: priority.person },
        signal: identifySignal,
        signalArgs: [wanted],
      }),
    );
    return { id: workflowId };
  }

  const get = async (id: string): Promise<Job> => (await withMemo(id)).job;

  async function withMemo(id: string) {
    const execution = await describe(id);
    const [job] = await describeJobs(sql, [execution], uiLink);
    if (!job) throw new CodedError('job.unknown');
    return { job, memo: memoOf(execution) };
  }

  const unknown = (id: string) => new CodedError('job.unknown', `There is no job ${id}.`);

  async function describe(id: string) {
    try {
      return await ask(() => client.workflow.getHandle(id).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw unknown(id);
      throw error;
    }
  }

  /** Sends something to a running job. Throws job.unknown, job.not-running. */
  async function tell(id: string, call: () => Promise<unknown>): Promise<void> {
    if ((await describe(id)).status.name !== 'RUNNING') throw new CodedError('job.not-running', `${id} has ended.`);
    try {
      await ask(call);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw new CodedError('job.not-running', `${id} has ended.`);
      throw error;
    }
  }

  /** Signals the engine, which is started by the first signal of its life. */
  const signalEngine = async (signal: { name: string }, signalArgs: string[]): Promise<void> => {
    const args: Parameters<typeof engine> = [{}];
    const options = { workflowId: jobId.engine(), taskQueue: taskQueues.engine, staticSummary: 'The engine' };
    await ask(() => client.workflow.signalWithStart('engine', { ...options, args, signal: signal.name, signalArgs }));
  };

  return {
    start,
    get,
    tryFile: (trial) => {
      const args: Parameters<typeof tryFile> = [{ trial }];
      return startWorkflow('tryFile', jobId.tryFile(trial), args, 'Try files', priority.person);
    },

    tryFaces: (input) => {
      const args: Parameters<typeof tryFaces> = [input];
      return startWorkflow('tryFaces', jobId.tryFaces(input.trial), args, 'Try faces', priority.person);
    },

    addRefimgs: (trial, person) => {
      const args: Parameters<typeof addRefimgs> = [{ trial, ...(person === null ? {} : { person }) }];
      return startWorkflow('addRefimgs', jobId.addRefimgs(trial), args, 'Add reference images', priority.person);
    },

    drawFace: (input) => {
      const args: Parameters<typeof drawFace> = [input];
      return startWorkflow('drawFace', jobId.drawFace(keyOf(input)), args, 'Face by hand', priority.person);
    },

    takeOverRegions: (names) => {
      const args: Parameters<typeof takeOverRegions> = [{ names }];
      return startWorkflow(
        'takeOverRegions',
        jobId.takeOverRegions(keyOf(names)),
        args,
        'Names in files',
        priority.person,
      );
    },

    async engineStatus() {
      const [memo, jobs] = await Promise.all([engineMemo(), finder.count()]);
      const state = engineStates.find((each) => each === memo?.state) ?? 'initialising';
      return { state, since: memo?.since ?? new Date().toISOString(), jobs };
    },

    async list(filter) {
      const { executions, next } = await finder.find(filter);
      return { jobs: await describeJobs(sql, executions, uiLink), next };
    },

    async importAll({ deep }) {
      const ids: string[] = [];
      for (const { id: root } of await listRoots(sql)) {
        ids.push((await start({ kind: 'importPath', root, ...(deep ? { deep } : {}) })).id);
      }
      return { ids };
    },

    async again(id) {
      const { job, memo } = await withMemo(id);
      const goesOn = job.status !== 'completed';
      if (job.kind === 'engine' || job.kind === 'findFiles') return await start({ kind: 'findFiles' });
      if (job.kind === 'dirChain' && job.dir !== null) {
        const failed = job.steps.find((step) => step.status === 'failed')?.name;
        const from = chainSteps.find((step) => step === failed) ?? 'scan';
        return await dirChainFrom({ kind: 'dirChain', dir: job.dir, from, ...rescanOf(memo, goesOn) });
      }
      if (job.kind === 'identifyPerson') {
        const { person, dir } = job;
        return await identify({
          kind: job.kind,
          ...(person === null ? {} : { person }),
          ...(dir === null ? {} : { dir }),
          all: memo?.all ?? false,
          // The dirs before are done.
          ...(goesOn && memo?.afterDir !== undefined && { afterDir: memo.afterDir }),
        });
      }
      if (job.kind === 'resetFaces' && memo?.forget) {
        const { forget, thenRescan, afterDir } = memo;
        return await reset({
          kind: job.kind,
          forget,
          ...(job.dir !== null && { dir: job.dir }),
          ...(thenRescan && { rescan: true }),
          ...(goesOn && afterDir !== undefined && { afterDir }),
        });
      }
      if (job.kind === 'measureDistances' || job.kind === 'groupFaces') return await start({ kind: job.kind });
      if (job.root === null) throw unknown(id);
      if (job.kind === 'facesOfPath')
        return await facesOfRoot({ kind: job.kind, root: job.root, ...rescanOf(memo, goesOn) });
      if (job.kind === 'importPath') return await start({ kind: 'importPath', root: job.root });
      // What waited for a failed scan is run again with it: that job runs the scan first.
      const { executions } = await finder.find({ autoFailedBy: id, limit: 1 });
      return await start({ kind: executions.length > 0 ? 'importPath' : 'scanPath', root: job.root });
    },

    cancel: (id) => tell(id, () => client.workflow.getHandle(id).cancel()),
    pause: (id) => tell(id, () => client.workflow.getHandle(id).signal(pauseSignal)),
    resume: (id) => tell(id, () => client.workflow.getHandle(id).signal(resumeSignal)),
    boot: (name) => signalEngine(bootSignal, [name]),
    settingsSaved: () => signalEngine(settingsSavedSignal, []),
    close: () => temporal.close(),
  };

  async function engineMemo() {
    try {
      return memoOf(await describe(jobId.engine()));
    } catch (error) {
      // Not started yet: it is initialising.
      if (error instanceof CodedError && error.code === 'job.unknown') return undefined;
      throw error;
    }
  }
}
