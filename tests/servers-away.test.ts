import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { freePort } from '../engine/supervisor/ports.ts';
import { quickDatabase } from './support/database.ts';
import { program, temporaryDir } from './support/house.ts';

interface Servers {
  databaseUrl: string;
  temporalAddress: string;
}

/** What a command says where a server is away. */
async function command(t: TestContext, { databaseUrl, temporalAddress }: Servers, ...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    PHOTO_ASSISTANT_DATA: temporaryDir(t),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
  };
  return await new Promise<{ code: unknown; output: string }>((resolve) =>
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    ),
  );
}

test('commands say in one line that the database does not answer', async (t) => {
  const away = await freePort();
  const servers = { databaseUrl: `postgres://a@127.0.0.1:${away}/b`, temporalAddress: `127.0.0.1:${away}` };
  const backup = path.join(temporaryDir(t), 'backup');
  for (const words of [['status'], ['migrate'], ['backup', backup]]) {
    const { code, output } = await command(t, servers, ...words);
    assert.match(output, /^database\.unavailable: .*ECONNREFUSED.*\n$/, words.join(' '));
    assert.equal(code, 1);
  }
});

test('a command says in one line that the job server went away while it was asked', async (t) => {
  const { url: databaseUrl, stop } = await quickDatabase();
  t.after(stop);
  // It breaks off each connection on which it is asked something, as one that is killed just then.
  const broken = createServer().on('stream', (stream) => stream.session?.destroy());
  await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
  t.after(() => broken.close());
  const { port } = broken.address() as AddressInfo;
  for (const temporalAddress of [`127.0.0.1:${port}`, `127.0.0.1:${await freePort()}`]) {
    const { code, output } = await command(t, { databaseUrl, temporalAddress }, 'status');
    assert.match(output, /^temporal\.unavailable: .*\n$/);
    assert.equal(code, 1);
  }
});
