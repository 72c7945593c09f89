import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import postgres from 'postgres';
import { CodedError } from '../../model/errors.ts';
import { createPart } from './part.ts';
import { freePort } from './ports.ts';
import { embeddedPostgres } from './postgres.ts';
import { processStart } from './process-identity.ts';

/** A data folder that only its owner may enter, as a home directory is. */
function privateFolder(t: TestContext): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'postgres-'));
  assert.equal(statSync(parent).mode & 0o777, 0o700);
  t.after(() => rmSync(parent, { recursive: true }));
  return path.join(parent, 'data');
}

async function startPostgres(t: TestContext, dataDir: string) {
  const embedded = await embeddedPostgres(dataDir, await freePort());
  const part = createPart(embedded.plan, {
    logsDir: path.join(dataDir, 'logs'),
    started: () => undefined,
    ended: () => undefined,
    changed: () => undefined,
  });
  t.after(() => part.stop());
  await part.start();
  return { ...embedded, part };
}

async function query<T>(url: string, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

test('Postgres is made and started in a folder that only its owner may enter, keeps its data, and survives its own death', async (t) => {
  const dataDir = privateFolder(t);
  const first = await startPostgres(t, dataDir);
  await query(first.databaseUrl, async (sql) => {
    const [row] = await sql`
      SELECT current_database() AS name, pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
      FROM pg_database WHERE datname = current_database()`;
    assert.deepEqual({ ...row }, { name: 'photo_assistant', encoding: 'UTF8', locale: 'C.UTF-8' });
    await sql`CREATE TABLE sample AS SELECT 'Zoë' AS name`;
  });
  const names = (url: string) =>
    query(url, async (sql) => (await sql`SELECT name FROM sample`).map(({ name }) => String(name)));

  const pid = first.part.state.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  while (first.part.state.restarts === 0 || first.part.state.status !== 'running')
    await new Promise((go) => setTimeout(go, 20));
  assert.deepEqual(await names(first.databaseUrl), ['Zoë']);

  await first.part.stop();
  assert.equal(processStart(pid), null);
  const second = await startPostgres(t, dataDir);
  assert.deepEqual(await names(second.databaseUrl), ['Zoë']);
  if (process.getuid?.() === 0) assert.notEqual(statSync(path.join(dataDir, 'postgres', 'cluster')).uid, 0);
});

test('only who knows the password gets in, over TCP on this machine alone', async (t) => {
  const dataDir = privateFolder(t);
  const { databaseUrl, part } = await startPostgres(t, dataDir);
  const wrong = databaseUrl.replace(/:[0-9a-f]+@/, ':guess@');
  await assert.rejects(
    query(wrong, (sql) => sql`SELECT 1`),
    /password authentication failed/,
  );
  const shown = await query(databaseUrl, async (sql) => [
    await sql`SHOW listen_addresses`,
    await sql`SHOW unix_socket_directories`,
    await sql`SHOW fsync`,
  ]);
  assert.deepEqual(
    shown.map(([row]) => ({ ...row })),
    [{ listen_addresses: '127.0.0.1' }, { unix_socket_directories: '' }, { fsync: 'on' }],
  );
  assert.equal(statSync(path.join(dataDir, 'postgres', 'password')).mode & 0o777, 0o600);
  await part.stop();
});

test('what an interrupted first start left behind is made anew', async (t) => {
  const dataDir = privateFolder(t);
  mkdirSync(path.join(dataDir, 'postgres', 'cluster.new'), { recursive: true });
  writeFileSync(path.join(dataDir, 'postgres', 'cluster.new', 'PG_VERSION'), '18\n');
  await embeddedPostgres(dataDir, 1);
  assert.deepEqual(readdirSync(path.join(dataDir, 'postgres')).sort(), ['cluster', 'password']);
});

test('a cluster of another version is left alone, and said so', async (t) => {
  const dataDir = privateFolder(t);
  mkdirSync(path.join(dataDir, 'postgres', 'cluster'), { recursive: true });
  writeFileSync(path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '17\n');
  await assert.rejects(
    embeddedPostgres(dataDir, 1),
    (error: unknown) =>
      error instanceof CodedError && error.code === 'database.other-major' && error.message.includes('Postgres 17'),
  );
});
