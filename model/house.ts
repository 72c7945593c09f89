import Type, { type Static } from 'typebox';

/** One process the supervisor keeps running. */
export const Part = Type.Object({
  name: Type.String({ description: 'postgres, temporal, engine, io, ai or web' }),
  status: Type.Enum(['starting', 'running', 'restarting', 'stopped']),
  pid: Type.Union([Type.Integer(), Type.Null()]),
  /** How often it has died and been started again. */
  restarts: Type.Integer(),
  since: Type.String({ format: 'date-time' }),
  /** Why it last died, in plain words. */
  lastExit: Type.Union([Type.String(), Type.Null()]),
});
export type Part = Static<typeof Part>;

/**
 * What the supervisor writes to `house.json` in the data folder at each change, atomically: how the house stands and
 * where its servers answer. The web server and the command line read it.
 */
export const House = Type.Object({
  pid: Type.Integer(),
  startedAt: Type.String({ format: 'date-time' }),
  web: Type.String({ description: 'address of the page' }),
  databaseUrl: Type.String(),
  temporalAddress: Type.String(),
  temporalNamespace: Type.String(),
  temporalUi: Type.Union([Type.String(), Type.Null()]),
  parts: Type.Array(Part),
});
export type House = Static<typeof House>;

/** How often an activity ended so in a worker since its start, and how many seconds it took in all. */
export const ActivityTotal = Type.Object({
  activity: Type.String(),
  outcome: Type.Enum(['completed', 'failed', 'canceled']),
  count: Type.Integer(),
  seconds: Type.Number(),
});
export type ActivityTotal = Static<typeof ActivityTotal>;

/** A worker process as it announces itself in table `worker`, with what the system says of its priority. */
export const WorkerReport = Type.Object({
  name: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  queues: Type.Array(Type.String()),
  version: Type.String(),
  /** As `ionice -p` and the kernel tell it, not as it was asked for: idle, best-effort, realtime, none, unknown. */
  ioClass: Type.String(),
  niceness: Type.Integer(),
  memoryBytes: Type.Integer(),
  /** What computes its networks, tensorflow or wasm; null where it looks for no faces, or has not yet. */
  backend: Type.Union([Type.String(), Type.Null()]),
  /** The numbers of the import and storage paths that it can read. */
  roots: Type.Array(Type.Integer()),
  startedAt: Type.String({ format: 'date-time' }),
  seenAt: Type.String({ format: 'date-time' }),
  alive: Type.Boolean(),
});
export type WorkerReport = Static<typeof WorkerReport>;
