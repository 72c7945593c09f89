import { availableParallelism } from 'node:os';
import type { BackendName } from '../faces/backend.ts';
import { createScanner, type Scanner } from '../faces/scanner.ts';
import { createPhotoReader } from '../photos/reader.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
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
import type { Roots } from './roots.ts';
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

interface IoDeps {
  sql: Database;
  roots: Roots;
  thumbs: ThumbStore;
  tempDir: string;
}

/** What runs on the task queue `io`: all that touches the users' disks. `close` ends the decoders. */
export function createIoActivities({ sql, roots, thumbs, tempDir }: IoDeps) {
  // How many files are read side by side is a setting; each step reads it anew.
  const reader = createPhotoReader({ thumbsDir: thumbs.dir, tempDir, workers: 1 });
  const activities = {
    ...createScanActivities({ sql, roots }),
    ...createMissingActivities({ sql, roots, thumbs }),
    ...createPlanActivities({ sql, roots }),
    ...createMoveActivities({ sql, roots }),
    ...createCheckActivities({ sql, roots }),
    ...createReachableActivities({ sql, roots }),
    ...createThumbsActivities({ sql, roots, reader, thumbs }),
    ...createEnlargeActivities({ sql, roots, reader, thumbs }),
    ...createTryActivities({ thumbs, tempDir }),
    ...createReferenceReading({ roots, reader, thumbs, tempDir }),
  };
  return { activities, close: () => reader.close() };
}

interface AiDeps {
  sql: Database;
  thumbs: ThumbStore;
  tempDir: string;
  tensorflow: BackendName;
  version: string;
}

/**
 * What runs on the task queue `ai`: faces, and who they are. `backend`: what computes the networks; null before the first
 * picture, for only then it is known. `close` ends the scanners.
 */
export function createAiActivities({ sql, thumbs, tempDir, tensorflow, version }: AiDeps) {
  const processes = availableParallelism();
  const scanners = createScanner({ wanted: tensorflow, processes });
  let backend: BackendName | null = null;
  const scanner: Scanner = {
    ...scanners,
    async backend() {
      const found = await scanners.backend();
      backend = found.name;
      return found;
    },
  };
  const activities = {
    ...createFacesActivities({ sql, scanner, processes, thumbs, version }),
    ...createIdentifyActivities({ sql, scanner, processes, version }),
    ...createMeasureActivities({ sql }),
    ...createGroupActivities({ sql }),
    ...createTryFacesActivities({ sql, scanner, processes, thumbs, tempDir }),
    ...createReferenceFinding({ sql, scanner, thumbs, tempDir }),
    ...createDrawnFaces({ sql, scanner, thumbs, version }),
  };
  return { activities, backend: () => backend, close: () => scanner.close() };
}

export type AiActivities = ReturnType<typeof createAiActivities>['activities'];
export type EngineActivities = ReturnType<typeof createEngineActivities>;
export type IoActivities = ReturnType<typeof createIoActivities>['activities'];
