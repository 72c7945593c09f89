import { Context } from '@temporalio/activity';
import { CodedError } from '../model/errors.ts';
import { displayName, joinPrefix, pathBelow } from '../model/names.ts';
import { createDisk, type Disk } from '../sorter/disk.ts';
import { countToCheck, filesToCheck, storeChecked, type FileToCheck } from '../sql/checked-files.ts';
import type { Database } from '../sql/database.ts';
import { writeLog } from '../sql/log.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, nextPiece } from './running.ts';

const pageFiles = 100;

type Found = 'sound' | 'damaged' | 'changed' | 'vanished' | 'unreadable';

interface CheckDeps {
  sql: Database;
  roots: Roots;
  disk?: Disk;
}

export function createCheckActivities({ sql, roots, disk = createDisk() }: CheckDeps) {
  return {
    /**
     * Reads the next share of a path's files again, from the disk, and compares them with what they held. Files that were
     * written to since are no matter of this: the next scan sees them. Throws file.damaged, file.unreadable or file.missing
     * at its end where a file was found so, for that to be seen; root.* where the path is not there.
     */
    async checkFiles({ root: id }: { root: number }): Promise<void> {
      await heartbeating(async () => {
        const { checkShare } = await readStoredSettings(sql);
        const { root } = await roots.checked(id, false);
        const share = Math.ceil(((await countToCheck(sql, id)) * checkShare) / 100);
        const counts: Record<Found, number> = { sound: 0, damaged: 0, changed: 0, vanished: 0, unreadable: 0 };
        let rounds = 0;
        for (let left = share; left > 0 && rounds < 2;) {
          const asked = Math.min(left, pageFiles);
          const page = await filesToCheck(sql, id, asked);
          const found = new Map<number, Found>();
          for (const file of page) {
            await nextPiece();
            const outcome = await check(root.here, file);
            found.set(file.id, outcome);
            counts[outcome]++;
            Context.current().heartbeat(file.id);
          }
          // A path that fell off meanwhile has no vanished files.
          await roots.checked(id, false);
          await tell(id, root.path, page, found);
          left -= page.length;
          const of = (outcome: Found) => page.filter((file) => found.get(file.id) === outcome).map((file) => file.id);
          // After the last one the first one is next.
          const upTo = page.length < asked ? null : (page.at(-1)?.id ?? null);
          if (upTo === null) rounds++;
          await storeChecked(sql, id, { upTo, sound: of('sound'), broken: of('damaged') });
        }
        const { damaged, vanished, changed, unreadable, sound } = counts;
        const text = `${sound} files hold what they held, ${damaged} are damaged, ${vanished} are gone, ${unreadable} could not be read, ${changed} were written to since they were read`;
        await writeLog(sql, [{ job: currentJob(), root: id, level: 'info', text }]);
        if (damaged > 0) throw new CodedError('file.damaged', `${damaged} files of ${root.path} are damaged: ${text}.`);
        if (unreadable > 0)
          throw new CodedError('file.unreadable', `${unreadable} files of ${root.path} could not be read: ${text}.`);
        if (vanished > 0) throw new CodedError('file.missing', `${vanished} files of ${root.path} are gone: ${text}.`);
      });
    },
  };

  async function check(path: string, file: FileToCheck): Promise<Found> {
    const place = pathBelow(path, joinPrefix(file.prefix, file.fname));
    const isAsItWas = async (): Promise<Found | null> => {
      const seen = await disk.look(place);
      if (!seen) return 'vanished';
      return seen.size === file.size && seen.mtimeNs === file.mtimeNs ? null : 'changed';
    };
    try {
      const before = await isAsItWas();
      if (before) return before;
      if ((await disk.hash(place)) === file.hash) return 'sound';
      return (await isAsItWas()) ?? 'damaged';
    } catch {
      // What the disk said is of one file; that it can't be read is told.
      return 'unreadable';
    }
  }

  async function tell(root: number, path: string, page: readonly FileToCheck[], found: Map<number, Found>) {
    const words: Partial<Record<Found, string>> = {
      damaged: 'file.damaged: it holds other bytes than it did',
      vanished: 'file.missing: it is gone',
      unreadable: 'file.unreadable: it could not be read',
    };
    const lines = page.flatMap((file) => {
      const said = words[found.get(file.id) ?? 'sound'];
      const name = displayName(pathBelow(path, joinPrefix(file.prefix, file.fname)));
      return said
        ? [{ job: currentJob(), root, file: file.id, level: 'error' as const, text: `${name}: ${said}` }]
        : [];
    });
    await writeLog(sql, lines);
  }
}
