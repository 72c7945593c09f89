import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import sharp from 'sharp';
import Type from 'typebox';
import { CodedError } from '../../model/errors.ts';
import type { Web } from '../shared.ts';

const ThumbParams = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Type.Enum(['320', '1440']),
});
const LargeParams = Type.Object({ file: Type.String({ pattern: '^[1-9][0-9]{0,9}$' }) });

/** Far more than any of them has; bytes. */
const thumbBytes = 4 * 1024 * 1024;
const largeBytes = 32 * 1024 * 1024;
/** The longest side of a larger version; pixels. */
const largeSide = 4000;

/**
 * Thumbnails for workers on other machines: by the hash of what they show and their size, and, while faces are looked for, larger
 * versions by the number of their file. Only for who shows the worker token; there is nothing here where none is set.
 */
export const workerThumbRoutes =
  ({ config: { thumbsDir, workerToken } }: Pick<Web, 'config'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    if (workerToken === undefined) return;
    const wanted = digest(`Bearer ${workerToken}`);
    // Before a body is read. Digests have one length, so that the comparison tells nothing of the token.
    app.addHook('onRequest', async (request, reply) => {
      if (timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)) return;
      await reply.code(401).header('www-authenticate', 'Bearer').send(refused);
    });
    app.addContentTypeParser(['image/webp', 'image/jpeg'], { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });

    // A worker is nobody who has an account, and what it makes is told by the jobs it works for.
    const config = { right: 'open', changesNothing: true } as const;
    const thumb = (hash: string, size: string) =>
      path.join(thumbsDir, hash.slice(0, 2), hash.slice(2, 4), `${hash}-${size}.webp`);
    const large = (file: string) => path.join(thumbsDir, 'large', `${file}.jpg`);

    const thumbUrl = '/worker/thumbs/:hash-:size.webp';
    app.get(thumbUrl, { config, schema: { params: ThumbParams } }, async ({ params: { hash, size } }, reply) =>
      give(reply, thumb(hash, size), 'image/webp'),
    );
    app.put(
      thumbUrl,
      { config, schema: { params: ThumbParams }, bodyLimit: thumbBytes },
      async ({ params: { hash, size }, body }, reply) =>
        take(reply, thumb(hash, size), await checked(body, 'webp', Number(size))),
    );
    app.delete(thumbUrl, { config, schema: { params: ThumbParams } }, async ({ params: { hash, size } }, reply) =>
      forget(reply, thumb(hash, size)),
    );

    const largeUrl = '/worker/large/:file.jpg';
    app.get(largeUrl, { config, schema: { params: LargeParams } }, async ({ params: { file } }, reply) =>
      give(reply, large(file), 'image/jpeg'),
    );
    app.put(
      largeUrl,
      { config, schema: { params: LargeParams }, bodyLimit: largeBytes },
      async ({ params: { file }, body }, reply) => take(reply, large(file), await checked(body, 'jpeg', largeSide)),
    );
    app.delete(largeUrl, { config, schema: { params: LargeParams } }, async ({ params: { file } }, reply) =>
      forget(reply, large(file)),
    );
  };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const refused = { error: { code: 'web.refused', message: 'This needs the worker token.' } };

/** A whole picture of that format, no larger than it may be. Throws request.invalid. */
async function checked(body: unknown, format: 'webp' | 'jpeg', longest: number): Promise<Buffer> {
  const invalid = new CodedError('request.invalid', `That is no ${format} of at most ${longest} pixels.`);
  if (!Buffer.isBuffer(body)) throw invalid;
  // Such a file says how long it is: one that was cut off is known by that.
  if (format === 'webp' && (body.length < 12 || body.readUInt32LE(4) + 8 !== body.length)) throw invalid;
  if (format === 'jpeg' && !body.subarray(-2).equals(endOfJpeg)) throw invalid;
  const found = await sharp(body, { limitInputPixels: longest * longest })
    .metadata()
    .catch(() => null);
  if (found?.format !== format || Math.max(found.width, found.height) > longest || (found.pages ?? 1) > 1)
    throw invalid;
  return body;
}

const endOfJpeg = Buffer.from([0xff, 0xd9]);

/** 201 where it is new; 200 where one was there, which stays as it is. */
async function take(reply: FastifyReply, file: string, bytes: Buffer): Promise<FastifyReply> {
  const draft = `${file}.${randomUUID()}.part`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(draft, bytes, { flag: 'wx' });
    await link(draft, file);
    return await reply.code(201).send();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return await reply.code(200).send();
  } finally {
    await rm(draft, { force: true });
  }
}

async function give(reply: FastifyReply, file: string, type: string): Promise<FastifyReply> {
  try {
    return await reply
      .type(type)
      .header('cache-control', 'no-store')
      .send(await readFile(file));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new CodedError('request.not-found', 'There is no such picture.', { cause: error });
  }
}

async function forget(reply: FastifyReply, file: string): Promise<FastifyReply> {
  await rm(file, { force: true });
  return await reply.code(204).send();
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
