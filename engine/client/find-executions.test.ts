import assert from 'node:assert/strict';
import { test } from 'node:test';
import proto from '@temporalio/proto';
import { createExecutionFinder } from './find-executions.ts';
import type { Temporal } from './temporal.ts';

const execution = (workflowId: string, started: number) =>
  proto.temporal.api.workflow.v1.WorkflowExecutionInfo.fromObject({
    execution: { workflowId, runId: `${workflowId} ${started}` },
    ...{
      type: { name: 'dirChain' },
      status: 3,
      taskQueue: 'engine',
      startTime: { seconds: started },
      historyLength: 1,
    },
  });

test('jobs are counted by how they stand; of failures only those that were not run again', async () => {
  const asked: string[] = [];
  const temporal = {
    ask: <T>(call: () => Promise<T>) => call(),
    client: {
      workflow: {
        count: async (query: string) => {
          asked.push(query);
          if (query.includes("'paused'")) return { count: 2 };
          if (query.includes("'Running'")) return { count: query.includes('JobState IS NULL') ? 3 : 6 };
          return { count: query.includes("'Failed'") ? 450 : 9 };
        },
      },
      workflowService: {
        listWorkflowExecutions: async ({ query }: { query: string }) => ({
          executions: query.includes('WorkflowId IN')
            ? [execution('dir/1', 1), execution('dir/1', 5), execution('dir/2', 2)]
            : [execution('dir/1', 1), execution('dir/2', 2)],
          nextPageToken: [],
        }),
      },
    },
  };
  const finder = createExecutionFinder(temporal as unknown as Temporal, 'default');
  assert.deepEqual(await finder.count(), { running: 3, paused: 2, completed: 9, failed: 449 });
  await finder.count();
  assert.equal(asked.filter((query) => query.includes("'paused'")).length, 1);
});
