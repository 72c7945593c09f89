import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { CodedError } from '../../model/errors.ts';

/** Bytes. Rows come in pieces of one megabyte; no preview is nearly as large, and no manifest. */
const largestEntry = 32 * 1024 * 1024;

export interface ArchiveEntry {
  name: string;
  content: Buffer;
}

/**
 * The files in a compressed tar archive, one after another, each whole in memory. Nothing is believed of it: throws
 * backup.invalid where it is cut off, damaged, or holds anything but files of a sensible size; `limit` bounds what comes
 * out of it, for a small file may hold a great many zeros.
 */
export async function* readArchive(file: string, limit: number): AsyncGenerator<ArchiveEntry> {
  const tar = extract();
  // What is no file (headers of other kinds of tar) would be gathered without an end.
  let sinceFile = 0;
  const watched = new Transform({
    transform(chunk: Buffer, _, done) {
      sinceFile += chunk.length;
      if (sinceFile > 2 * largestEntry) done(new Error('there is no file where one should be'));
      else done(null, chunk);
    },
  });
  let failed: unknown;
  pipeline(createReadStream(file), createGunzip(), watched, tar, (error) => (failed = error));
  let left = limit;
  try {
    for await (const entry of tar) {
      const { name, size, type } = entry.header;
      if (type !== 'file')
        throw new CodedError('backup.invalid', `${file} holds something that is no file: ${shown(name)}.`);
      sinceFile = 0;
      left -= size;
      if (size > largestEntry || left < 0) {
        throw new CodedError('backup.invalid', `${file} holds more than it may: ${shown(name)} is too large.`);
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      yield { name, content: Buffer.concat(chunks) };
    }
  } catch (error) {
    const why = failed ?? error;
    if (why instanceof CodedError) throw why;
    const { code, message } = why as Error & { code?: string };
    if (code !== undefined && ['ENOENT', 'EACCES', 'EISDIR', 'EPERM', 'EIO'].includes(code)) {
      throw new CodedError('backup.not-read', `${file} can not be read (${message}).`, { cause: why });
    }
    throw new CodedError('backup.invalid', `${file} is damaged, cut off, or no backup (${message}).`, { cause: why });
  } finally {
    tar.destroy();
    watched.destroy();
  }
}

/** A name out of the archive, for a message. */
const shown = (name: string) => JSON.stringify(name.slice(0, 120));
