/**
 * A decoder: the child process in which files are hashed and pictures decoded, so that a picture which takes it down
 * takes nothing else along. Started by decoder-pool.ts.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { CodedError, reportOf, type ErrorCode } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import { decode, decodeLarge, decodeVideo } from './decode/decode.ts';
import { largeBytes, type Room } from './decode/limits.ts';
import { notDecoded, type Decodement, type FromDecoder, type Hashed, type ToDecoder } from './decoder-messages.ts';
import { motionClip } from './motion.ts';
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
/** What a format's signature lies in. */
const sniffBytes = 4096;
const maxPictureBytes = 512 * 1024 * 1024;

// Whatever it is doing: without the worker nobody waits for it, and an ordinary exit would wait for the decoder.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches all processes; when to end is for the worker to say.
process.on('SIGINT', () => {});
process.on('message', (message) => void hear(message as ToDecoder)); // Both ends are of one build.

const say = (word: FromDecoder): void => void process.send?.(word);

type Verdict = Extract<ToDecoder, { say: 'decode' | 'enough' }>;

let verdict: (word: Verdict) => void = () => {};
let go: () => void = () => {};

async function hear(word: ToDecoder): Promise<void> {
  if (word.say === 'go') return go();
  if (word.say !== 'read') return verdict(word);
  const asked = new Promise<Verdict>((resolve) => (verdict = resolve));
  let file: FileHandle | undefined;
  try {
    file = await opened(word.path);
    const { bytes, ...hashed } = await read(file, word.type);
    say({ say: 'hashed', ...hashed });
    const answer = await asked;
    if (answer.say === 'enough') say({ say: 'done', ...notDecoded });
    else say({ say: 'done', ...(await decoded(file, bytes, hashed, word, answer)) });
  } catch (error) {
    say({ say: 'failed', ...reportOf(error) });
  } finally {
    await file?.close();
  }
}

/** Reads a file from disk, once: hashed as it comes in, and kept where it is a picture. */
async function read(file: FileHandle, byName: FileType): Promise<Hashed & { bytes: Buffer | null }> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw new CodedError('file.unreadable', 'It is not a regular file.');
  const size = Number(before.size);
  const head = Buffer.alloc(Math.min(sniffBytes, size));
  await filled(file, head, 0);
  const type = byName === 'other' ? await typeByContent(head) : byName;
  const bytes = type === 'image' && size <= maxPictureBytes ? Buffer.allocUnsafeSlow(size) : null;
  const chunk = bytes ?? Buffer.allocUnsafeSlow(Math.min(chunkBytes, size));
  const hash = createHash('sha256');
  let read = 0;
  for (let n = 1; read < size; n++) {
    const offset = bytes ? read : 0;
    const bytesRead = await filled(file, chunk.subarray(offset, offset + Math.min(chunkBytes, size - read)), read);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(offset, offset + bytesRead));
    read += bytesRead;
    if (n % chunksPerWord === 0) say({ say: 'busy' });
  }
  const after = await file.stat({ bigint: true });
  if (read !== size || after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
    throw new CodedError('file.still-written', 'The file changed while it was being read.');
  }
  return { hash: hash.digest(), size, mtimeNs: before.mtimeNs, type, bytes };
}

/** Reads into a buffer from a place in the file. @returns how many bytes there were */
async function filled(file: FileHandle, into: Buffer, position: number): Promise<number> {
  try {
    return (await file.read(into, 0, into.length, position)).bytesRead;
  } catch (error) {
    throw new CodedError('file.unreadable', plain(error), { cause: error });
  }
}

/** What a file is whose name does not say. */
async function typeByContent(head: Buffer): Promise<FileType> {
  const mime = (await fileTypeFromBuffer(head))?.mime;
  // Drawings and documents are no photos, and a script in them could run.
  if (mime?.startsWith('image/') && !mime.includes('svg')) return 'image';
  return mime?.startsWith('video/') ? 'video' : 'other';
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

async function decoded(
  file: FileHandle,
  bytes: Buffer | null,
  { hash, type, size }: Hashed,
  { path, thumbsDir }: Extract<ToDecoder, { say: 'read' }>,
  { orientation, into }: Extract<ToDecoder, { say: 'decode' }>,
): Promise<Decodement> {
  const refused = (code: ErrorCode, message: string): Decodement => ({
    ...notDecoded,
    error: { code, message },
    decodeMs: 0,
  });
  if (size === 0) return refused('decode.failed', 'The file is empty.');
  if (type === 'image' && !bytes) {
    const most = maxPictureBytes / chunkBytes;
    return refused('decode.too-large', `The file is larger than the ${most} MiB up to which pictures are decoded.`);
  }
  const begun = performance.now();
  const waiting = createRoom();
  const { room } = waiting;
  if (into !== null) {
    const large = bytes && (await decodeLarge(bytes, path, orientation, room));
    if (large) await write(into, large);
    return notDecoded;
  }
  // By its number, for the name need not be text; the file is open already.
  const result = bytes ? await decode(bytes, path, orientation, room) : await decodeVideo(`/dev/fd/${file.fd}`, room);
  const { picture, error, decoder, clip } = result;
  const decodeMs = Math.round(performance.now() - begun - waiting.ms());
  const motion = bytes && picture ? motionClip(bytes) : null;
  if (!picture) return { ...notDecoded, error, decodeMs };
  const { width, height, thumbhash } = picture;
  await write(thumbPath(thumbsDir, hash.toString('hex'), 1440), picture.preview);
  await write(thumbPath(thumbsDir, hash.toString('hex'), 320), picture.tile);
  return { decoded: { width, height, thumbhash, clip }, error, decoder, decodeMs, motion };
}

/** Asks for room once for a file, whatever decoders try it. `ms`: how long that took. */
function createRoom(): { room: Room; ms: () => number } {
  let alone = false;
  let waited = 0;
  const room = async (bytes: number): Promise<void> => {
    if (alone || bytes <= largeBytes) return;
    const begun = performance.now();
    const answer = new Promise<void>((resolve) => (go = resolve));
    say({ say: 'large' });
    await answer;
    alone = true;
    waited = performance.now() - begun;
  };
  return { room, ms: () => waited };
}

/** All or nothing, under a temporary name that the next attempt takes again, so that none is ever left behind. */
async function write(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}
