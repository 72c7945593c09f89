import { taskQueues } from '../../model/job-kinds.ts';
import type { Temporal } from './temporal.ts';

/** What waits in a queue for a worker to take it. */
export interface QueueStats {
  queue: string;
  type: 'workflow' | 'activity';
  /** About so many tasks. */
  backlog: number;
  /** How long the oldest of them has waited, in seconds. */
  age: number;
}

/** As Temporal's protocol numbers them. */
const typeNumbers = { workflow: 1, activity: 2 } as const;

/** The backlog of each queue, as the job server estimates it. Throws temporal.unavailable. */
export async function queueStats({ client, ask }: Temporal, namespace: string): Promise<QueueStats[]> {
  const one = async (queue: string, type: QueueStats['type']): Promise<QueueStats> => {
    const { stats } = await ask(() =>
      client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum is in a package that is for tests only
        taskQueueType: typeNumbers[type],
        reportStats: true,
      }),
    );
    const age = stats?.approximateBacklogAge;
    return {
      queue,
      type,
      backlog: Number(stats?.approximateBacklogCount ?? 0),
      age: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / 1e9,
    };
  };
  const { engine, io, ai } = taskQueues;
  return await Promise.all([
    one(engine, 'workflow'),
    one(engine, 'activity'),
    one(io, 'activity'),
    one(ai, 'activity'),
  ]);
}
