import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { historyDays } from '../activities/start-up.ts';
import { searchAttributes } from '../model/job-kinds.ts';

/** gRPC's ALREADY_EXISTS. */
const alreadyExists = new Set<number>([6]);
/** Temporal's number for the search attribute type Keyword. */
const keyword = 2;

/**
 * Makes sure that the namespace keeps histories long enough and knows our search attributes. Safe to repeat, and from
 * several workers at once.
 */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  const retention = { seconds: historyDays * 24 * 3600 } as unknown as { seconds: never };
  await unlessThere(
    connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention }),
  );
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in known.customAttributes));
  if (missing.length === 0) return;
  const wanted = Object.fromEntries(missing.map((name) => [name, keyword]));
  await unlessThere(connection.operatorService.addSearchAttributes({ namespace, searchAttributes: wanted }));
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isGrpcServiceError(error) || !alreadyExists.has(error.code)) throw error;
  }
}
