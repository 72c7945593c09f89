/**
 * A decoder: the child process in which files are hashed and pictures decoded, so that a picture which takes it down
 * takes nothing else along. Started by decoder-pool.ts.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { CodedError, reportOf } from '../model/errors.ts';
import { decode } from './decode.ts';
import type { Decodement, FromDecoder, Hashed, ToDecoder } from './decoder-messages.ts';
import { thumbPath } from './thumb-path.ts';

sharp.concurrency(1);
sharp.cache(false);
// Formats are told by content, and a photo library has no use for scripts and documents in a picture's name.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});

const chunkBytes = 1024 * 1024;
const chunksPerWord = 64;
const maxPictureBytes = 512 * 1024 * 1024;

// Whatever it is doing: without the worker nobody waits for it, and an ordinary exit would wait for the decoder.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches all processes; when to end is for the worker to say.
process.on('SIGINT', () => {});
process.on('message', (message) => void hear(message as ToDecoder)); // Both ends are of one build.

const say = (word: FromDecoder): void => void process.send?.(word);

let verdict: (word: 'decode' | 'enough') => void = () => {};

async function hear(word: ToDecoder): Promise<void> {
  if (word.say !== 'read') return verdict(word.say);
  const asked = new Promise<'decode' | 'enough'>((resolve) => (verdict = resolve));
  try {
    const { bytes, ...hashed } = await read(word.path, word.decoding !== 'never');
    say({ say: 'hashed', ...hashed });
    const decodement = (await asked) === 'decode' ? await picture(bytes, hashed.hash, word) : nothing;
    say({ say: 'done', ...decodement });
  } catch (error) {
    say({ say: 'failed', ...reportOf(error) });
  }
}

const nothing: Decodement = { decoded: null, error: null };

/** Reads a file from disk, once: hashed as it comes in, and kept where it may be decoded. */
async function read(path: Buffer, keep: boolean): Promise<Hashed & { bytes: Buffer | null }> {
  const file = await opened(path);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new CodedError('file.unreadable', 'It is not a regular file.');
    const size = Number(before.size);
    const kept = keep && size <= maxPictureBytes ? Buffer.allocUnsafeSlow(size) : null;
    const chunk = kept ?? Buffer.allocUnsafeSlow(Math.min(chunkBytes, size));
    const hash = createHash('sha256');
    let read = 0;
    for (let n = 1; read < size; n++) {
      const offset = kept ? read : 0;
      const { bytesRead } = await file
        .read(chunk, offset, Math.min(chunkBytes, size - read), read)
        .catch((error: unknown) => {
          throw new CodedError('file.unreadable', plain(error));
        });
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(offset, offset + bytesRead));
      read += bytesRead;
      if (n % chunksPerWord === 0) say({ say: 'busy' });
    }
    const after = await file.stat({ bigint: true });
    if (read !== size || after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
      throw new CodedError('file.still-written', 'The file changed while it was being read.');
    }
    return { hash: hash.digest(), size, mtimeNs: before.mtimeNs, bytes: kept };
  } finally {
    await file.close();
  }
}

/** Opened without waiting, for a pipe that took a file's name would hold the decoder for ever. */
async function opened(path: Buffer): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    throw new CodedError(gone ? 'file.missing' : 'file.unreadable', gone ? undefined : plain(error), { cause: error });
  }
}

/** The system's reason without the path, which need not be text: "EACCES: permission denied". */
const plain = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, (open|read|stat)\b.*$/s, '.');

async function picture(
  bytes: Buffer | null,
  hash: Buffer,
  word: Extract<ToDecoder, { say: 'read' }>,
): Promise<Decodement> {
  if (!bytes) {
    const message = `The file is larger than the ${maxPictureBytes / chunkBytes} MiB up to which pictures are decoded.`;
    return { decoded: null, error: { code: 'decode.too-large', message } };
  }
  const { picture, error } = await decode(bytes, word.decoding);
  if (!picture) return { decoded: null, error };
  const { width, height, thumbhash } = picture;
  await write(thumbPath(word.thumbsDir, hash.toString('hex'), 1440), picture.preview);
  await write(thumbPath(word.thumbsDir, hash.toString('hex'), 320), picture.tile);
  return { decoded: { width, height, thumbhash }, error };
}

/** All or nothing, under a temporary name that the next attempt takes again, so that none is ever left behind. */
async function write(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}
