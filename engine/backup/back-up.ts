import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '../../model/errors.ts';
import {
  atOneMoment,
  copyOut,
  picturesToKeep,
  sequencesToDump,
  tablesToDump,
  type DumpedTable,
} from '../../sql/backup.ts';
import type { Database, Queries } from '../../sql/database.ts';
import { ranMigrations } from '../../sql/schema-version.ts';
import { allThumbs } from './all-thumbs.ts';
import { manifestEntry, tableEntryName, thumbEntryName, type Manifest } from './manifest.ts';
import { countLines, createSumming } from './summing.ts';
import { writeArchive, type Archive } from './write-archive.ts';

/** Bytes of rows in one entry. */
const pieceBytes = 1024 * 1024;

export interface BackUpDeps {
  sql: Database;
  thumbsDir: string;
  /** Of this program. */
  version: string;
}

/**
 * Writes all that is known to a file: the database as it is at this moment, and pictures that can't be made again;
 * `thumbs`: all thumbnails. The house may run meanwhile. Memory does not grow with what there is to write.
 * @returns what was written. Throws backup.not-written.
 */
export async function backUp(
  { sql, thumbsDir, version }: BackUpDeps,
  file: string,
  thumbs: boolean,
): Promise<Manifest> {
  return await write(sql, version, file, async (archive) => {
    const names = thumbs ? allThumbs(thumbsDir) : await picturesToKeep(sql);
    return { all: thumbs, ...(await addPictures(archive, thumbsDir, names)) };
  });
}

/** The database alone, for who has the thumbnails. @returns what was written. Throws backup.not-written. */
export async function backUpDatabase(sql: Database, version: string, file: string): Promise<Manifest> {
  return await write(sql, version, file, async () => ({ all: false, files: 0, ...createSumming().end() }));
}

async function write(
  sql: Database,
  version: string,
  file: string,
  addThumbs: (archive: Archive) => Promise<Manifest['thumbs']>,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  try {
    await writeArchive(file, async (archive) => {
      const dump = await atOneMoment(sql, async (tx) => {
        const tables: Manifest['tables'] = [];
        const [migrations, at] = [await ranMigrations(tx), new Date().toISOString()];
        for (const table of await tablesToDump(tx)) tables.push(await addTable(archive, tx, table));
        return { migrations, at, tables };
      });
      // Numbers are given out of any transaction: those that are told now are not below any row that was read.
      const sequences = [...(await sequencesToDump(sql))];
      const thumbs = await addThumbs(archive);
      manifest = { format: 1, product: 'photo-assistant', version, ...dump, sequences, thumbs };
      await archive.add(manifestEntry, Buffer.from(JSON.stringify(manifest)));
    });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new CodedError('backup.not-written', `The backup could not be written (${error.message}).`, { cause: error });
  }
  if (!manifest) throw new Error('A backup has no manifest.');
  return manifest;
}

async function addTable(archive: Archive, tx: Queries, table: DumpedTable): Promise<Manifest['tables'][number]> {
  const sum = createSumming();
  let [rows, number] = [0, 0];
  for await (const piece of inPieces(copyOut(tx, table))) {
    sum.add(piece);
    rows += countLines(piece);
    await archive.add(tableEntryName(table.name, ++number), piece);
  }
  return { ...table, rows, ...sum.end() };
}

/** The same bytes in pieces of one size. */
async function* inPieces(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [gathered, size]: [Buffer[], number] = [[], 0];
  for await (const chunk of rows) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    const all = Buffer.concat(gathered);
    let at = 0;
    for (; all.length - at >= pieceBytes; at += pieceBytes) yield all.subarray(at, at + pieceBytes);
    gathered = [all.subarray(at)];
    size = all.length - at;
  }
  if (size > 0) yield Buffer.concat(gathered);
}

/** Thumbnails that went meanwhile, with their photos, are left out. */
async function addPictures(
  archive: Archive,
  thumbsDir: string,
  names: Iterable<string> | AsyncIterable<string>,
): Promise<Omit<Manifest['thumbs'], 'all'>> {
  const sum = createSumming();
  let files = 0;
  for await (const name of names) {
    const content = await readFile(path.join(thumbsDir, name)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    });
    if (content === null) continue;
    sum.add(name, content);
    files++;
    await archive.add(thumbEntryName(name), content);
  }
  return { files, ...sum.end() };
}
