import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fromText, pathBelow, toBytes } from '../../model/names.ts';
import { compileIgnore } from '../../photos/ignore.ts';
import { walkDir, type Walked } from '../../photos/walk.ts';
import { storeReadFiles, unreadFiles, type NewContent } from '../../sql/content.ts';
import { databaseTime, type Database } from '../../sql/database.ts';
import { findAgain } from '../../sql/found-again.ts';
import { settleGone, type Settled } from '../../sql/gone.ts';
import { rootScanned } from '../../sql/roots.ts';
import { knownDirs, newDirs, rootDir, storeFailedDirs, storeReadDirs, type KnownDir } from '../../sql/scan.ts';

/** Never too many. */
export const noLimits = { missingShare: 100, missingFiles: 1_000_000 };

/** Directories on disk and their rows, scanned and read as the steps of jobs do it, without the jobs. */
export interface ScannedLibrary {
  scan: (root: number, limits?: { missingShare: number; missingFiles: number }) => Promise<Settled>;
  /** Reads what is unread. @returns how many files were opened */
  read: (root: number) => Promise<number>;
  /** Present files: path below which root, what they hold, and their numbers. */
  files: () => Promise<{ id: number; root: number; path: string; hash: string | null }[]>;
}

/** Empties the database and makes roots of some directories, in their order. */
export async function scannedLibrary(sql: Database, paths: readonly string[]): Promise<ScannedLibrary> {
  await sql`TRUNCATE root, dir, content, file, ai_scan, face, person, refimg, log RESTART IDENTITY CASCADE`;
  for (const path of paths) await sql`INSERT INTO root (kind, path) VALUES ('import', ${path})`;
  const rootPath = (root: number) => paths[root - 1] ?? '';
  const ignored = compileIgnore([]);

  const walk = async (root: number, dirs: readonly KnownDir[]): Promise<void> => {
    for (const dir of dirs) {
      const walked: Walked = walkDir(fromText(rootPath(root)), dir, ignored);
      if (walked.outcome === 'read') await storeReadDirs(sql, root, [walked]);
      if (walked.outcome === 'failed') await storeFailedDirs(sql, [walked]);
    }
  };

  return {
    async scan(root, limits = noLimits) {
      const from = await databaseTime(sql);
      await rootDir(sql, root);
      await walk(root, await knownDirs(sql, root, null, 1000));
      for (let after = 0; ;) {
        const page = await newDirs(sql, root, after, 1000);
        if (page.length === 0) break;
        await walk(root, page);
        after = page.at(-1)?.id ?? after;
      }
      const settled = await settleGone(sql, root, limits);
      await rootScanned(sql, root, 'a disk', from);
      return settled;
    },

    async read(root) {
      const dirs = await sql<{ id: number; prefix: string }[]>`
        SELECT id, convert_from(path_prefix, 'LATIN1') AS prefix FROM dir WHERE root_id = ${root} AND missing_since IS NULL ORDER BY id`;
      let opened = 0;
      for (const { id: dir, prefix } of dirs) {
        const unread = await unreadFiles(sql, dir, '', 1000);
        opened += unread.length;
        const files = unread.map((file) => ({
          ...file,
          hash: hashOf(toBytes(pathBelow(pathBelow(rootPath(root), prefix), file.name))),
          ...{ errorCode: null, errorMessage: null, mtimeLocal: '2024-01-01T00:00:00' },
        }));
        const contents = files.map(({ hash }) => contentOf(hash));
        await storeReadFiles(sql, { job: `dir/${dir}`, root, dir, files, contents });
        await findAgain(sql, { dir });
      }
      return opened;
    },

    files: async () =>
      await sql`
        SELECT file.id, root_id AS root, encode(hash, 'hex') AS hash,
          ltrim(convert_from(path_prefix, 'LATIN1') || '/' || convert_from(fname, 'LATIN1'), '/') AS path
        FROM file JOIN dir ON dir.id = dir_id WHERE file.missing_since IS NULL ORDER BY root_id, path`,
  };
}

const hashOf = (path: Buffer): Buffer => createHash('sha256').update(readFileSync(path)).digest();

const contentOf = (hash: Buffer): NewContent => ({
  hash,
  thumb: true,
  decodeMs: 1,
  ...{
    thumbhash: null,
    width: null,
    height: null,
    orientation: null,
    zone: null,
    camera: null,
    latitude: null,
    longitude: null,
  },
  ...{
    town: null,
    townMetres: null,
    region: null,
    country: null,
    format: null,
    decoder: null,
    duration: null,
    codecs: [],
  },
  ...{
    clip: null,
    contentId: null,
    people: [],
    regions: [],
    warnings: [],
    tags: {},
    errorCode: null,
    errorMessage: null,
  },
  ...{ title: null, description: null, rating: null, labels: [] },
  ...{ takenAt: null, takenOffset: null, takenZone: null, takenSource: null, takenCertainty: null, passedDates: [] },
});
