import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineStatus } from '../../engine/client/job-client.ts';
import type { QueueStats } from '../../engine/client/queue-stats.ts';
import type { WorkerReport } from '../../model/house.ts';
import { engineStates } from '../../model/job-kinds.ts';
import type { DirNumbers } from '../../sql/numbers.ts';
import type { Library } from '../library.ts';
import type { Web } from '../shared.ts';

/** Requests are answered in milliseconds; uploads and large originals take longer. Seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * What Prometheus is told. Requests are counted as they are answered; all else is asked of the database and the job server
 * each time somebody looks.
 */
export function createMetrics({ jobs, library }: Pick<Web, 'jobs' | 'library'>) {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name: `photo_assistant_${name}`, help, labelNames, registers: [register] });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `photo_assistant_${name}`, help, labelNames, registers: [register] });

  const requests = new Histogram({
    name: 'photo_assistant_http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [register],
  });
  const up = gauge('up', 'Whether a server answers.', 'server');
  const jobsBy = gauge('jobs', 'Jobs by status, as the job server keeps them.', 'status');
  const jobsWaiting = gauge(
    'jobs_waiting',
    'Jobs that rest because the machine is not free for them.',
    'worker',
    'host',
  );
  const state = gauge('engine_state', 'The state the engine is in.', 'state');
  const dirs = gauge('dirs', 'Directories, by whether they could be read.', 'outcome');
  const files = gauge('files', 'Files by step and how far they are in it.', 'step', 'outcome');
  const faces = gauge('faces', 'Faces that were found.');
  const named = gauge('faces_named', 'Faces with a name, by who says so.', 'state');
  const moves = gauge('moves', 'Files of plans, by how far they are moved.', 'state');
  const backlog = gauge('queue_backlog_tasks', 'About how many tasks wait for a worker.', 'queue', 'type');
  const age = gauge('queue_backlog_age_seconds', 'How long the oldest task has waited for a worker.', 'queue', 'type');
  const alive = gauge('worker_alive', 'Whether a worker was heard of lately.', 'worker', 'host', 'queue');
  const memory = gauge('worker_memory_bytes', 'Resident memory of a worker.', 'worker', 'host');
  // Each process counts from its own start.
  const ofActivity = ['activity', 'outcome', 'worker', 'host', 'pid'] as const;
  const ended = counter('activities_total', 'Activities by how they ended.', ...ofActivity);
  const took = counter(
    'activity_seconds_total',
    'Time that activities took, waits within them included.',
    ...ofActivity,
  );

  const tellEngine = ({ state: now, jobs: counts }: EngineStatus) => {
    for (const [status, n] of Object.entries(counts)) jobsBy.set({ status }, n);
    for (const each of engineStates) state.set({ state: each }, each === now ? 1 : 0);
  };
  const tellDirs = (numbers: DirNumbers) => {
    dirs.set({ outcome: 'failed' }, numbers.failedDirs);
    dirs.set({ outcome: 'done' }, numbers.dirs - numbers.failedDirs);
    const step = (name: string, { all, done, failed }: { all: number; done: number; failed: number }) => {
      files.set({ step: name, outcome: 'failed' }, failed);
      files.set({ step: name, outcome: 'done' }, done - failed);
      files.set({ step: name, outcome: 'waiting' }, Math.max(0, all - done));
    };
    step('scan', { all: numbers.files, done: numbers.files, failed: 0 });
    step('thumbs', { all: numbers.files, done: numbers.read, failed: numbers.readFailed });
    step('faces', { all: numbers.pictures, done: numbers.searched, failed: numbers.searchFailed });
  };
  const tellQueues = (stats: readonly QueueStats[]) => {
    for (const { queue, type, backlog: tasks, age: seconds } of stats) {
      backlog.set({ queue, type }, tasks);
      age.set({ queue, type }, seconds);
    }
  };
  const tellWorkers = (workers: readonly WorkerReport[]) => {
    for (const { name: worker, host, queues, alive: is, memoryBytes } of workers) {
      for (const queue of queues) alive.set({ worker, host, queue }, is ? 1 : 0);
      if (is) memory.set({ worker, host }, memoryBytes);
    }
  };
  const tellFaces = (numbers: Awaited<ReturnType<Library['faceNumbers']>>) => {
    faces.set(numbers.found);
    named.set({ state: 'auto' }, numbers.auto);
    named.set({ state: 'confirmed' }, numbers.confirmed);
  };
  const tellMoves = (numbers: Awaited<ReturnType<Library['moveNumbers']>>) => {
    for (const { state: so, files: n } of numbers) moves.set({ state: so }, n);
  };
  const tellActivities = (totals: Awaited<ReturnType<Library['activityTotals']>>) => {
    for (const { activity, outcome, worker, host, pid, count, seconds } of totals) {
      const labels = { activity, outcome, worker, host, pid };
      ended.inc(labels, count);
      took.inc(labels, seconds);
    }
  };
  const tellWaits = (waits: Awaited<ReturnType<Library['jobWaits']>>) => {
    for (const { worker, host } of waits) jobsWaiting.inc({ worker, host });
  };

  return {
    contentType: register.contentType,
    answered(labels: { method: string; route: string; status: number }, seconds: number): void {
      requests.observe(labels, seconds);
    },
    /** All of it, as text. A server that does not answer is told as not up, and what it would have told is left out. */
    async text(): Promise<string> {
      const [engine, queues, numbers, ...others] = await Promise.allSettled([
        jobs.engineStatus(),
        jobs.queues(),
        library.dirNumbers(),
        library.workers(),
        library.jobWaits(),
        library.activityTotals(),
        library.faceNumbers(),
        library.moveNumbers(),
      ]);
      // Nothing may be told that was so at an earlier look only.
      for (const each of [
        up,
        jobsBy,
        jobsWaiting,
        state,
        dirs,
        files,
        faces,
        named,
        moves,
        backlog,
        age,
        alive,
        memory,
      ])
        each.reset();
      ended.reset();
      took.reset();
      const [workers, waits, totals, faceCounts, moveCounts] = others;
      up.set({ server: 'temporal' }, engine.status === 'fulfilled' ? 1 : 0);
      up.set({ server: 'database' }, numbers.status === 'fulfilled' ? 1 : 0);
      told(engine, tellEngine);
      told(queues, tellQueues);
      told(numbers, tellDirs);
      told(workers, tellWorkers);
      told(waits, tellWaits);
      told(totals, tellActivities);
      told(faceCounts, tellFaces);
      told(moveCounts, tellMoves);
      return await register.metrics();
    },
  };
}

function told<T>(answer: PromiseSettledResult<T>, tell: (value: T) => void): void {
  if (answer.status === 'fulfilled') tell(answer.value);
}
