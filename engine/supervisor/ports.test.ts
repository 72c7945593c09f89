import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { CodedError } from '../../model/errors.ts';
import { assertPageAddressFree, assertPortFree, freePort } from './ports.ts';

const coded =
  (code: string, ...words: string[]) =>
  (error: unknown) =>
    error instanceof CodedError && error.code === code && words.every((word) => error.message.includes(word));

test('a port in use is refused with what to do', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await assert.rejects(assertPageAddressFree('127.0.0.1', port), coded('house.port-in-use', String(port), 'PORT='));
  await assert.rejects(assertPortFree(port, 'Postgres'), coded('house.port-in-use', String(port), 'Postgres'));
});

test('an address of another machine is refused', async () => {
  await assert.rejects(assertPageAddressFree('192.0.2.1', 4800), coded('config.invalid', '192.0.2.1'));
});

test('a free port can be listened on', async () => {
  const port = await freePort();
  await assertPortFree(port, 'Postgres');
  await assertPageAddressFree('127.0.0.1', port);
});
