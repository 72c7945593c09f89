import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { CodedError, type ErrorCode } from '../model/errors.ts';
import { displayName, fromBytes, toBytes, type ByteString } from '../model/names.ts';

interface FoundFile {
  file: Buffer;
  /** For people. */
  name: string;
  /** The name of its folder, where folders tell persons. */
  who: string | null;
}

/** A name of a person is not longer. */
const longestName = 200;

/**
 * The files of a folder by name, or `byFolder` those of the folders in it; not of folders further down, and nothing whose
 * name begins with a dot. Nothing of it is opened. @returns at most `most` of them, and how many more there are
 * @throws CodedError root.missing, root.not-directory, root.unreadable
 */
export async function picturesInFolder(
  path: ByteString,
  { byFolder, most }: { byFolder: boolean; most: number },
): Promise<{ sources: FoundFile[]; left: number }> {
  if (!path.startsWith('/')) throw new CodedError('root.missing', 'The path of a folder begins with a slash.');
  const folders = byFolder
    ? (await entriesOf(path)).filter((entry) => entry.isDirectory()).map((entry) => fromBytes(entry.name))
    : [null];
  const sources: FoundFile[] = [];
  let left = 0;
  for (const folder of folders) {
    const where = folder === null ? path : `${path}/${folder}`;
    const who = folder === null ? null : displayName(folder).trim().slice(0, longestName).toWellFormed() || null;
    for (const entry of await entriesOf(where)) {
      const file = toBytes(`${where}/${fromBytes(entry.name)}`);
      if (!(await isFile(entry, file))) continue;
      if (sources.length === most) left++;
      else sources.push({ file, name: displayName(fromBytes(entry.name)), who });
    }
  }
  return { sources, left };
}

/** A link to a file counts as one; what is gone by now is none. */
async function isFile(entry: Dirent<Buffer>, file: Buffer): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return (await stat(file)).isFile();
  } catch {
    // A link that leads nowhere.
    return false;
  }
}

async function entriesOf(path: ByteString): Promise<Dirent<Buffer>[]> {
  try {
    const entries = await readdir(toBytes(path), { encoding: 'buffer', withFileTypes: true });
    return entries.filter((entry) => entry.name[0] !== 0x2e).sort((a, b) => Buffer.compare(a.name, b.name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const shown = displayName(path);
    if (code === 'ENOTDIR')
      throw new CodedError('root.not-directory', `${shown} is not a directory.`, { cause: error });
    const why: ErrorCode = code === 'EACCES' || code === 'EPERM' ? 'root.unreadable' : 'root.missing';
    throw new CodedError(why, `The directory ${shown} could not be read.`, { cause: error });
  }
}
