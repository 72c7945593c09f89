import { WorkflowIdConflictPolicy, WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import { CodedError } from '../../model/errors.ts';
import type { Job, StartJob } from '../../model/job.ts';
import {
  chainSteps,
  engineStates,
  jobId,
  priority,
  taskQueues,
  type EngineState,
  type TryFacesInput,
} from '../../model/job-kinds.ts';
import type { Database } from '../../sql/database.ts';
import { getDir } from '../../sql/dirs.ts';
import { getRoot, listRoots } from '../../sql/roots.ts';
import { personThresholds } from '../../sql/people.ts';
import type {
  addRefimgs,
  dirChain,
  engine,
  facesOfPath,
  findFiles,
  identifyPerson,
  importPath,
  scanPath,
  tryFaces,
  tryFile,
} from '../../workflows/index.ts';
import { pauseSignal, bootSignal, resumeSignal, settingsSavedSignal } from '../../workflows/signals.ts';
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
  /** Makes reference images of the uploaded files of a trial. */
  addRefimgs(trial: string, person: number): Promise<{ id: string }>;
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
      case 'dirChain': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof dirChain> = [input];
        const { path } = await getDir(sql, job.dir);
        return await startWorkflow('dirChain', jobId.dirChain(job.dir), args, path, priority.person);
      }
      case 'facesOfPath': {
        const { kind: _, ...input } = job;
        const args: Parameters<typeof facesOfPath> = [input];
        const { path } = await getRoot(sql, job.root);
        return await startWorkflow('facesOfPath', jobId.facesOfPath(job.root), args, `Faces in ${path}`, priority.bulk);
      }
      case 'identifyPerson':
        return await identify(job);
      case 'measureDistances': {
        const title = 'Measure distances';
        return await startWorkflow('measureDistances', jobId.measureDistances(), [], title, priority.person);
      }
      case 'groupFaces':
        return await startWorkflow('groupFaces', jobId.groupFaces(), [], 'Group faces', priority.bulk);
    }
  }

  async function identify({
    kind: _,
    ...input
  }: Extract<StartJob, { kind: 'identifyPerson' }>): Promise<{ id: string }> {
    const { person, dir } = input;
    if (person !== undefined && !(await personThresholds(sql)).has(person)) {
      throw new CodedError('person.unknown', `There is no person with the number ${person}.`);
    }
    if (dir !== undefined) await getDir(sql, dir);
    const args: Parameters<typeof identifyPerson> = [input];
    return await startWorkflow('identifyPerson', jobId.identifyPerson(person), args, 'Identify', priority.person);
  }

  async function get(id: string): Promise<Job> {
    const execution = await describe(id);
    const [job] = await describeJobs(sql, [execution], uiLink);
    if (!job) throw new CodedError('job.unknown');
    return job;
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
      const args: Parameters<typeof addRefimgs> = [{ trial, person }];
      return startWorkflow('addRefimgs', jobId.addRefimgs(trial), args, 'Add reference images', priority.person);
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
      const job = await get(id);
      if (job.kind === 'engine' || job.kind === 'findFiles') return await start({ kind: 'findFiles' });
      if (job.kind === 'dirChain' && job.dir !== null) {
        const failed = job.steps.find((step) => step.status === 'failed')?.name;
        const from = chainSteps.find((step) => step === failed) ?? 'scan';
        return await start({ kind: 'dirChain', dir: job.dir, from });
      }
      if (job.kind === 'identifyPerson') {
        const { person, dir } = job;
        return await identify({
          kind: job.kind,
          ...(person === null ? {} : { person }),
          ...(dir === null ? {} : { dir }),
          all: true,
        });
      }
      if (job.kind === 'measureDistances' || job.kind === 'groupFaces') return await start({ kind: job.kind });
      if (job.root === null) throw unknown(id);
      if (job.kind === 'facesOfPath') return await start({ kind: 'facesOfPath', root: job.root });
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
