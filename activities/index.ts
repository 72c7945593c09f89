import type { PhotoReader } from '../photos/reader.ts';
import type { Database } from '../sql/database.ts';
import { createImportActivities } from './import.ts';
import { createScanActivities } from './scan.ts';
import { createStartUpActivities } from './start-up.ts';
import { createThumbsActivities } from './thumbs.ts';

/** What runs on the task queue `engine`, beside the workflows: short questions to the database, and waiting. */
export function createEngineActivities(deps: { sql: Database; jobResult: (id: string) => Promise<void> }) {
  return { ...createStartUpActivities(deps), ...createImportActivities(deps) };
}

/** What runs on the task queue `io`: all that touches the users' disks. */
export function createIoActivities(deps: { sql: Database; reader: PhotoReader }) {
  return { ...createScanActivities(deps), ...createThumbsActivities(deps) };
}

export type EngineActivities = ReturnType<typeof createEngineActivities>;
export type IoActivities = ReturnType<typeof createIoActivities>;
