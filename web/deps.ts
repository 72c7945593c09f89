import type { Config } from '../config.ts';
import type { JobClient } from '../engine/client/job-client.ts';
import type { ErrorReport } from '../model/errors.ts';
import type { House } from '../model/house.ts';
import type { Library } from './library.ts';

/** What the pages are made of, given from outside. */
export interface WebDeps {
  config: Pick<Config, 'host' | 'thumbsDir' | 'trialsDir'>;
  library: Library;
  jobs: JobClient;
  /** How the house stands; null where its servers are kept by someone else. */
  readHouse: () => Promise<House | null>;
  /** Why a path can't be an import or storage path; null when it can. */
  checkPath: (path: string) => Promise<ErrorReport | null>;
}
