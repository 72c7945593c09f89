import { forgetAudit } from '../sql/audit.ts';
import { anyFile } from '../sql/files.ts';
import type { Database } from '../sql/database.ts';
import { forgetLog } from '../sql/log.ts';
import { forgetNotifications } from '../sql/notifications.ts';
import { listRoots } from '../sql/roots.ts';
import { readStoredSettings } from '../sql/settings.ts';

/** What the engine must know to choose its state. */
export interface StartUpFacts {
  roots: {
    id: number;
    kind: 'import' | 'storage';
    path: string;
    /** Not all that is known of was read, or searched for faces. Absent in histories that are older than this field. */
    unfinished?: boolean;
  }[];
  anyFile: boolean;
}

/** Jobs are kept this long by Temporal, and their logs by the database. Days. */
export const historyDays = 30;
/** What was done by whom is kept this long: refused logins are among it, of which others make as many as they like. */
const auditYears = 2;

export function createStartUpActivities({ sql }: { sql: Database }) {
  return {
    /** Reads the settings that the engine's state depends on. */
    async readStartUpFacts(): Promise<StartUpFacts> {
      const roots = await listRoots(sql);
      const { lookForFaces } = await readStoredSettings(sql);
      return {
        roots: roots.map(({ id, kind, path, numFiles, numRead, numPictures, numSearched }) => ({
          ...{ id, kind, path },
          unfinished: numRead < numFiles || (lookForFaces && numSearched < numPictures),
        })),
        anyFile: await anyFile(sql),
      };
    },

    /** Drops log lines of jobs that Temporal has forgotten too, and what was done long ago. */
    async tidyLog(): Promise<void> {
      await forgetLog(sql, historyDays);
      await forgetNotifications(sql, historyDays);
      await forgetAudit(sql, auditYears);
    },
  };
}
