import type { Database } from '../sql/database.ts';
import { countDirsWithFaces, dirsWithFaces, dirsWithFacesWork, dirsWithWork, type DirWithWork } from '../sql/dirs.ts';
import { writeLog, type NewLogLine } from '../sql/log.ts';
import { addNotification } from '../sql/notifications.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { toRescan, type RescanOrder } from './rescans.ts';
import { currentJob, heartbeating } from './running.ts';
import { activityInfo } from '@temporalio/activity';

export type { DirWithWork };

export interface ImportPage {
  dirs: DirWithWork[];
  /** How many dirs to work on side by side. */
  window: number;
}

interface NextFacesDirs {
  root: number;
  rescan?: RescanOrder;
  after: number;
  limit: number;
}

export function createImportActivities({
  sql,
  jobResult,
}: {
  sql: Database;
  jobResult: (id: string) => Promise<void>;
}) {
  return {
    /** The next dirs of a path that have work, after the dir `after`. */
    async nextDirs({ root, after, limit }: { root: number; after: number; limit: number }): Promise<ImportPage> {
      const { chainWindow } = await readStoredSettings(sql);
      return { dirs: await dirsWithWork(sql, root, after, limit), window: chainWindow };
    },

    /**
     * The next dirs of a path with pictures in which faces were not looked for, or that the rescan looks at again, after the
     * dir `after`; none where that is switched off.
     */
    async nextFacesDirs({ root, rescan: asked, after, limit }: NextFacesDirs): Promise<DirWithWork[]> {
      const stored = await readStoredSettings(sql);
      if (!stored.lookForFaces) return [];
      return await dirsWithFacesWork(sql, { root, rescan: asked ? toRescan(asked, stored) : null, after, limit });
    },

    /** The numbers of the next dirs with faces, after the dir `after`. */
    async dirsWithFaces({ after, limit }: { after: number; limit: number }): Promise<number[]> {
      return await dirsWithFaces(sql, after, limit);
    },

    /** How many dirs with faces come after the dir `after`. */
    async countDirsWithFaces({ after }: { after: number }): Promise<number> {
      return await countDirsWithFaces(sql, after);
    },

    /** Waits until a job that someone else started has ended, well or not; its own page tells how. */
    async waitForJob({ id }: { id: string }): Promise<void> {
      await heartbeating(() => jobResult(id));
    },

    /**
     * Adds a line to the log of the job that asks for it. `failed`: it tells why the job failed, of which people elsewhere are
     * told; once for all that name the same run there, null for this one only.
     */
    async logLine({ failed, ...line }: Omit<NewLogLine, 'job'> & { failed?: string | null }): Promise<void> {
      const job = currentJob();
      await writeLog(sql, [{ ...line, job }]);
      if (failed === undefined) return;
      const run = failed ?? activityInfo().workflowExecution?.runId;
      await addNotification(sql, { key: `failed ${run}`, event: 'job failed', job, message: line.text });
    },

    /** Tells people elsewhere that an import is done that had something to do. */
    async tellImportDone({ chains, failedChains }: { chains: number; failedChains: number }): Promise<void> {
      const failed = failedChains === 0 ? '' : `, ${failedChains} of them failed or canceled`;
      await addNotification(sql, {
        key: `done ${activityInfo().workflowExecution?.runId}`,
        event: 'import done',
        job: currentJob(),
        message: `${chains} ${chains === 1 ? 'directory was' : 'directories were'} read${failed}.`,
      });
    },
  };
}
