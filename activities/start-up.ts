import { anyFile } from '../sql/files.ts';
import type { Database } from '../sql/database.ts';
import { forgetLog } from '../sql/log.ts';
import { forgetNotifications } from '../sql/notifications.ts';
import { listRoots } from '../sql/roots.ts';

/** What the engine must know to choose its state. */
export interface StartUpFacts {
  roots: { id: number; kind: 'import' | 'storage'; path: string }[];
  anyFile: boolean;
}

/** Jobs are kept this long by Temporal, and their logs by the database. Days. */
export const historyDays = 30;

export function createStartUpActivities({ sql }: { sql: Database }) {
  return {
    /** Reads the settings that the engine's state depends on. */
    async readStartUpFacts(): Promise<StartUpFacts> {
      const roots = await listRoots(sql);
      return { roots: roots.map(({ id, kind, path }) => ({ id, kind, path })), anyFile: await anyFile(sql) };
    },

    /** Drops log lines of jobs that Temporal has forgotten too. */
    async tidyLog(): Promise<void> {
      await forgetLog(sql, historyDays);
      await forgetNotifications(sql, historyDays);
    },
  };
}
