import { existsSync } from 'node:fs';
import { Context } from '@temporalio/activity';
import { CodedError } from '../model/errors.ts';
import { modelName, searchSettings } from '../model/face-scans.ts';
import { carryOver } from '../faces/carry-over.ts';
import { fromBytes } from '../faces/descriptor.ts';
import type { Scanner } from '../faces/scanner.ts';
import { toStored } from '../faces/stored.ts';
import { largeName, thumbName } from '../photos/thumb-path.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
import { beginAiScan } from '../sql/ai-scans.ts';
import type { Database } from '../sql/database.ts';
import {
  countToEnlarge,
  storeSearchedFiles,
  unsearchedFiles,
  type EarlierFace,
  type FaceChanges,
  type NewFace,
  type Rescan,
  type SearchedFile,
  type UnsearchedFile,
} from '../sql/face-search.ts';
import { oneDir } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { toRescan, type RescanOrder } from './rescans.ts';
import { currentJob, heartbeating, nextPiece, thisRun } from './running.ts';
import { someAtATime } from './some-at-a-time.ts';

/** A batch is stored when it holds this many pictures, or after this time: little is lost by a kill. */
const batchFiles = 32;
const batchMs = 3_000;

interface FacesDeps {
  sql: Database;
  scanner: Scanner;
  /** How many pictures are looked at side by side. */
  processes: number;
  thumbs: ThumbStore;
  version: string;
}

interface FacesOrder {
  dir: number;
  rescan?: RescanOrder;
}

export function createFacesActivities({ sql, scanner, processes, thumbs, version }: FacesDeps) {
  const removeLarger = (files: readonly { id: number }[]) => thumbs.remove(files.map(({ id }) => largeName(id)));

  return {
    /**
     * Looks for faces in the pictures of one dir in which that was not done yet, and those that the rescan looks at again.
     * `larger`: in how many of them they are to be looked for once more, in larger versions.
     */
    async faces({ dir: id, rescan: asked }: FacesOrder): Promise<{ searched: number; larger: number }> {
      return await heartbeating(async () => {
        const dir = await oneDir(sql, id);
        if (!dir) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
        const stored = await readStoredSettings(sql);
        if (!stored.lookForFaces) return { searched: 0, larger: 0 };
        const settings = searchSettings(stored);
        const rescan = asked ? toRescan(asked, stored) : null;
        // A dir without such work needs no scanner.
        if ((await unsearchedFiles(sql, { dir: id, rescan, after: 0, limit: 1 })).length === 0) {
          return { searched: 0, larger: 0 };
        }
        const scan = await beginAiScan(sql, {
          ...thisRun(),
          version,
          model: modelName((await scanner.backend()).name),
          settings,
        });
        const signal = Context.current().cancellationSignal;

        const enlarged = new Set<number>();
        let batch: SearchedFile[] = [];
        let since = Date.now();
        let searched = 0;
        const store = async () => {
          const files = batch;
          batch = [];
          since = Date.now();
          if (files.length === 0) return;
          await storeSearchedFiles(sql, { job: currentJob(), root: dir.root, dir: id, scan, rescan, files }, changesOf);
          searched += files.length;
          await removeLarger(files.filter(({ id, wantsLarger }) => enlarged.has(id) && !wantsLarger));
        };
        const searchOne = async (file: UnsearchedFile): Promise<void> => {
          const inLarge = file.wantsLarger && settings.tiles !== 'never';
          const name = inLarge ? largeName(file.id) : thumbName(file.hash.toString('hex'), 1440);
          if (file.wantsLarger) enlarged.add(file.id);
          const searched = await thumbs.use(name, async (picture) =>
            // It is not enlarged yet.
            inLarge && !existsSync(picture) ? null : await searchIn(picture, file, inLarge),
          );
          // One that lies there is of bytes that the file had before.
          if (searched?.wantsLarger) await removeLarger([file]);
          if (searched) batch.push(searched);
        };
        const searchIn = async (picture: string, { id, hash, hasLarger }: UnsearchedFile, inLarge: boolean) => {
          try {
            const found = await scanner.findFaces(picture, settings, signal, !inLarge && hasLarger);
            const faces = found.faces.map((face) => toStored(face, found));
            return { id, hash, faces, error: null, wantsLarger: found.wantsLarger };
          } catch (error) {
            // A picture that can't be searched is a result of the step, not a failure of it.
            if (!(error instanceof CodedError)) throw error;
            const { code, message } = error;
            return { id, hash, faces: [], error: { code, message }, wantsLarger: false };
          }
        };

        try {
          await someAtATime(processes, allUnsearched(sql, id, rescan), searchOne, async () => {
            if (batch.length >= batchFiles || Date.now() - since >= batchMs) await store();
          });
        } finally {
          await store();
        }
        return { searched, larger: await countToEnlarge(sql, id) };
      });
    },
  };
}

async function* allUnsearched(sql: Database, dir: number, rescan: Rescan | null): AsyncGenerator<UnsearchedFile> {
  for (let after = 0; ;) {
    const page = await unsearchedFiles(sql, { dir, rescan, after, limit: 200 });
    for (const file of page) {
      await nextPiece();
      yield file;
    }
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function changesOf(earlier: readonly EarlierFace[], found: readonly NewFace[]): FaceChanges {
  const seen = <F extends { descriptor: Buffer }>(face: F) => ({ ...face, descriptor: fromBytes(face.descriptor) });
  const { same, gone } = carryOver(earlier.map(seen), found.map(seen));
  const changes: FaceChanges = { update: [], insert: [], remove: gone };
  for (const [i, face] of found.entries()) {
    const id = same[i] ?? null;
    if (id === null) changes.insert.push(face);
    else changes.update.push({ id, face });
  }
  return changes;
}
