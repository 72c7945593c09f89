import type { Queries } from './database.ts';
import { hasWords } from './photo-filter.ts';

/** A query that gives `taken_at` and `file_id` of pictures, newest first. */
export type Shown = ReturnType<Queries>;

/** The picture that a page ended with: when it was taken, and its number. */
export interface Before {
  key: string;
  id: number;
}

/** What the timeline shows, as its index holds it. */
export const onTimeline = (sql: Queries) =>
  sql`file.taken_at IS NOT NULL AND file.missing_since IS NULL AND file.type IN ('image', 'video') AND file.main_id IS NULL`;

const older = (sql: Queries, id: ReturnType<Queries>, before: Before | null) =>
  before === null ? sql`` : sql`AND (taken_at, ${id}) < (${before.key}::text::timestamp, ${before.id}::int)`;

/** The pictures of a person, each once, as the index of names holds them. */
export const ofPerson = (sql: Queries, person: number, before: Before | null): Shown => sql`
  SELECT DISTINCT taken_at, file_id FROM file_person_link
  WHERE person_id = ${person} AND state <> 'rejected' AND NOT missing AND taken_at IS NOT NULL
    ${older(sql, sql`file_id`, before)}
  ORDER BY taken_at DESC, file_id DESC`;

/** So many pictures are looked through for words before all that have the words are looked up and sorted. */
const lookedThrough = 4000;

/**
 * Those of the newest pictures that are found by some words. Words that many pictures have fill a page from these. How many
 * have them, and whether only old ones do, nobody knows before: looking through all would take long where it is in vain.
 */
export const inNewestWithWords = (sql: Queries, words: string, before: Before | null): Shown => sql`
  SELECT taken_at, id AS file_id
  FROM (
    SELECT taken_at, id, search FROM file WHERE ${onTimeline(sql)} ${older(sql, sql`id`, before)}
    ORDER BY taken_at DESC, id DESC LIMIT ${lookedThrough}) AS file
  WHERE ${hasWords(sql, words)} ORDER BY taken_at DESC, id DESC`;

/** All pictures that are found by some words, from the index of words: OFFSET 0 keeps the planner from the timeline. */
export const inAllWithWords = (sql: Queries, words: string, before: Before | null): Shown => sql`
  SELECT taken_at, id AS file_id
  FROM (
    SELECT taken_at, id FROM file WHERE ${hasWords(sql, words)} AND ${onTimeline(sql)} ${older(sql, sql`id`, before)} OFFSET 0) AS file
  ORDER BY taken_at DESC, id DESC`;
