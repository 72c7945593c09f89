import Type, { type Static } from 'typebox';
import type { Config } from '../../config.ts';
import type { House } from '../../model/house.ts';
import type { Database } from '../../sql/database.ts';

/** What one look at something said. The names of checks and fields stay what they are: scripts read them. */
export const Finding = Type.Object({
  /** Such as `postgres` or `path`; several findings may have one name. */
  check: Type.String(),
  level: Type.Enum(['good', 'warning', 'bad']),
  /** What it is. */
  text: Type.String(),
  /** What a person can do; null where nothing is to be done. */
  todo: Type.Union([Type.String(), Type.Null()]),
});
export type Finding = Static<typeof Finding>;

/** What `doctor --json` prints. */
export const Report = Type.Object({
  version: Type.String(),
  at: Type.String({ format: 'date-time' }),
  /** Whether the house runs on this data folder. */
  running: Type.Boolean(),
  findings: Type.Array(Finding),
});
export type Report = Static<typeof Report>;

/** What the checks look at. */
export interface Patient {
  config: Config;
  /** How the house stands; null where none runs on this data folder. */
  house: House | null;
  /** Null where it does not answer, or there is none yet. */
  sql: Database | null;
}

export const good = (check: string, text: string): Finding => ({ check, level: 'good', text, todo: null });
export const warning = (check: string, text: string, todo: string): Finding => ({
  check,
  level: 'warning',
  text,
  todo,
});
export const bad = (check: string, text: string, todo: string): Finding => ({ check, level: 'bad', text, todo });

export const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
