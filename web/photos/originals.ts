import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../model/errors.ts';
import { disposition, shownAs } from './media-types.ts';

/** A byte range as the request asks for it; null: the whole file; 'none': one that the file does not have. */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | null | 'none' {
  // Several ranges at once are answered with the whole file, as the standard allows.
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [from, to] = [match[1] ?? '', match[2] ?? ''];
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? 'none' : { start, end };
}

interface Original {
  path: Buffer;
  /** What it is called where it is saved; its extension says what it is. */
  name: string;
  /** The clip of a motion photo, in bytes of its file. */
  part?: { offset: number; length: number };
}

/**
 * Streams an original, read only, or the range of it that was asked for. It can't run anything: what is not a raster
 * picture or a video is a download, and all of it is sandboxed. Throws file.missing and file.unreadable.
 */
export async function sendOriginal(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, name, part }: Original,
): Promise<FastifyReply> {
  const file = await openFile(path);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new CodedError('file.unreadable', 'That is no ordinary file any more.');
    const { offset, length } = part ?? { offset: 0, length: info.size };
    if (offset + length > info.size) throw new CodedError('file.missing', 'The file has changed since it was read.');
    const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`;
    const { type, inline } = shownAs(name);
    reply
      .header('content-security-policy', 'sandbox')
      .header('content-disposition', disposition(inline, name))
      .header('cache-control', 'private, no-cache')
      .header('accept-ranges', 'bytes')
      .header('etag', etag)
      .type(type);
    const { 'if-none-match': known, 'if-range': ifRange, range: wanted } = request.headers;
    const range = ifRange === undefined || ifRange === etag ? parseRange(wanted, length) : null;
    if (known === etag || range === 'none' || request.method === 'HEAD') {
      await file.close();
      if (known === etag) return await reply.code(304).send();
      if (range === 'none') return await reply.code(416).header('content-range', `bytes */${length}`).send();
      return await reply.header('content-length', length).send();
    }
    const { start, end } = range ?? { start: 0, end: length - 1 };
    reply.header('content-length', end - start + 1);
    if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${length}`);
    if (length === 0) {
      await file.close();
      return await reply.send('');
    }
    return await reply.send(file.createReadStream({ start: offset + start, end: offset + end }));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Opens without waiting for the other end of a pipe, and without following a link that took the file's place. */
async function openFile(path: Buffer) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new CodedError('file.missing', 'The file is gone from the disk.', { cause: error });
    throw new CodedError('file.unreadable', 'The file could not be opened.', { cause: error });
  }
}
