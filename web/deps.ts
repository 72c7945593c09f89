import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import type { Config } from '../config.ts';
import type { JobClient } from '../engine/client/job-client.ts';
import type { ErrorReport } from '../model/errors.ts';
import type { House } from '../model/house.ts';
import type { Library } from './library.ts';
import type { Live } from './live.ts';
import type { SituationReader } from './situation.ts';

/** What the pages are made of, given from outside. */
export interface WebDeps {
  config: Pick<Config, 'host' | 'thumbsDir'>;
  library: Library;
  jobs: JobClient;
  /** How the house stands; null where its servers are kept by someone else. */
  readHouse: () => Promise<House | null>;
  /** Why a path can't be an import or storage path; null when it can. */
  checkPath: (path: string) => Promise<ErrorReport | null>;
}

/** The navigation's entries: which one a page belongs to. */
export type Section = 'photos' | 'folders' | 'jobs' | 'settings' | 'status';

export interface PageOptions {
  title: string;
  section: Section | null;
  status?: number;
  /** What on the page changes by itself; the engine's state always does. */
  live?: { topic: string; arg?: string; after?: number };
}

/** What each page's routes get: the above, and what they share. */
export interface Web extends WebDeps {
  situation: SituationReader;
  live: Live;
  /** Sends a whole page around `content`: bar, engine state, and the head with its scripts. */
  page: (reply: FastifyReply, options: PageOptions, content: VNode) => Promise<FastifyReply>;
}
