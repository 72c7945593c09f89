import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
  ActivityFailure,
  type Workflow,
} from '@temporalio/workflow';
import { memoKey, type JobKind, type JobMemo } from '../model/job-kinds.ts';
import { tellLog } from './activities.ts';
import { pauseSignal, resumeSignal } from './signals.ts';

export interface JobStart {
  kind: JobKind;
  root?: number;
  dir?: number;
  person?: number;
  plan?: number;
  waitsFor?: string[];
  steps: readonly string[];
  /** The step it begins with; earlier ones count as done. */
  from?: string;
  /** What else has to be paused or resumed with it: its children. */
  onPause?: (paused: boolean) => void;
}

/**
 * What every job has: its memo and search attributes (set here, so that a job started from a shell looks like any
 * other), its steps, pausing, and failing with a code.
 */
export function openJob(start: JobStart) {
  const from = start.from === undefined ? 0 : start.steps.indexOf(start.from);
  const parent = workflowInfo().parent?.workflowId;
  const memo: JobMemo = {
    kind: start.kind,
    waitsFor: start.waitsFor ?? [],
    steps: start.steps.map((name, i) => ({ name, status: i < from ? 'done' : 'waiting' })),
    paused: false,
    ...(start.root === undefined ? {} : { root: start.root }),
    ...(start.dir === undefined ? {} : { dir: start.dir }),
    ...(start.person === undefined ? {} : { person: start.person }),
    ...(start.plan === undefined ? {} : { plan: start.plan }),
    ...(parent === undefined ? {} : { parent }),
  };
  upsertSearchAttributes(attributesOf(memo));
  upsertMemo({ [memoKey]: memo });

  const update = (patch: Partial<JobMemo>): void => {
    Object.assign(memo, patch);
    upsertMemo({ [memoKey]: memo });
  };

  let interrupt: CancellationScope | null = null;
  const setPaused = (paused: boolean) => {
    if (memo.paused === paused) return;
    update({ paused });
    upsertSearchAttributes({ JobState: stateOf(memo) });
    start.onPause?.(paused);
    if (paused) interrupt?.cancel();
  };
  setHandler(pauseSignal, () => setPaused(true));
  setHandler(resumeSignal, () => setPaused(false));

  /** Waits while the job is paused. */
  const unpaused = (): Promise<void> => condition(() => !memo.paused);

  /** Goes on as a new run, of which a pause of this one is not known: it is waited for. What was asked for until then counts. */
  const goOn = async <F extends Workflow>(input: () => Parameters<F>[0]): Promise<never> => {
    await unpaused();
    return await continueAsNew(input());
  };

  /** Runs `work`; a pause cancels it, a resume runs it again (all activities are safe to run twice). */
  const pausable = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      await unpaused();
      const scope = new CancellationScope();
      interrupt = scope;
      try {
        return await scope.run(work);
      } catch (error) {
        // Whether it is paused now says nothing: it may have been resumed before its work had stopped.
        const interrupted = scope.consideredCancelled && !CancellationScope.current().consideredCancelled;
        if (!isCancellation(error) || !interrupted) throw error;
      } finally {
        interrupt = null;
      }
    }
  };

  const fail = async (code: string, message: string, more: Partial<JobMemo> = {}): Promise<never> => {
    update({ ...more, error: { code, message } });
    await tellLog({
      level: 'error',
      text: `${code}: ${message}`,
      root: start.root ?? null,
      dir: start.dir ?? null,
      // What was auto-failed is told with its cause; of the dirs of one job the first that fails stands for all.
      ...(more.autoFailedBy === undefined && {
        failed: start.kind === 'dirChain' ? (workflowInfo().parent?.runId ?? null) : null,
      }),
    });
    throw ApplicationFailure.nonRetryable(message, code);
  };

  /** Runs one step of the job. Its failure auto-fails the later steps and fails the job, naming step and cause. */
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const at = start.steps.indexOf(name);
    const withStatus = (status: 'running' | 'done' | 'failed') =>
      memo.steps.map((s, i) => ({
        ...s,
        status: i === at ? status : status === 'failed' && i > at ? ('auto-failed' as const) : s.status,
      }));
    update({ steps: withStatus('running') });
    try {
      const result = await pausable(work);
      update({ steps: withStatus('done') });
      return result;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { code, message } = causeOf(error);
      return await fail(code, message, { steps: withStatus('failed') });
    }
  };

  /** Tells that the job waits for a person's answer to this; null: it does not any more. */
  const ask = (question: JobMemo['asks'] | null): void => {
    if (question) update({ asks: question });
    else {
      delete memo.asks;
      update({});
    }
    upsertSearchAttributes({ JobState: stateOf(memo) });
  };

  /** Ends the job as not run because of another one. */
  const autoFail = async (cause: string, message: string): Promise<never> => {
    upsertSearchAttributes({ AutoFailedBy: [cause] });
    const steps = memo.steps.map((s) => ({ ...s, status: 'auto-failed' as const }));
    return await fail('job.auto-failed', message, { steps, autoFailedBy: cause });
  };

  return { memo, update, unpaused, goOn, step, ask, autoFail };
}

function attributesOf(memo: JobMemo): Record<string, string[]> {
  return {
    JobKind: [memo.kind],
    JobRoot: memo.root === undefined ? [] : [String(memo.root)],
    JobDir: memo.dir === undefined ? [] : [String(memo.dir)],
    JobPerson: memo.person === undefined ? [] : [String(memo.person)],
  };
}

const stateOf = ({ paused, asks }: JobMemo): string[] => (paused ? ['paused'] : asks ? ['needs-approval'] : []);

/** The code and message at the root of a failed activity or child. */
export function causeOf(error: unknown): { code: string; message: string } {
  if ((error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause)
    return causeOf(error.cause);
  if (error instanceof ApplicationFailure) return { code: error.type ?? 'internal', message: error.message };
  return { code: 'step.failed', message: error instanceof Error ? error.message : String(error) };
}
