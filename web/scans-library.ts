import { faceNetworks, searchSettings } from '../model/face-scans.ts';
import type { Settings } from '../model/settings.ts';
import type { Database } from '../sql/database.ts';
import { scannedPictures, type RescanPlace } from '../sql/rescans.ts';
import { previewReset } from '../sql/reset-faces.ts';

/** The dirs of a preview; the others are in its sums. */
const previewDirs = 100;

/** What the pages ask of the tables about scans for faces, and about forgetting them. */
export function createScans(sql: Database, ask: <T>(query: Promise<T>) => Promise<T>) {
  return {
    /** How the pictures were searched; `settings`: those of today. */
    scannedPictures: (settings: Settings, place: RescanPlace = {}) =>
      ask(scannedPictures(sql, { settings: searchSettings(settings), networks: faceNetworks }, place)),
    resetPreview: (dir: number | undefined) => ask(previewReset(sql, dir, previewDirs)),
  };
}
