import type { Queries } from './database.ts';
import { fitting, type Wishes } from './photo-filter.ts';

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

const older = (sql: Queries, columns: ReturnType<Queries>, before: Before | null) =>
  before === null ? sql`` : sql`AND (${columns}) < (${before.key}::text::timestamp, ${before.id}::int)`;

/** The pictures of a person, each once, as the index of names holds them. */
export const ofPerson = (sql: Queries, person: number, before: Before | null): Shown => sql`
  SELECT DISTINCT taken_at, file_id FROM file_person_link
  WHERE person_id = ${person} AND state <> 'rejected' AND NOT missing AND taken_at IS NOT NULL
    ${older(sql, sql`taken_at, file_id`, before)}
  ORDER BY taken_at DESC, file_id DESC`;

/** So many pictures are looked through before all that fit are looked up and sorted. */
const lookedThrough = 4000;

/**
 * Those of the newest pictures that fit a filter. What many pictures have fills a page from these. How many have it, and
 * whether only old ones do, nobody knows before: looking through all would take long where it is in vain.
 */
export const amongNewest = (sql: Queries, filter: Wishes, before: Before | null): Shown => sql`
  SELECT file.taken_at, file.id AS file_id
  FROM (
    SELECT * FROM file WHERE ${onTimeline(sql)} ${older(sql, sql`taken_at, id`, before)}
    ORDER BY taken_at DESC, id DESC LIMIT ${lookedThrough}) AS file ${withContent(sql, filter)}
  WHERE true ${fitting(sql, filter)} ORDER BY file.taken_at DESC, file.id DESC`;

/** All pictures that fit a filter, from the index of what it asks for: OFFSET 0 keeps the planner from the timeline. */
export const amongAll = (sql: Queries, filter: Wishes, before: Before | null): Shown => sql`
  SELECT taken_at, id AS file_id
  FROM (
    SELECT file.taken_at, file.id FROM file ${withContent(sql, filter)}
    WHERE ${onTimeline(sql)} ${fitting(sql, filter)} ${older(sql, sql`file.taken_at, file.id`, before)} OFFSET 0) AS file
  ORDER BY taken_at DESC, id DESC`;

/** Where a filter asks nothing of the content, its rows are not looked up. */
const withContent = (sql: Queries, { camera, place, box }: Wishes) =>
  [camera, place, box].some((wish) => wish !== undefined) ? sql`JOIN content ON content.hash = file.hash` : sql``;
