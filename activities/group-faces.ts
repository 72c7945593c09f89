import { setImmediate } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { fromBytes } from '../faces/descriptor.ts';
import { groupFaces, groupLimit, qualityOf, type FaceToGroup } from '../faces/group.ts';
import type { Database } from '../sql/database.ts';
import { countUnknown, readGrouping, storeGroups, unknownFaces } from '../sql/face-groups.ts';
import { writeLog } from '../sql/log.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { currentJob, heartbeating, nextPiece } from './running.ts';

/** The newest so many: each is compared with each, which takes minutes for these, and four times as long for twice as many. */
const mostFaces = 50_000;
const pageFaces = 2000;
/** Of the faces that were compared last, the share that has to have come since for it to be worth doing again. */
const worth = 0.01;

export function createGroupActivities({ sql }: { sql: Database }) {
  return {
    /**
     * Groups the faces without a name by likeness, and replaces the groups of before. No picture is opened. `whenWorth`: only
     * where more than a few came since.
     */
    async groupFaces({ whenWorth }: { whenWorth: boolean }): Promise<void> {
      return await heartbeating(async () => {
        const tell = async (text: string) => await writeLog(sql, [{ job: currentJob(), level: 'info', text }]);
        const last = await readGrouping(sql);
        if (whenWorth && last) {
          const newer = await countUnknown(sql, last.newest);
          if (newer <= last.faces * worth) {
            await tell(`${newer} faces without a name came since the last time: too few to group all anew`);
            return;
          }
        }
        const { oncePerPhoto } = await readStoredSettings(sql);
        const faces: FaceToGroup[] = [];
        let before = 2 ** 31 - 1;
        while (faces.length < mostFaces) {
          await nextPiece();
          const page = await unknownFaces(sql, before, Math.min(pageFaces, mostFaces - faces.length));
          for (const { id, file, descriptor, ...looks } of page) {
            faces.push({ id, file, ...qualityOf(looks), descriptor: fromBytes(descriptor) });
          }
          before = page.at(-1)?.id ?? 0;
          if (page.length === 0) break;
        }
        const leftOut = Math.max(0, (await countUnknown(sql)) - faces.length);
        if (faces.length > 0) await tell(`comparing ${faces.length} faces without a name`);

        const grouping = groupFaces(faces, { limit: groupLimit, oncePerPhoto });
        let told = 0;
        for (let step = grouping.next(); ; step = grouping.next()) {
          await setImmediate();
          await nextPiece();
          if (step.done) {
            const groups = step.value;
            await storeGroups(sql, { faces: faces.length, leftOut, newest: faces[0]?.id ?? 0, groups });
            const grouped = groups.reduce((sum, group) => sum + group.length, 0);
            await tell(`${groups.length} groups of ${grouped} faces; ${faces.length - grouped} look like no other`);
            return;
          }
          const percent = Math.floor(step.value * 100);
          Context.current().heartbeat({ percent });
          if (percent < told + 10) continue;
          told = percent - (percent % 10);
          await tell(`${told} % compared`);
        }
      });
    },
  };
}
