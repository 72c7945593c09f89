import { activityInfo, Context } from '@temporalio/activity';
import type { GoneFiles } from '../model/missing.ts';
import { thumbNames, type ThumbStore } from '../photos/thumb-store.ts';
import type { Database } from '../sql/database.ts';
import { approveMissing, heldFiles, rejectMissing, settleGone } from '../sql/gone.ts';
import { writeLog } from '../sql/log.ts';
import { addNotification } from '../sql/notifications.ts';
import { removeMissingDirs, removeMissingFiles } from '../sql/remove-missing.ts';
import { getRoot } from '../sql/roots.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

/** Files of one transaction. */
const batchFiles = 500;

interface MissingDeps {
  sql: Database;
  roots: Roots;
  thumbs: ThumbStore;
}

export function createMissingActivities({ sql, roots, thumbs }: MissingDeps) {
  const log = (root: number, text: string) => writeLog(sql, [{ job: currentJob(), root, level: 'info', text }]);

  const removeThumbs = (hashes: readonly string[]) => thumbs.remove(hashes.flatMap(thumbNames));

  return {
    /** The files of a path that a person is to be asked about, by what is known now; null where there is nothing to ask. */
    async heldFiles({ root }: { root: number }): Promise<GoneFiles | null> {
      return await heartbeating(async () => {
        await getRoot(sql, root);
        await settleGone(sql, root, await readStoredSettings(sql));
        const held = await heldFiles(sql, root);
        if (held) {
          await addNotification(sql, {
            key: `asks ${activityInfo().workflowExecution?.runId} ${held.files}`,
            event: 'approval needed',
            job: currentJob(),
            message: `${held.files} of ${held.of} files are gone at once. Nothing is taken for deleted before you have answered.`,
          });
        }
        return held;
      });
    },

    /** Does with what is held as a person said, who was told of so many files. */
    async answerMissing({ root, told, approved }: { root: number; told: number; approved: boolean }): Promise<void> {
      await heartbeating(async () => {
        await (approved ? approveMissing : rejectMissing)(sql, root, told);
        await log(
          root,
          approved ? `${told} files: a person says they are gone` : `${told} files: a person says they are not gone`,
        );
      });
    },

    /**
     * Removes the files and dirs of a path that are missing for longer than the grace time from the database, and their
     * thumbnails where nothing else uses them. Nothing of a path that is not there or not the disk it was: throws root.*.
     */
    async removeMissing({ root }: { root: number }): Promise<void> {
      await heartbeating(async () => {
        await roots.checked(root, false);
        const { missingDays: days } = await readStoredSettings(sql);
        let files = 0;
        for (let removed = batchFiles; removed === batchFiles; files += removed) {
          stopIfCanceled();
          removed = await removeMissingFiles(sql, { root, days, limit: batchFiles }, removeThumbs);
          Context.current().heartbeat({ files });
        }
        const dirs = await removeMissingDirs(sql, { root, days });
        await log(root, `${files} files and ${dirs} directories left the database: missing for more than ${days} days`);
      });
    },
  };
}
