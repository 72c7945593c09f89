import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { reportOf } from '../../model/errors.ts';
import { engineStates, taskQueues } from '../../model/job-kinds.ts';
import type { Web } from '../shared.ts';
import { Ready } from './schema.ts';

interface Check {
  ok: boolean;
  message: string;
}

/** For those who watch the house from outside: is it alive, can it work, and a few numbers. */
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

    app.get('/metrics', async (_request, reply) => {
      const [engine, coverage, workers] = await Promise.allSettled([
        jobs.engineStatus(),
        library.coverage(),
        library.workers(),
      ]);
      const lines = [
        ...gauge('up', 'Whether a server answers.', [
          ['server="temporal"', engine.status === 'fulfilled' ? 1 : 0],
          ['server="database"', coverage.status === 'fulfilled' ? 1 : 0],
        ]),
        ...(engine.status === 'fulfilled' ? engineLines(engine.value) : []),
        ...(coverage.status === 'fulfilled' ? coverageLines(coverage.value) : []),
        ...(workers.status === 'fulfilled'
          ? gauge(
              'worker_alive',
              'Whether a worker was heard of lately.',
              workers.value.map((w) => [
                `worker=${JSON.stringify(w.name)},host=${JSON.stringify(w.host)}`,
                w.alive ? 1 : 0,
              ]),
            )
          : []),
      ];
      return await reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
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

const engineLines = ({ state, jobs }: Awaited<ReturnType<Web['jobs']['engineStatus']>>): string[] => [
  ...gauge(
    'jobs',
    'Jobs by status, as the job server keeps them.',
    Object.entries(jobs).map(([status, n]) => [`status="${status}"`, n]),
  ),
  ...gauge(
    'engine_state',
    'The state the engine is in.',
    engineStates.map((each) => [`state="${each}"`, each === state ? 1 : 0]),
  ),
];

const coverageLines = (coverage: Awaited<ReturnType<Web['library']['coverage']>>): string[] => [
  ...gauge('files', 'Files found, read, and read with an error.', [
    ['kind="found"', coverage.files],
    ['kind="read"', coverage.read],
    ['kind="failed"', coverage.failed],
  ]),
  ...gauge('dirs', 'Directories found.', [['', coverage.dirs]]),
];

function gauge(name: string, help: string, values: [labels: string, value: number][]): string[] {
  const full = `photo_assistant_${name}`;
  return [
    `# HELP ${full} ${help}`,
    `# TYPE ${full} gauge`,
    ...values.map(([labels, value]) => `${full}${labels && `{${labels}}`} ${value}`),
  ];
}
