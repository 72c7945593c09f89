import { availableParallelism } from 'node:os';
import type { BackendName } from '../faces/backend.ts';
import { createScanner } from '../faces/scanner.ts';
import { createPhotoReader } from '../photos/reader.ts';
import type { Database } from '../sql/database.ts';
import { createEnlargeActivities } from './enlarge.ts';
import { createDrawnFaces } from './drawn-faces.ts';
import { createFacesActivities } from './faces.ts';
import { createGroupActivities } from './group-faces.ts';
import { createIdentifyActivities } from './identify.ts';
import { createImportActivities } from './import.ts';
import { createResetActivities } from './reset-faces.ts';
import { createRescanActivities } from './rescans.ts';
import { createMeasureActivities } from './measure-distances.ts';
import { createReferenceFinding, createReferenceReading } from './references.ts';
import { createCheckActivities } from './check-files.ts';
import { createMoveActivities } from './move-files.ts';
import { createPlanActivities } from './plan-moves.ts';
import { createMissingActivities } from './remove-missing.ts';
import { createScanActivities } from './scan.ts';
import { createReachableActivities, createScheduledActivities } from './scheduled.ts';
import { createStartUpActivities } from './start-up.ts';
import { createThumbsActivities } from './thumbs.ts';
import { createTryFacesActivities } from './try-faces.ts';
import { createTryActivities } from './try-files.ts';

/** What runs on the task queue `engine`, beside the workflows: short questions to the database, and waiting. */
export function createEngineActivities(deps: { sql: Database; jobResult: (id: string) => Promise<void> }) {
  return {
    ...createStartUpActivities(deps),
    ...createImportActivities(deps),
    ...createRescanActivities(deps),
    ...createResetActivities(deps),
    ...createScheduledActivities(deps),
  };
}

/** What runs on the task queue `io`: all that touches the users' disks. `close` ends the decoders. */
export function createIoActivities({ sql, thumbsDir, tempDir }: { sql: Database; thumbsDir: string; tempDir: string }) {
  // How many files are read side by side is a setting; each step reads it anew.
  const reader = createPhotoReader({ thumbsDir, tempDir, workers: 1 });
  const activities = {
    ...createScanActivities({ sql }),
    ...createMissingActivities({ sql, thumbsDir }),
    ...createPlanActivities({ sql }),
    ...createMoveActivities({ sql }),
    ...createCheckActivities({ sql }),
    ...createReachableActivities({ sql }),
    ...createThumbsActivities({ sql, reader }),
    ...createEnlargeActivities({ sql, reader, thumbsDir }),
    ...createTryActivities({ tempDir }),
    ...createReferenceReading({ reader, tempDir }),
  };
  return { activities, close: () => reader.close() };
}

/** What runs on the task queue `ai`: faces, and who they are. `close` ends the scanners. */
export function createAiActivities({
  sql,
  thumbsDir,
  tempDir,
  tensorflow,
  version,
}: {
  sql: Database;
  thumbsDir: string;
  tempDir: string;
  tensorflow: BackendName;
  version: string;
}) {
  const processes = availableParallelism();
  const scanner = createScanner({ wanted: tensorflow, processes });
  const activities = {
    ...createFacesActivities({ sql, scanner, processes, thumbsDir, version }),
    ...createIdentifyActivities({ sql, scanner, processes, version }),
    ...createMeasureActivities({ sql }),
    ...createGroupActivities({ sql }),
    ...createTryFacesActivities({ sql, scanner, processes, thumbsDir, tempDir }),
    ...createReferenceFinding({ sql, scanner, thumbsDir, tempDir }),
    ...createDrawnFaces({ sql, scanner, thumbsDir, version }),
  };
  return { activities, close: () => scanner.close() };
}

export type AiActivities = ReturnType<typeof createAiActivities>['activities'];
export type EngineActivities = ReturnType<typeof createEngineActivities>;
export type IoActivities = ReturnType<typeof createIoActivities>['activities'];
