import { Client, Connection, isGrpcServiceError, type ClientInterceptors } from '@temporalio/client';
import { CodedError } from '../../model/errors.ts';

/** How long a page waits for Temporal before it says that it does not answer. Milliseconds. */
const patienceMs = 5_000;

export interface Temporal {
  client: Client;
  /** Runs calls to Temporal; throws temporal.unavailable when it does not answer in time. */
  ask: <T>(call: () => Promise<T>) => Promise<T>;
  /** Waits for the calls under way, which end in time. */
  close(): Promise<void>;
}

/** A connection that is made when first used, and again soon after the server was away. */
export function connectTemporal({
  address,
  namespace,
  interceptors,
}: {
  address: string;
  namespace: string;
  interceptors?: ClientInterceptors | undefined;
}): Temporal {
  const connection = Connection.lazy({
    address,
    // The default waits up to two minutes before it looks again for a server that was restarted.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2000 },
  });
  const client = new Client({ connection, namespace, ...(interceptors && { interceptors }) });
  const asked = new Set<Promise<unknown>>();
  return {
    client,
    async ask(call) {
      const answer = connection.withDeadline(Date.now() + patienceMs, call);
      asked.add(answer);
      try {
        return await answer;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        throw new CodedError('temporal.unavailable', undefined, { cause: error });
      } finally {
        asked.delete(answer);
      }
    },
    async close() {
      // The client asks again in a timer of its own, which ends the process where the connection was closed before it.
      await Promise.allSettled(asked);
      await connection.close();
    },
  };
}

/** gRPC status codes of a server that is away or still starting: DEADLINE_EXCEEDED, UNAVAILABLE, CANCELLED, NOT_FOUND of the namespace. */
const awayCodes = new Set<number>([1, 4, 14]);

function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause) && awayCodes.has(cause.code)) return true;
    if (cause.message.includes('Failed to connect before the deadline')) return true;
    if (cause.name === 'NamespaceNotFoundError') return true;
  }
  return false;
}
