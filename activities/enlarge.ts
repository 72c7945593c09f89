import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '../model/errors.ts';
import { pathBelow, toBytes } from '../model/names.ts';
import type { PhotoReader } from '../photos/reader.ts';
import { largeName, thumbName } from '../photos/thumb-path.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
import type { Database } from '../sql/database.ts';
import { filesToEnlarge, searchAgain, type FileToEnlarge } from '../sql/face-search.ts';
import { oneDir } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { Roots } from './roots.ts';
import { heartbeating, nextPiece } from './running.ts';

/** Pictures of one call: each takes a few megabytes until faces were looked for in it. */
const most = 100;
/** What lies there for longer was left by a kill. */
const leftOverMs = 24 * 3_600_000;

interface EnlargeDeps {
  sql: Database;
  roots: Roots;
  reader: PhotoReader;
  thumbs: ThumbStore;
}

export function createEnlargeActivities({ sql, roots, reader, thumbs }: EnlargeDeps) {
  return {
    /**
     * Reads pictures of a dir again whose faces are too small in their previews, and writes larger versions of them. Where
     * there can be none now, the preview itself stands for it. Throws root.* where the path is not there.
     */
    async enlarge({ dir: id }: { dir: number }): Promise<void> {
      await heartbeating(async () => {
        const dir = await oneDir(sql, id);
        if (!dir) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
        const { root } = await roots.checked(dir.root, false);
        const dirPath = pathBelow(root.here, dir.prefix);
        const { ioWorkers } = await readStoredSettings(sql);
        reader.setWorkers(ioWorkers);
        await sweep(path.join(thumbs.dir, path.dirname(largeName(0))));
        const withoutPreview: number[] = [];
        const enlargeOne = async ({ id: file, name: fname, hash, orientation }: FileToEnlarge): Promise<void> => {
          const name = largeName(file);
          const into = path.join(thumbs.dir, name);
          await thumbs.remove([name]);
          try {
            await reader.enlarge(toBytes(`${dirPath}/${fname}`), { hash, orientation }, into);
          } catch (error) {
            if (!(error instanceof CodedError)) throw error;
            // It was read before, and why it can't be read now is for the step that reads files to say; but if its disk has gone
            // away, that is no reason to make do with the preview.
            await roots.checked(dir.root, false);
          }
          if (!existsSync(into)) {
            await thumbs.use(thumbName(hash.toString('hex'), 1440), async (preview) => {
              if (existsSync(preview)) await copyFile(preview, into);
              else withoutPreview.push(file);
            });
          }
          if (existsSync(into)) await thumbs.put([name]);
        };
        const files = await filesToEnlarge(sql, id, most);
        for (let i = 0; i < files.length; i += ioWorkers) {
          await nextPiece();
          await Promise.all(files.slice(i, i + ioWorkers).map(enlargeOne));
        }
        if (withoutPreview.length > 0) await searchAgain(sql, id, withoutPreview);
      });
    },
  };
}

async function sweep(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name);
    const found = await stat(file).catch(() => null); // Another job was quicker.
    if (found && Date.now() - found.mtimeMs > leftOverMs) await rm(file, { force: true });
  }
}
