import path from 'node:path';
import { CodedError } from '../../model/errors.ts';
import { createGuard } from './guard.ts';
import { createChildRecord } from './leftovers.ts';
import { createPart, type PartPlan } from './part.ts';

/** Where a data folder keeps note of the programs that run for it. */
export const childrenFile = (dataDir: string): string => path.join(dataDir, 'children.json');

/**
 * Runs a server while `work` lasts, without the rest of the house. Like the house's own it goes when this process goes,
 * however that ends, and who comes next waits for it. Throws house.start-failed when it does not come up.
 */
export async function forAWhile<T>(plan: PartPlan, dataDir: string, work: () => Promise<T>): Promise<T> {
  const guard = createGuard();
  const record = createChildRecord(childrenFile(dataDir));
  let died: string | null = null;
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  const part = createPart(plan, {
    logsDir: path.join(dataDir, 'logs'),
    started({ name, stopSignal, killSignal }, pid) {
      guard.watch(pid, [stopSignal, killSignal]);
      record.add(name, pid);
    },
    ended(pid) {
      guard.forget(pid);
      record.remove(pid);
    },
    changed({ status, lastExit }) {
      if (status !== 'restarting') return;
      // What has begun with it can't go on with another one.
      died = lastExit;
      ended.reject(new CodedError('house.start-failed', `${plan.name} ${died ?? 'ended'}.`));
    },
  });
  try {
    await Promise.race([part.start(), ended.promise]);
    return await Promise.race([work(), ended.promise]);
  } finally {
    await part.stop();
    await guard.close();
  }
}
