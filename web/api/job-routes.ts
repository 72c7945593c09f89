import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { Job, StartJob } from '../../model/job.ts';
import { assertMay, rightToStart, rightToSteer } from '../access/door.ts';
import { jobActions, steer, type JobAction } from '../jobs/steer.ts';
import type { Web } from '../shared.ts';
import {
  ImportAll,
  JobParams,
  JobsQuery,
  JobsReply,
  LogQuery,
  LogReply,
  Started,
  StartedAll,
  StatusReply,
  refused,
} from './schema.ts';

/** Engine and jobs, as JSON. */
export const jobApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { jobs, library, live } = web;
    app.get(
      '/status',
      { schema: { summary: 'How the engine stands', response: { 200: StatusReply, ...refused } } },
      async () => {
        const [engine, workers, waits, coverage] = await Promise.all([
          jobs.engineStatus(),
          library.workers(),
          library.jobWaits(),
          library.coverage(),
        ]);
        return { ...engine, workers, waits, coverage };
      },
    );

    app.get(
      '/jobs',
      {
        schema: {
          summary: 'Jobs, running ones first, then the newest',
          querystring: JobsQuery,
          response: { 200: JobsReply, ...refused },
        },
      },
      async (request) => {
        const { kind, ...filter } = request.query;
        return await jobs.list({ ...filter, ...(kind && { kinds: [kind] }) });
      },
    );

    app.post(
      '/jobs',
      {
        schema: {
          summary: 'Start a job, or join the running one of the same id',
          body: StartJob,
          response: { 202: Started, ...refused },
        },
      },
      async (request, reply) => {
        assertMay(request, rightToStart(request.body));
        const started = await jobs.start(request.body);
        live.wake();
        return await reply.code(202).send(started);
      },
    );

    app.post(
      '/jobs/import-all',
      {
        schema: {
          summary: 'Scan and import every path',
          body: Type.Union([ImportAll, Type.Null()]),
          response: { 202: StartedAll, ...refused },
        },
      },
      async (request, reply) => {
        const started = await jobs.importAll(request.body ?? {});
        live.wake();
        return await reply.code(202).send(started);
      },
    );

    app.get(
      '/jobs/:id',
      { schema: { summary: 'One job', params: JobParams, response: { 200: Job, ...refused } } },
      async (request) => await jobs.get(request.params.id),
    );

    app.get(
      '/jobs/:id/log',
      {
        schema: {
          summary: 'Its log, oldest line first',
          params: JobParams,
          querystring: LogQuery,
          response: { 200: LogReply, ...refused },
        },
      },
      async (request) => ({ lines: await library.log({ job: request.params.id, limit: 100, ...request.query }) }),
    );

    for (const action of jobActions) {
      app.post(
        `/jobs/:id/${action}`,
        {
          config: { right: rightToSteer(action) },
          schema: { summary: summaries[action], params: JobParams, response: { 202: Started, ...refused } },
        },
        async (request, reply) => await reply.code(202).send(await steer(web, request, { ...request.params, action })),
      );
    }
  };

const summaries: Record<JobAction, string> = {
  again: 'Run it again from the step that failed',
  pause: 'Pause a running job',
  resume: 'Have a paused job go on',
  cancel: 'Cancel a running job',
  approve: 'Approve what a job asks',
  reject: 'Reject what a job asks',
};
