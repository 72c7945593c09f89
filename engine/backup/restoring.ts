import { existsSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../../model/errors.ts';

/** Here a restore is put together; what is in it is of no use before it is whole. */
export const restoringDir = (dataDir: string): string => path.join(dataDir, 'restoring');

/** Throws backup.unfinished for a data folder in which a restore was cut off. */
export function assertNotRestoring(dataDir: string): void {
  const dir = restoringDir(dataDir);
  if (!existsSync(dir)) return;
  throw new CodedError(
    'backup.unfinished',
    `A restore into ${dataDir} was cut off. Run it again. To start with an empty library instead, delete ${dir}, and empty the database if DATABASE_URL names one.`,
  );
}
