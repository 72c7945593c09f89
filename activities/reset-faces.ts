import { Context } from '@temporalio/activity';
import type { Forget } from '../model/face-scans.ts';
import type { Database } from '../sql/database.ts';
import { writeLog } from '../sql/log.ts';
import { dirsToReset, resetDir } from '../sql/reset-faces.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

export function createResetActivities({ sql }: { sql: Database }) {
  return {
    /** The numbers of the next dirs with pictures, after the dir `after`. */
    async dirsToReset({ after, limit }: { after: number; limit: number }): Promise<number[]> {
      return await dirsToReset(sql, after, limit);
    },

    /** Forgets who the faces of some dirs are, or the faces as well; what people said stays. */
    async resetFaces({ dirs, forget }: { dirs: number[]; forget: Forget }): Promise<void> {
      await heartbeating(async () => {
        for (const dir of dirs) {
          Context.current().heartbeat({ dir });
          const { names, faces, pictures } = await resetDir(sql, dir, forget, stopIfCanceled);
          if (names + faces + pictures === 0) continue;
          const more = forget === 'faces' ? `, ${faces} faces; ${pictures} pictures are to be looked at again` : '';
          const text = `forgot ${names} automatic names${more}`;
          await writeLog(sql, [{ job: currentJob(), level: 'info', text, root: null, dir }]);
        }
      });
    },
  };
}
