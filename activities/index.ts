import { createPhotoReader } from '../photos/reader.ts';
import type { Database } from '../sql/database.ts';
import { createFacesActivities, type FacesDeps } from './faces.ts';
import { createIdentifyActivities } from './identify.ts';
import { createImportActivities } from './import.ts';
import { createScanActivities } from './scan.ts';
import { createStartUpActivities } from './start-up.ts';
import { createThumbsActivities } from './thumbs.ts';
import { createTryActivities } from './try-files.ts';

/** What runs on the task queue `engine`, beside the workflows: short questions to the database, and waiting. */
export function createEngineActivities(deps: { sql: Database; jobResult: (id: string) => Promise<void> }) {
  return { ...createStartUpActivities(deps), ...createImportActivities(deps) };
}

/** What runs on the task queue `io`: all that touches the users' disks. `close` ends the decoders. */
export function createIoActivities({ sql, thumbsDir, tempDir }: { sql: Database; thumbsDir: string; tempDir: string }) {
  // How many files are read side by side is a setting; each step reads it anew.
  const reader = createPhotoReader({ thumbsDir, tempDir, workers: 1 });
  const activities = {
    ...createScanActivities({ sql }),
    ...createThumbsActivities({ sql, reader }),
    ...createTryActivities({ tempDir }),
  };
  return { activities, close: () => reader.close() };
}

/** What runs on the task queue `ai`: faces, and who they are. */
export const createAiActivities = (deps: FacesDeps) => ({
  ...createFacesActivities(deps),
  ...createIdentifyActivities(deps),
});

export type AiActivities = ReturnType<typeof createAiActivities>;
export type EngineActivities = ReturnType<typeof createEngineActivities>;
export type IoActivities = ReturnType<typeof createIoActivities>['activities'];
