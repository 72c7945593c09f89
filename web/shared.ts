import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import type { WebDeps } from './deps.ts';
import type { Live } from './live.ts';
import type { SituationReader } from './situation.ts';

/** The navigation's entries: which one a page belongs to. */
export type Section = 'photos' | 'people' | 'map' | 'folders' | 'sorter' | 'jobs' | 'settings' | 'status';

export interface PageOptions {
  title: string;
  section: Section | null;
  status?: number;
  /** It shows how things stand and has nothing to be filled in: without scripts it is asked for again while the engine works. */
  reloads?: boolean;
  /** What on the page changes by itself; the engine's state always does. */
  live?: { topic: string; arg?: string; after?: number };
}

/** What each page's routes get: what the pages are made of, and what they share. */
export interface Web extends WebDeps {
  situation: SituationReader;
  live: Live;
  /** Sends a whole page around `content`: bar, engine state, and the head with its scripts. */
  page: (reply: FastifyReply, options: PageOptions, content: VNode) => Promise<FastifyReply>;
}
