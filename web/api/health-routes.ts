import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { errorCodes, reportOf } from '../../model/errors.ts';
import type { WorkerReport } from '../../model/house.ts';
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
        check(() => library.coverage()),
        check(() => jobs.engineStatus()),
        check(() => library.workers(), withoutWorker),
      ]);
      const ready = database.ok && temporal.ok && workers.ok;
      return await reply.code(ready ? 200 : 503).send({ ready, checks: { database, temporal, workers } });
    });
  };

/** Which queues no worker that lives works for; null: none. */
function withoutWorker(workers: readonly WorkerReport[]): string | null {
  const polled = new Set(workers.filter((worker) => worker.alive).flatMap((worker) => worker.queues));
  const idle = Object.values(taskQueues).filter((queue) => !polled.has(queue));
  return idle.length === 0 ? null : `No worker is alive for ${idle.join(', ')}.`;
}

/** `wrong`: what is wrong with an answer; null: nothing. Anybody may ask: neither addresses nor insides are told. */
async function check<Answer>(
  question: () => Promise<Answer>,
  wrong: (answer: Answer) => string | null = () => null,
): Promise<Check> {
  try {
    const trouble = wrong(await question());
    return { ok: trouble === null, message: trouble ?? 'ok' };
  } catch (error) {
    return { ok: false, message: errorCodes[reportOf(error).code] };
  }
}
