import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import type { JobClient } from '../engine/client/job-client.ts';
import type { ErrorReport } from '../model/errors.ts';
import type { House } from '../model/house.ts';
import type { PhotoToSort, SortingRules } from '../model/sorting.ts';
import type { AccessStore } from './access/store.ts';
import type { Library } from './library.ts';

/** Where a photo belongs below a storage path, and what that was made of. */
export interface Place {
  path: string;
  used: { token: string; text: string; from: string }[];
  /** The rule that decided, counted from 0; null: the pattern. */
  rule: number | null;
}

/** What the pages need to know of the sorter. */
export interface Sorter {
  /** What is wrong with a pattern, with the column; null: nothing. */
  check: (pattern: string) => ErrorReport | null;
  /** Where each of some photos belongs. Throws pattern.invalid. */
  place: (rules: SortingRules, photos: readonly PhotoToSort[]) => Place[];
}

/** What the pages are made of, given from outside. */
export interface WebDeps {
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'trustedProxies' | 'thumbsDir' | 'trialsDir'> &
    Partial<Pick<Config, 'pathMap' | 'workerToken'>>;
  access: AccessStore;
  library: Library;
  jobs: JobClient;
  /** How the house stands; null where its servers are kept by someone else. */
  readHouse: () => Promise<House | null>;
  /** Why a path can't be an import or storage path; null when it can. */
  checkPath: (path: string) => Promise<ErrorReport | null>;
  sorter: Sorter;
  /** Where the web server says what went wrong in it. Absent: on standard output. */
  log?: FastifyBaseLogger;
  /** Has each request told of as a part of a trace. */
  traceRequests?: ((app: FastifyInstance) => void) | null;
}
