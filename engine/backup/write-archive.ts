import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

export interface Archive {
  /** Adds a file; waits where the disk does not keep up, so that nothing piles up. */
  add(name: string, content: Buffer): Promise<void>;
}

/**
 * Writes a compressed tar archive that only its owner may read. It gets its name when it is whole and on the disk: until
 * then, and for ever when `fill` fails, a file that had the name stays as it was.
 */
export async function writeArchive(file: string, fill: (archive: Archive) => Promise<void>): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.partial`);
  const tar = pack();
  try {
    const written = pipeline(
      tar,
      createGzip({ level: 4 }),
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    const filled = fill({ add: (name, content) => addEntry(tar, name, content) }).then(
      () => tar.finalize(),
      (error: unknown) => {
        tar.destroy(error instanceof Error ? error : new Error(String(error)));
        throw error;
      },
    );
    const [filling, writing] = await Promise.allSettled([filled, written]);
    // A disk that is full ends both; that it is full is what the stream to the file says.
    if (writing.status === 'rejected' && isOfSystem(writing.reason)) throw writing.reason;
    if (filling.status === 'rejected') throw filling.reason;
    if (writing.status === 'rejected') throw writing.reason;
    await rename(draft, file);
    await flushDir(path.dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

async function addEntry(tar: ReturnType<typeof pack>, name: string, content: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sink = tar.entry({ name, size: content.length, mode: 0o600 }, (error) => (error ? reject(error) : resolve()));
    // What ended the archive ends the entry under way as well, and some time after it was told above.
    sink.on('error', reject);
    sink.end(content);
  });
}

/** A new name is safe from a power cut when its dir is on the disk too. */
async function flushDir(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } catch {
    // Some network disks can't; the file itself is written.
  } finally {
    await handle.close();
  }
}
