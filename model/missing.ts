import type { StoredSettings } from './settings.ts';

/** Files of a path that are gone at once, and how many files it had with them. */
export interface GoneFiles {
  files: number;
  of: number;
}

/** So few are never a disk that fell off: a small path may lose one file of five without a question. */
const few = 20;

/** Whether so many are gone at once that a person is asked before they are taken for missing. */
export const isTooMany = (
  { files, of }: GoneFiles,
  { missingShare, missingFiles }: Pick<StoredSettings, 'missingShare' | 'missingFiles'>,
): boolean => files > Math.min(missingFiles, Math.max(few, (of * missingShare) / 100));
