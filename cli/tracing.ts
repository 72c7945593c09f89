import type { Config } from '../config.ts';
import type { Tracing } from '../engine/client/tracing.ts';

/** Starts to send traces where the environment says where to. Without that nothing of it is even loaded. */
export const tracingOf = async ({ tracesTo }: Config, part: string): Promise<Tracing | null> =>
  tracesTo === undefined ? null : (await import('../engine/client/tracing.ts')).startTracing(tracesTo, part);
