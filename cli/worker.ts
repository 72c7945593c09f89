import os from 'node:os';
import { readConfig } from '../config.ts';
import { runWorker, type Queue } from '../engine/worker.ts';
import { CodedError } from '../model/errors.ts';
import { taskQueues } from '../model/job-kinds.ts';
import type { Database } from '../sql/database.ts';
import { listWorkers } from '../sql/workers.ts';
import { logged } from './logged.ts';
import { assertSchemaKnown } from './schema-known.ts';
import { servers } from './servers.ts';
import { tracingOf } from './tracing.ts';
import { withDatabase } from './with-database.ts';

const isQueue = (name: string): name is Queue => Object.hasOwn(taskQueues, name);

/** `photo-assistant worker --queues engine,io`: takes work until it is told to stop. Throws worker.not-running for `--check`. */
export async function worker({ queues, check = false }: { queues: string; check?: boolean }): Promise<void> {
  const names = queues.split(',').map((name) => name.trim());
  if (!names.every(isQueue)) {
    throw new CodedError(
      'config.invalid',
      `--queues takes some of ${Object.keys(taskQueues).join(', ')}, not ${queues}.`,
    );
  }
  if (check) return await withDatabase((sql) => assertRunning(sql, names.join(',')));
  const part = names.join('-');
  await logged(part, async (log) => {
    const config = { ...readConfig(), ...servers() };
    await assertSchemaKnown(config.databaseUrl);
    await runWorker(config, names, { log, tracing: await tracingOf(config, part) });
  });
}

/** Throws worker.not-running unless one on this machine has announced itself for these queues lately. */
async function assertRunning(sql: Database, name: string): Promise<void> {
  const host = os.hostname();
  const found = (await listWorkers(sql)).some((worker) => worker.alive && worker.host === host && worker.name === name);
  if (!found) throw new CodedError('worker.not-running', `No worker for ${name} has been heard of lately on ${host}.`);
}
