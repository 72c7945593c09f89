import { createHash } from 'node:crypto';
import { WorkflowNotFoundError, type ClientInterceptors } from '@temporalio/client';
import { CodedError } from '../../model/errors.ts';
import type { Job, StartJob } from '../../model/job.ts';
import {
  engineStates,
  jobId,
  priority,
  taskQueues,
  type DrawFaceInput,
  type EngineState,
  type TakeOverRegionsInput,
  type TryFacesInput,
} from '../../model/job-kinds.ts';
import type { Database } from '../../sql/database.ts';
import { listRoots } from '../../sql/roots.ts';
import { readStoredSettings } from '../../sql/settings.ts';
import type { addRefimgs, drawFace, engine, takeOverRegions, tryFaces, tryFile } from '../../workflows/index.ts';
import {
  approveSignal,
  bootSignal,
  pauseSignal,
  rejectSignal,
  resumeSignal,
  settingsSavedSignal,
} from '../../workflows/signals.ts';
import { describeJobs } from './describe-jobs.ts';
import { memoOf } from './job-memo.ts';
import { createExecutionFinder, type JobCounts, type JobFilter } from './find-executions.ts';
import { runAgain } from './run-again.ts';
import { queueStats, type QueueStats } from './queue-stats.ts';
import { createStarter } from './start-jobs.ts';
import { keepSchedules, wakeScheduled } from './schedules.ts';
import { connectTemporal } from './temporal.ts';

export type { JobFilter };

export interface EngineStatus {
  state: EngineState;
  since: string;
  jobs: JobCounts;
}

export interface JobClient {
  /** The engine's state and how many jobs there are. Throws temporal.unavailable, as all of these do. */
  engineStatus(): Promise<EngineStatus>;
  /** What waits in the queues of the workers. */
  queues(): Promise<QueueStats[]>;
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
  /** A person's answer to what the job asks. These throw job.not-asking where it asks nothing. */
  approve(id: string): Promise<void>;
  reject(id: string): Promise<void>;
  /** Tells the engine that the product was started, and keeps the schedules; `start` names this start. */
  boot(start: string): Promise<void>;
  /** Tells the engine and what waits that the settings were saved, and brings the schedules in line with them. */
  settingsSaved(): Promise<void>;
  close(): Promise<void>;
}

export interface JobClientDeps {
  sql: Database;
  temporalAddress: string;
  namespace: string;
  /** Address of Temporal's own web page, for links. */
  temporalUi: () => string | null;
  /** What goes with each call, for traces. */
  interceptors?: ClientInterceptors | undefined;
}

/** What is asked for as a part of a job's id: asking twice for the same is the same job. */
const keyOf = (input: unknown): string => createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);

export function createJobClient({
  sql,
  temporalAddress,
  namespace,
  temporalUi,
  interceptors,
}: JobClientDeps): JobClient {
  const temporal = connectTemporal({ address: temporalAddress, namespace, interceptors });
  const { client, ask } = temporal;
  const finder = createExecutionFinder(temporal, namespace);

  const uiLink = ({ workflowId, runId }: { workflowId: string; runId: string }) => {
    const base = temporalUi();
    return (
      base && `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}`
    );
  };

  const starter = createStarter(sql, temporal);
  const { start, startWorkflow } = starter;

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

  /** Sends a person's answer to a job that asks for one. */
  async function answer(id: string, signal: typeof approveSignal | typeof rejectSignal): Promise<void> {
    const job = await get(id);
    if (job.status !== 'needs-approval') throw new CodedError('job.not-asking', `${id} does not ask for an approval.`);
    await tell(id, () => client.workflow.getHandle(id).signal(signal.name));
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

    queues: () => queueStats(temporal, namespace),

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

    again: async (id) => await runAgain(await withMemo(id), starter, finder),

    cancel: (id) => tell(id, () => client.workflow.getHandle(id).cancel()),
    pause: (id) => tell(id, () => client.workflow.getHandle(id).signal(pauseSignal)),
    resume: (id) => tell(id, () => client.workflow.getHandle(id).signal(resumeSignal)),
    approve: (id) => answer(id, approveSignal),
    reject: (id) => answer(id, rejectSignal),
    async boot(name) {
      await signalEngine(bootSignal, [name]);
      await keepSchedules(temporal, await readStoredSettings(sql));
    },
    async settingsSaved() {
      await signalEngine(settingsSavedSignal, []);
      await keepSchedules(temporal, await readStoredSettings(sql));
      await wakeScheduled(temporal);
    },
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
