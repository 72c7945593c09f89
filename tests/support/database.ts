import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPart } from '../../engine/supervisor/part.ts';
import { freePort } from '../../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../../engine/supervisor/postgres.ts';
import { migrate } from '../../sql/migrate.ts';

/** The house's own Postgres with this version's tables, without the rest of the house. */
export async function startDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-database-'));
  const { plan, databaseUrl: url } = await embeddedPostgres(dir, await freePort());
  const nothing = () => undefined;
  const logsDir = path.join(dir, 'logs');
  const postgres = createPart(plan, { logsDir, started: nothing, ended: nothing, changed: nothing });
  await postgres.start();
  await migrate(url);
  return {
    url,
    async stop() {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
