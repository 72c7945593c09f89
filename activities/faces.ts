import { activityInfo, Context } from '@temporalio/activity';
import { CodedError } from '../model/errors.ts';
import { carryOver } from '../faces/carry-over.ts';
import { fromBytes } from '../faces/descriptor.ts';
import type { Scanner } from '../faces/scanner.ts';
import { toStored } from '../faces/stored.ts';
import { thumbPath } from '../photos/reader.ts';
import { beginAiScan } from '../sql/ai-scans.ts';
import type { Database } from '../sql/database.ts';
import {
  storeSearchedFiles,
  unsearchedFiles,
  type EarlierFace,
  type FaceChanges,
  type NewFace,
  type SearchedFile,
  type UnsearchedFile,
} from '../sql/face-search.ts';
import { oneDir } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

/** A batch is stored when it holds this many pictures, or after this time: little is lost by a kill. */
const batchFiles = 32;
const batchMs = 3_000;

interface FacesDeps {
  sql: Database;
  scanner: Scanner;
  /** How many pictures are looked at side by side. */
  processes: number;
  thumbsDir: string;
  version: string;
}

export function createFacesActivities({ sql, scanner, processes, thumbsDir, version }: FacesDeps) {
  return {
    /** Looks for faces in the pictures of one dir in which that was not done yet, or `again` in all of them. */
    async faces({ dir: id, again = false }: { dir: number; again?: boolean }): Promise<{ searched: number }> {
      return await heartbeating(async () => {
        const dir = await oneDir(sql, id);
        if (!dir) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
        const {
          lookForFaces,
          faceTiles: tiles,
          faceMinScore: minScore,
          faceMinSize: minSize,
        } = await readStoredSettings(sql);
        if (!lookForFaces) return { searched: 0 };
        // A dir without such work needs no scanner.
        if (!again && (await unsearchedFiles(sql, { dir: id, again: null, after: 0, limit: 1 })).length === 0) {
          return { searched: 0 };
        }
        const settings = { tiles, minScore, minSize };
        const scan = await beginAiScan(sql, {
          ...thisRun(),
          version,
          model: modelName((await scanner.backend()).name),
          settings,
        });
        const signal = Context.current().cancellationSignal;

        let batch: SearchedFile[] = [];
        let since = Date.now();
        let searched = 0;
        const store = async () => {
          const files = batch;
          batch = [];
          since = Date.now();
          if (files.length === 0) return;
          await storeSearchedFiles(sql, { job: currentJob(), root: dir.root, dir: id, scan, again, files }, changesOf);
          searched += files.length;
        };
        const searchOne = async ({ id: file, hash }: UnsearchedFile): Promise<void> => {
          try {
            const found = await scanner.findFaces(thumbPath(thumbsDir, hash.toString('hex'), 1440), settings, signal);
            batch.push({ id: file, hash, faces: found.faces.map((face) => toStored(face, found)), error: null });
          } catch (error) {
            // A picture that can't be searched is a result of the step, not a failure of it.
            if (!(error instanceof CodedError)) throw error;
            batch.push({ id: file, hash, faces: [], error: { code: error.code, message: error.message } });
          }
        };

        const inFlight = new Set<Promise<void>>();
        try {
          for await (const file of allUnsearched(sql, id, again ? scan : null)) {
            stopIfCanceled();
            const searching = searchOne(file).finally(() => inFlight.delete(searching));
            inFlight.add(searching);
            // One more than the processes, so that none waits while a batch is stored.
            if (inFlight.size > processes) await Promise.race(inFlight);
            if (batch.length >= batchFiles || Date.now() - since >= batchMs) await store();
          }
          await Promise.all(inFlight);
        } finally {
          await Promise.allSettled(inFlight);
          await store();
        }
        return { searched };
      });
    },
  };
}

/** The job's run, of which all its activities are parts. */
export function thisRun(): { job: string; run: string } {
  const { workflowExecution } = activityInfo();
  return { job: workflowExecution?.workflowId ?? 'none', run: workflowExecution?.runId ?? 'none' };
}

/** The networks, and what computes them: another model's descriptors can't be compared with these. */
export const modelName = (backend: string): string => `face-api 1.7.15 ssd+tiny, upright chip and mirror, ${backend}`;

async function* allUnsearched(sql: Database, dir: number, again: number | null): AsyncGenerator<UnsearchedFile> {
  for (let after = 0; ;) {
    const page = await unsearchedFiles(sql, { dir, again, after, limit: 200 });
    yield* page;
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
