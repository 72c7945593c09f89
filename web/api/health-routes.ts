import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { reportOf } from '../../model/errors.ts';
import { taskQueues } from '../../model/job-kinds.ts';
import type { Web } from '../shared.ts';
import { Ready } from './schema.ts';

interface Check {
  ok: boolean;
  message: string;
}

/** For those who watch the house from outside: is it alive, and can it work. */
export const healthRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { jobs, library } = web;

    const open = { right: 'open' } as const;
    const Alive = Type.Object({ alive: Type.Boolean() });
    app.get('/healthz', { config: open, schema: { response: { 200: Alive } } }, async () => ({ alive: true }));

    app.get('/readyz', { config: open, schema: { response: { 200: Ready, 503: Ready } } }, async (_request, reply) => {
      const [database, temporal, workers] = await Promise.all([
        check(async () => void (await library.coverage())),
        check(async () => void (await jobs.engineStatus())),
        check(async () => {
          const polled = new Set(
            (await library.workers()).filter((worker) => worker.alive).flatMap((worker) => worker.queues),
          );
          const idle = Object.values(taskQueues).filter((queue) => !polled.has(queue));
          if (idle.length > 0) throw new Error(`No worker is alive for ${idle.join(', ')}.`);
        }),
      ]);
      const ready = database.ok && temporal.ok && workers.ok;
      return await reply.code(ready ? 200 : 503).send({ ready, checks: { database, temporal, workers } });
    });
  };

async function check(question: () => Promise<void>): Promise<Check> {
  try {
    await question();
    return { ok: true, message: 'ok' };
  } catch (error) {
    return { ok: false, message: reportOf(error).message };
  }
}
