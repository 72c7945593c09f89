import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import { createJobClient } from '../engine/client/job-client.ts';
import type { Logger } from '../engine/logger.ts';
import { readHouse } from '../engine/house-file.ts';
import { openDatabase } from '../sql/database.ts';
import { createApp } from '../web/app.ts';
import { isReachedFromHereOnly } from '../web/security.ts';
import { prepareAccess } from './access.ts';
import { checkPath } from './check-path.ts';
import { logged } from './logged.ts';
import { assertSchemaKnown } from './schema-known.ts';
import { servers } from './servers.ts';
import { sorter } from './sorter.ts';
import { tracingOf } from './tracing.ts';

/** `photo-assistant web`: the pages and the API, until it is told to stop. */
export const web = (): Promise<void> => logged('web', serve);

async function serve(log: Logger): Promise<void> {
  const config = readConfig();
  const { databaseUrl, temporalAddress, temporalNamespace: namespace } = servers();
  const sql = openDatabase(databaseUrl, { max: 8, name: 'web' });
  const house = () => readHouse(config.houseFile);
  // Alone it is not cared for by a supervisor, who does this before.
  if (house() === null) await prepareAccess(sql, config);
  const tracing = await tracingOf(config, 'web');
  const jobs = createJobClient({
    ...{ sql, temporalAddress, namespace },
    // The house's own has no login, and is no place that others than this machine could reach.
    temporalUi: () => config.temporalUi ?? (isReachedFromHereOnly(config) ? (house()?.temporalUi ?? null) : null),
    interceptors: tracing?.interceptors,
  });
  const app = createApp({
    config,
    log,
    traceRequests: tracing && (await import('../web/trace-requests.ts')).traceRequests,
    sql,
    jobs,
    readHouse: () => Promise.resolve(house()),
    checkPath: (path) => checkPath(sql, config.pathMap, path),
    sorter,
  });
  await app.listen({ port: config.port, host: config.host });
  // It comes up before the database does, to say so. What this throws ends it, like all that nobody catches.
  void assertSchemaKnown(databaseUrl);

  const stop = async () => {
    // Pages that listen live hold their connections open; they get a moment, not more.
    await Promise.race([app.close(), sleep(3_000)]);
    await jobs.close();
    await Promise.race([tracing?.close(), sleep(3_000)]);
    await sql.end({ timeout: 2 });
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}
