import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { createPart } from '../../engine/supervisor/part.ts';
import { freePort } from '../../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../../engine/supervisor/postgres.ts';
import { embeddedTemporal } from '../../engine/supervisor/temporal.ts';
import { openLine } from './cut-line.ts';
import { temporaryDir } from './house.ts';

/** Postgres and Temporal as somebody else keeps them, each at the end of a line that can be cut. */
export async function cuttableServers(t: Pick<TestContext, 'after'>) {
  const dir = temporaryDir(t, 'photo-assistant-servers-');
  const logsDir = path.join(dir, 'logs');
  mkdirSync(logsDir);
  const nothing = () => undefined;
  const told = { logsDir, started: nothing, ended: nothing, changed: nothing };
  const [database, jobs] = [
    await embeddedPostgres(dir, await freePort()),
    await embeddedTemporal(dir, 'photo-assistant'),
  ];
  const [postgres, temporal] = [createPart(database.plan, told), createPart(jobs.plan, told)];
  t.after(async () => void (await Promise.all([postgres.stop(), temporal.stop()])));
  await Promise.all([postgres.start(), temporal.start()]);
  const url = new URL(database.databaseUrl);
  const lines = {
    postgres: await openLine(Number(url.port)),
    temporal: await openLine(Number(jobs.address.split(':')[1])),
  };
  t.after(async () => void (await Promise.all([lines.postgres.close(), lines.temporal.close()])));
  url.port = String(lines.postgres.port);
  return {
    parts: { postgres, temporal },
    lines,
    env: { DATABASE_URL: url.href, TEMPORAL_ADDRESS: `127.0.0.1:${lines.temporal.port}` },
    databaseUrl: database.databaseUrl,
  };
}
