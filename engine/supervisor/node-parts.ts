import { pageAddress, type Config } from '../../config.ts';
import { taskQueues } from '../../model/job-kinds.ts';
import { idlePriorityCommand } from '../priority.ts';
import { answers } from './http.ts';
import type { PartPlan } from './part.ts';

/** Where the parts find the servers. */
export interface Servers {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}

/** The page, at normal priority: people wait for it. `main` is the script of the command line. */
export const webPlan = (main: string, config: Config, servers: Servers): PartPlan => ({
  name: 'web',
  launch: async () => ({ command: [...node(192, 16), alone, main, 'web'], env: environment(config, servers) }),
  ready: () => answers(`${pageAddress(config)}/healthz`),
  readyWithinSeconds: 120,
  stopSignal: 'SIGTERM',
  graceSeconds: 10,
  killSignal: 'SIGKILL',
});

/** A worker of one task queue, at idle priority. Its name is the queue's. */
export const workerPlan = (
  queue: keyof typeof taskQueues,
  main: string,
  config: Config,
  servers: Servers,
): PartPlan => ({
  name: queue,
  launch: async () => ({
    command: idlePriorityCommand([
      ...node(256),
      ...(queue === 'ai' ? [roomy] : []),
      main,
      'worker',
      '--queues',
      taskQueues[queue],
    ]),
    env: environment(config, servers),
  }),
  ready: /\bready\b/,
  readyWithinSeconds: 180,
  stopSignal: 'SIGTERM',
  // Longer than a worker gives its activities to come to a good place to stop.
  graceSeconds: 40,
  killSignal: 'SIGKILL',
});

/** Threads that help with a collection are themselves waited for where processors are few: at most 58 ms with them, 38 without. */
const alone = '--no-parallel-scavenge';

/**
 * Node with a bounded heap (MB). Small young generations keep the memory of an idle process small; pages that many ask for at
 * once would be gone through again and again in one.
 */
const node = (heap: number, young = 4) => [
  process.execPath,
  `--max-old-space-size=${heap}`,
  `--max-semi-space-size=${young}`,
];

/** Who matches a million faces would spend a quarter of the time on clearing a heap that begins small. */
const roomy = '--initial-old-space-size=64';

const environment = (config: Config, servers: Servers): NodeJS.ProcessEnv => ({
  ...process.env,
  PORT: String(config.port),
  HOST: config.host,
  PHOTO_ASSISTANT_DATA: config.dataDir,
  DATABASE_URL: servers.databaseUrl,
  TEMPORAL_ADDRESS: servers.temporalAddress,
  TEMPORAL_NAMESPACE: config.temporalNamespace,
  // It is in the database by now, as a hash.
  PHOTO_ASSISTANT_PASSWORD: undefined,
});
