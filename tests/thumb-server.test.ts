import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyError } from 'fastify';
import sharp from 'sharp';
import { largeName, thumbName } from '../photos/thumb-path.ts';
import { createThumbServer } from '../photos/thumb-server.ts';
import { thumbNames } from '../photos/thumb-store.ts';
import { workerThumbRoutes } from '../web/worker/thumb-routes.ts';
import { temporaryDir } from './support/house.ts';

const token = 'a token of more than 24 characters'.replaceAll(' ', '-');
const hash = createHash('sha256').update('a picture').digest('hex');
const grey = (side: number) => sharp({ create: { width: side, height: 9, channels: 3, background: 'grey' } });

/** A web server that keeps thumbnails in `kept`, and a worker's store that uses it. */
async function worker(t: TestContext, serverToken: string | undefined = token) {
  const kept = temporaryDir(t);
  const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // As the product answers to these codes.
  const statuses: Record<string, number> = { 'request.not-found': 404, 'request.invalid': 400 };
  app.setErrorHandler(async (error: FastifyError, _request, reply) =>
    reply
      .code(statuses[error.code] ?? error.statusCode ?? 500)
      .send({ error: { code: error.code, message: error.message } }),
  );
  const config = { host: '127.0.0.1', port: 1, publicUrl: undefined, trustedProxies: false as const };
  app.register(
    workerThumbRoutes({
      config: { ...config, thumbsDir: kept, trialsDir: kept, ...(serverToken && { workerToken: serverToken }) },
    }),
  );
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  const dir = path.join(temporaryDir(t), 'under way');
  const store = await createThumbServer({ address, token, dir });
  const write = (name: string, bytes: Buffer) => {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), bytes);
  };
  const request = (method: string, where: string, body?: Buffer, type = 'image/webp', shown = token) =>
    fetch(`${address}/worker/${where}`, {
      method,
      headers: { authorization: `Bearer ${shown}`, ...(body && { 'content-type': type }) },
      ...(body && { body: new Uint8Array(body) }),
    });
  return { app, kept, dir, store, write, request };
}

test('what a worker made lies on the server, can be looked at again, and is removed', async (t) => {
  const { kept, dir, store, write } = await worker(t);
  const tile = await grey(320).webp().toBuffer();
  const preview = await grey(1440).webp().toBuffer();
  write(thumbName(hash, 320), tile);
  write(thumbName(hash, 1440), preview);
  await Promise.all([store.put(thumbNames(hash)), store.put(thumbNames(hash))]);
  assert.deepEqual(readFileSync(path.join(kept, thumbName(hash, 320))), tile);
  assert.deepEqual(readFileSync(path.join(kept, thumbName(hash, 1440))), preview);
  assert.ok(!existsSync(path.join(dir, thumbName(hash, 320))), 'nothing is kept twice');
  assert.deepEqual(await store.use(thumbName(hash, 1440), async (file) => readFileSync(file)), preview);

  const large = await grey(3000).jpeg().toBuffer();
  write(largeName(7), large);
  await store.put([largeName(7)]);
  assert.deepEqual(await store.use(largeName(7), async (file) => readFileSync(file)), large);

  await store.remove([...thumbNames(hash), largeName(7)]);
  assert.equal(await store.use(thumbName(hash, 1440), async (file) => existsSync(file)), false);
  const left = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(left, []);
});

test('what is there is never overwritten', async (t) => {
  const { kept, store, write } = await worker(t);
  const [first, second] = [await grey(320).webp().toBuffer(), await grey(319).webp().toBuffer()];
  for (const bytes of [first, second]) {
    write(thumbName(hash, 320), bytes);
    await store.put([thumbName(hash, 320)]);
  }
  assert.deepEqual(readFileSync(path.join(kept, thumbName(hash, 320))), first);
});

test('without the token nothing is told or taken', async (t) => {
  const { kept, request } = await worker(t);
  const tile = await grey(320).webp().toBuffer();
  for (const shown of ['', 'x', `${token}x`, token.slice(1), token.toUpperCase()]) {
    for (const where of [`thumbs/${hash}-320.webp`, 'large/7.jpg', 'nothing']) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        if (where === 'nothing') continue;
        const { status } = await request(method, where, method === 'PUT' ? tile : undefined, 'image/webp', shown);
        assert.equal(status, 401, `${method} ${where} with ${shown}`);
      }
    }
  }
  assert.deepEqual(readdirSync(kept), []);
});

test('a server without a token has nothing for workers, and a worker with another one is told so', async (t) => {
  const tile = await grey(320).webp().toBuffer();
  const none = await worker(t, '');
  none.write(thumbName(hash, 320), tile);
  await assert.rejects(none.store.put([thumbName(hash, 320)]), { code: 'web.refused' });
  const other = await worker(t, `${token}-of-others`);
  other.write(thumbName(hash, 320), tile);
  await assert.rejects(other.store.put([thumbName(hash, 320)]), { code: 'web.refused' });
  await other.app.close();
  await assert.rejects(other.store.put([thumbName(hash, 320)]), { code: 'web.unavailable' });
  assert.ok(existsSync(path.join(other.dir, thumbName(hash, 320))), 'it is kept until it was sent');
});

test('only whole pictures of their size are taken, under names that are hashes', async (t) => {
  const { kept, request } = await worker(t);
  const tile = await grey(320).webp().toBuffer();
  const refused: [string, string, Buffer, string?][] = [
    ['too wide', `thumbs/${hash}-320.webp`, await grey(321).webp().toBuffer()],
    ['cut off', `thumbs/${hash}-320.webp`, tile.subarray(0, -3)],
    ['with something behind it', `thumbs/${hash}-320.webp`, Buffer.concat([tile, Buffer.from('<script>')])],
    ['a JPEG', `thumbs/${hash}-320.webp`, await grey(320).jpeg().toBuffer()],
    ['text', `thumbs/${hash}-320.webp`, Buffer.from('<svg onload="alert(1)"/>')],
    ['of no type', `thumbs/${hash}-320.webp`, tile, 'text/html'],
    ['too large', `thumbs/${hash}-320.webp`, Buffer.alloc(5 * 1024 * 1024)],
    ['of another size', `thumbs/${hash}-640.webp`, tile],
    ['named by no hash', `thumbs/${'g'.repeat(64)}-320.webp`, tile],
    ['on its way elsewhere', `thumbs/..%2f..%2f${hash}-320.webp`, tile],
    ['of no file', 'large/0.jpg', await grey(100).jpeg().toBuffer(), 'image/jpeg'],
    ['a WebP', 'large/7.jpg', tile, 'image/jpeg'],
    ['on its way elsewhere', 'large/..%2f7.jpg', await grey(100).jpeg().toBuffer(), 'image/jpeg'],
  ];
  for (const [what, where, bytes, type] of refused) {
    const { status } = await request('PUT', where, bytes, type);
    assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
  }
  assert.deepEqual(readdirSync(kept), []);
  assert.equal((await request('PUT', `thumbs/${hash}-320.webp`, tile)).status, 201);
});
