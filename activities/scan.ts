import { CodedError } from '../model/errors.ts';
import type { ScanPathInput, ScanResult } from '../model/job-kinds.ts';
import { fromText } from '../model/names.ts';
import type { DirToWalk, Walked } from '../photos/walk.ts';
import { createWalker, type Walker } from '../photos/walker.ts';
import { databaseTime, type Database } from '../sql/database.ts';
import { settleGone } from '../sql/gone.ts';
import { writeLog } from '../sql/log.ts';
import { rootDeviceChanged, rootScanned } from '../sql/roots.ts';
import {
  knownDirs,
  newDirs,
  oneDir,
  rootDir,
  rootTotals,
  storeFailedDirs,
  storeReadDirs,
  type DirFailure,
} from '../sql/scan.ts';
import type { ReadDir } from '../sql/seen-files.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, nextPiece } from './running.ts';

/** Dirs looked at between two questions to the database. */
const pageSize = 2000;

export function createScanActivities({ sql, roots }: { sql: Database; roots: Roots }) {
  /** The root, checked to be there and the disk it was, with a walker for it. */
  async function openRoot({ root: id, acceptDevice = false }: ScanPathInput) {
    const { root, device, ignore } = await roots.checked(id, acceptDevice);
    if (root.device !== null && root.device !== device) {
      await rootDeviceChanged(sql, id, root.device, device, !acceptDevice);
      await log(
        'warn',
        `the disk of ${root.path} has another device number than before (${root.device} → ${device})`,
        id,
      );
    }
    const bare = (path: string) => fromText(path.replace(/\/+$/, '') || '/');
    return { root, device, walker: createWalker({ rootPath: bare(root.here), rootName: bare(root.path), ignore }) };
  }

  const log = (level: 'info' | 'warn' | 'error', text: string, root: number, files = 0) =>
    writeLog(sql, [{ job: currentJob(), root, level, text, files }]);

  async function logErrors(root: number, failures: readonly DirFailure[]): Promise<void> {
    const lines = failures.map(({ id: dir, code, message }) => ({ dir, text: `${code}: ${message}` }));
    await writeLog(
      sql,
      lines.map((line) => ({ job: currentJob(), root, level: 'error', ...line })),
    );
  }

  /** Walks a page of dirs and stores what changed. Returns how many were read, not counting the unchanged. */
  async function scanPage(root: number, walker: Walker, page: DirToWalk[]): Promise<number> {
    let changed = 0;
    for await (const part of walker.walk(page)) {
      await nextPiece();
      const read = part.filter((dir): dir is Extract<Walked, { outcome: 'read' }> => dir.outcome === 'read');
      const failed = part.filter((dir): dir is Extract<Walked, { outcome: 'failed' }> => dir.outcome === 'failed');
      await storeReadDirs(sql, root, read satisfies ReadDir[]);
      await storeFailedDirs(sql, failed satisfies DirFailure[]);
      changed += read.length;
      const files = read.reduce((sum, dir) => sum + dir.files.length, 0);
      if (read.length > 0) await log('info', `read ${read.length} dirs with ${files} files`, root, files);
      await logErrors(root, [...failed, ...read.flatMap(({ id, error }) => (error ? { id, ...error } : []))]);
    }
    return changed;
  }

  /** Decides what becomes of what is gone. `held`: so many files that a person is to be asked; 0: not any more. */
  async function settle(root: number): Promise<{ held?: number }> {
    const { foundAgain, missing, held, isNews } = await settleGone(sql, root, await readStoredSettings(sql));
    if (foundAgain > 0) await log('info', `${foundAgain} files were found again at another place`, root);
    if (missing > 0) await log('info', `${missing} files are gone`, root);
    if (held) {
      const text = `${held.files} of ${held.of} files are gone at once: nothing is taken for missing before a person says so`;
      await log('warn', text, root);
    }
    return isNews ? { held: held?.files ?? 0 } : {};
  }

  /** A deep scan looks into every dir; so does one that takes another disk for right, wherever it is mounted. */
  const asAsked = (dir: DirToWalk, { deep, acceptDevice }: ScanPathInput): DirToWalk => ({
    ...dir,
    ...(deep || acceptDevice ? { mtimeNs: null } : {}),
    ...(acceptDevice ? { device: null } : {}),
  });

  return {
    /**
     * Walks one path: stats every known dir, reads the new and the changed ones. Killed half way it is simply run again:
     * what was stored is then unchanged. Throws root.* when the path is not there or not the disk it was.
     */
    async scanRoot(input: ScanPathInput): Promise<ScanResult> {
      return await heartbeating(async () => {
        const { root, device, walker } = await openRoot(input);
        const from = await databaseTime(sql);
        try {
          await log('info', `walking ${root.path}`, root.id);
          await rootDir(sql, root.id);
          let changedDirs = 0;
          for (let after: string | null = null; ;) {
            const page = await knownDirs(sql, root.id, after, pageSize);
            changedDirs += await scanPage(
              root.id,
              walker,
              page.map((dir) => asAsked(dir, input)),
            );
            after = page.at(-1)?.prefix ?? null;
            if (page.length < pageSize) break;
            await nextPiece();
          }
          for (let after = 0; ;) {
            const page = await newDirs(sql, root.id, after, pageSize);
            if (page.length === 0) break;
            changedDirs += await scanPage(root.id, walker, page);
            after = page.at(-1)?.id ?? after;
            await nextPiece();
          }
          const held = await settle(root.id);
          await rootScanned(sql, root.id, device, from);
          const totals = await rootTotals(sql, root.id);
          await log(
            'info',
            `${totals.numFiles} files in ${totals.dirs} dirs; ${changedDirs} dirs new or changed`,
            root.id,
          );
          return { ...totals, changedDirs, ...held };
        } finally {
          walker.close();
        }
      });
    },

    /**
     * Reads one dir again, whatever its mtime. @returns the root of which a person is to be asked whether so many files are
     * gone, or not any more; null where that is no news. Throws dir.* when it can't be read, root.* when its path is not
     * there.
     */
    async scanDir({ dir: id }: { dir: number }): Promise<{ root: number } | null> {
      return await heartbeating(async () => {
        const dir = await oneDir(sql, id);
        if (!dir) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
        if (dir.isGone) throw new CodedError('dir.missing', 'The directory is gone from disk.');
        const { walker } = await openRoot({ root: dir.root });
        try {
          for await (const part of walker.walk([{ ...dir, mtimeNs: null }])) {
            for (const walked of part) {
              if (walked.outcome === 'read') {
                await storeReadDirs(sql, dir.root, [walked]);
                await writeLog(sql, [
                  {
                    job: currentJob(),
                    root: dir.root,
                    dir: id,
                    level: 'info',
                    text: `found ${walked.files.length} files`,
                  },
                ]);
                if (walked.error) await logErrors(dir.root, [{ id, ...walked.error }]);
              } else if (walked.outcome === 'failed') {
                await storeFailedDirs(sql, [walked]);
                throw new CodedError(walked.code, walked.message);
              }
            }
          }
          const { held } = await settle(dir.root);
          return held === undefined ? null : { root: dir.root };
        } finally {
          walker.close();
        }
      });
    },
  };
}
