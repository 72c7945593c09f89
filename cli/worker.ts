import { readConfig } from '../config.ts';
import { runWorker, type Queue } from '../engine/worker.ts';
import { CodedError } from '../model/errors.ts';
import { taskQueues } from '../model/job-kinds.ts';
import { logged } from './logged.ts';
import { assertSchemaKnown } from './schema-known.ts';
import { servers } from './servers.ts';
import { tracingOf } from './tracing.ts';

const isQueue = (name: string): name is Queue => Object.hasOwn(taskQueues, name);

/** `photo-assistant worker --queues engine,io`: takes work until it is told to stop. */
export async function worker({ queues }: { queues: string }): Promise<void> {
  const names = queues.split(',').map((name) => name.trim());
  if (!names.every(isQueue)) {
    throw new CodedError(
      'config.invalid',
      `--queues takes some of ${Object.keys(taskQueues).join(', ')}, not ${queues}.`,
    );
  }
  const part = names.join('-');
  await logged(part, async (log) => {
    const config = { ...readConfig(), ...servers() };
    await assertSchemaKnown(config.databaseUrl);
    await runWorker(config, names, { log, tracing: await tracingOf(config, part) });
  });
}
