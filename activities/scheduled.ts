import { CodedError } from '../model/errors.ts';
import { clockOf, quietMinutesLeft } from '../model/quiet-hours.ts';
import type { Database } from '../sql/database.ts';
import { writeLog } from '../sql/log.ts';
import { listRoots } from '../sql/roots.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

export function createScheduledActivities({ sql }: { sql: Database }) {
  return {
    /** How many minutes nothing is to be started by itself; 0 outside of the quiet hours. */
    async quietMinutes(): Promise<number> {
      return quietMinutesLeft(clockOf(new Date()), await readStoredSettings(sql));
    },
  };
}

export function createReachableActivities({ sql, roots }: { sql: Database; roots: Roots }) {
  return {
    /** The numbers of the paths that are there and are the disks they were; of the others the job's log tells why not. */
    async reachableRoots(): Promise<number[]> {
      return await heartbeating(async () => {
        const reachable: number[] = [];
        for (const { id, path } of await listRoots(sql)) {
          stopIfCanceled();
          try {
            await roots.checked(id, false);
            reachable.push(id);
          } catch (error) {
            if (!(error instanceof CodedError)) throw error;
            if (error.code === 'root.unseen' && (await roots.isSeenElsewhere(id))) {
              reachable.push(id);
              continue;
            }
            const text = `${path} is passed over: ${error.message}`;
            await writeLog(sql, [{ job: currentJob(), root: id, level: 'info', text }]);
          }
        }
        return reachable;
      });
    },
  };
}
