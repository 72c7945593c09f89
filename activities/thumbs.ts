import { CodedError } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import { pathBelow, toBytes, type ByteString } from '../model/names.ts';
import type { PhotoReader, Reading } from '../photos/reader.ts';
import { thumbNames, type ThumbStore } from '../photos/thumb-store.ts';
import {
  contentKnown,
  isDecoded,
  storeReadFiles,
  unreadFiles,
  type NewContent,
  type ReadFile,
  type UnreadFile,
} from '../sql/content.ts';
import type { Database } from '../sql/database.ts';
import { describeDir } from '../sql/described.ts';
import { findAgain } from '../sql/found-again.ts';
import { writeLog } from '../sql/log.ts';
import { oneDir } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { describeFiles } from './describe.ts';
import { contentOf } from './read-content.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, nextPiece } from './running.ts';
import { someAtATime } from './some-at-a-time.ts';

/** A batch is stored when it holds this many files, or after this time: little is lost by a kill, progress is live. */
const batchFiles = 64;
const batchMs = 2_000;

/** A file touched this short a time ago is taken for still being written. */
const settleMs = 3_000;
/** A time this far ahead is a wrong clock, not a file being written. */
const clockSkewMs = 60_000;

export interface ThumbsResult {
  read: number;
  /** Files that are still being written; they are left for a later try. */
  unsettled: number;
}

interface ThumbsDeps {
  sql: Database;
  roots: Roots;
  reader: PhotoReader;
  thumbs: ThumbStore;
}

export function createThumbsActivities({ sql, roots, reader, thumbs }: ThumbsDeps) {
  const readContent = createContentReader(sql, reader, thumbs);

  return {
    /**
     * Reads the files of one dir that were not read yet, and works out what they are of. `giveUp`: files still being written are recorded as such
     * instead of left for later. Stored in batches, so a kill loses two seconds of work. Throws root.* where the path is not there.
     */
    async thumbs({ dir: id, giveUp = false }: { dir: number; giveUp?: boolean }): Promise<ThumbsResult> {
      return await heartbeating(async () => {
        const dir = await oneDir(sql, id);
        if (!dir) throw new CodedError('dir.unknown', `There is no directory with the number ${id}.`);
        const isThere = async () => await roots.checked(dir.root, false);
        const { root } = await isThere();
        const { ioWorkers } = await readStoredSettings(sql);
        reader.setWorkers(ioWorkers);
        const dirPath = pathBelow(root.here, dir.prefix);
        const batch = createBatch(sql, { job: currentJob(), root: dir.root, dir: id }, isThere);
        const result: ThumbsResult = { read: 0, unsettled: 0 };

        const readOne = async (file: UnreadFile): Promise<void> => {
          if (isUnsettled(file.mtimeNs) && !giveUp) {
            result.unsettled++;
            return;
          }
          const { row, content } = await readContent(`${dirPath}/${file.name}`, file);
          if (row.errorCode === 'file.still-written' || (row.hash !== null && isUnsettled(row.mtimeNs))) {
            if (!giveUp) {
              result.unsettled++;
              return;
            }
            row.errorCode = 'file.still-written';
            row.errorMessage =
              'The file was still being written when it was read. It is read again when it has changed.';
          }
          batch.add(row, content);
          result.read++;
        };

        try {
          await someAtATime(ioWorkers, allUnread(sql, id), readOne, () => batch.storeWhenDue());
        } finally {
          await batch.store();
        }
        const again = await findAgain(sql, { dir: id });
        if (again > 0) {
          const text = `${again} of them were known from another place, and keep what is known of them`;
          await writeLog(sql, [{ job: currentJob(), root: dir.root, dir: id, level: 'info', text }]);
        }
        await describeDir(sql, id, (files) => describeFiles(files, new Date()));
        return result;
      });
    },
  };
}

/** What a disk says of a file when it is going away itself. */
const outOfReach: readonly (string | null)[] = ['file.missing', 'file.unreadable'];

/**
 * Gathers read files and stores them together. Files that could not be reached are left as they were where their path is
 * not there either: `isThere` throws then.
 */
function createBatch(sql: Database, of: { job: string; root: number; dir: number }, isThere: () => Promise<unknown>) {
  let files: ReadFile[] = [];
  let contents: NewContent[] = [];
  let since = Date.now();
  const store = async () => {
    const unreached = files.filter((file) => outOfReach.includes(file.errorCode));
    const read = files.filter((file) => !unreached.includes(file));
    const batch = { ...of, contents };
    files = [];
    contents = [];
    since = Date.now();
    if (read.length > 0) await storeReadFiles(sql, { ...batch, files: read });
    if (unreached.length === 0) return;
    await isThere();
    await storeReadFiles(sql, { ...batch, contents: [], files: unreached });
  };
  return {
    add(file: ReadFile, content: NewContent | null) {
      files.push(file);
      if (content) contents.push(content);
    },
    store,
    async storeWhenDue() {
      if (files.length >= batchFiles || Date.now() - since >= batchMs) await store();
    },
  };
}

async function* allUnread(sql: Database, dir: number): AsyncGenerator<UnreadFile> {
  for (let after = ''; ;) {
    const page = await unreadFiles(sql, dir, after, 500);
    for (const file of page) {
      await nextPiece();
      yield file;
    }
    const last = page.at(-1);
    if (!last) return;
    after = last.name;
  }
}

const isUnsettled = (mtimeNs: string): boolean => {
  const age = Date.now() - Number(BigInt(mtimeNs) / 1_000_000n);
  return age < settleMs && age > -clockSkewMs;
};

/** Contents read a moment ago, that the database may not know yet, kept for their duplicates. */
const recentContents = 200;

/** Reads one file; content that was read before, here or in another file, is not decoded again. */
function createContentReader(sql: Database, reader: PhotoReader, thumbs: ThumbStore) {
  const recent = new Map<string, NewContent>();
  const recentOf = (hash: Buffer, type: FileType): NewContent | null => {
    const content = recent.get(hash.toString('hex')) ?? null;
    return content?.decodeMs === null && isDecoded(type) ? null : content;
  };

  return async (path: ByteString, file: UnreadFile): Promise<{ row: ReadFile; content: NewContent | null }> => {
    let stored = false as boolean;
    const known = async (hash: Buffer, type: FileType): Promise<boolean> => {
      const state = await contentKnown(sql, hash, type);
      stored = state === 'known';
      // What was read a moment ago may have lost its thumbnails since.
      if (state === 'not decoded') recent.delete(hash.toString('hex'));
      return stored || recentOf(hash, type) !== null;
    };
    let reading: Reading;
    try {
      reading = await reader.read(toBytes(path), file.type, known);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // A file that can't be opened is a result of the step, not a failure of it.
      return { row: toRow(file, null, error), content: null };
    }
    const { size, type, hash } = reading;
    const row = toRow({ id: file.id, size, mtimeNs: String(reading.mtimeNs), type }, hash, null);
    if (stored) return { row, content: null };
    // Before the database tells of them, for then nobody makes them again.
    if (reading.decoded) await thumbs.put(thumbNames(hash.toString('hex')));
    const content = recentOf(hash, type) ?? contentOf(reading);
    recent.set(hash.toString('hex'), content);
    for (const oldest of recent.keys()) {
      if (recent.size <= recentContents) break;
      recent.delete(oldest);
    }
    return { row, content };
  };
}

const toRow = (
  { id, size, mtimeNs, type }: Omit<UnreadFile, 'name'>,
  hash: Buffer | null,
  error: CodedError | null,
): ReadFile => ({
  id,
  size,
  mtimeNs,
  type,
  hash,
  errorCode: error?.code ?? null,
  errorMessage: error?.message ?? null,
  mtimeLocal: localTime(mtimeNs),
});

/** A file's mtime as the local time of this machine, `YYYY-MM-DDTHH:MM:SS`. */
function localTime(mtimeNs: string): string {
  const ms = Number(BigInt(mtimeNs) / 1_000_000n);
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
