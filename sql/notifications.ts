import { isWanted, type NotificationEvent } from '../model/notification.ts';
import type { Queries } from './database.ts';
import { readStoredSettings } from './settings.ts';

export interface NewNotification {
  /** Names what it tells of. */
  key: string;
  event: NotificationEvent;
  job: string;
  message: string;
}

export interface DueNotification extends NewNotification {
  /** How often it was tried, this time included. */
  tries: number;
  /** Seconds since it came up. */
  age: number;
}

/** Puts it among those to be sent, where the settings ask for it and it is not there yet. */
export async function addNotification(sql: Queries, { key, event, job, message }: NewNotification): Promise<void> {
  if (!isWanted(event, await readStoredSettings(sql))) return;
  const text = message.replaceAll('\0', '\\x00').slice(0, 2000);
  await sql`
    INSERT INTO notification (key, event, job, message) VALUES (${key}, ${event}, ${job}, ${text}) ON CONFLICT DO NOTHING`;
}

/** Takes one that is due for the next minute, in which nobody else takes it; null where there is none. */
export async function takeNotification(sql: Queries): Promise<DueNotification | null> {
  const [row] = await sql<DueNotification[]>`
    UPDATE notification SET tries = tries + 1, next_try = now() + interval '1 minute'
    WHERE key = (SELECT key FROM notification WHERE next_try <= now() ORDER BY next_try LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING key, event, job, message, tries, extract(epoch FROM now() - at)::float8 AS age`;
  return row ?? null;
}

/** It was taken at the other end. */
export async function notificationSent(sql: Queries, key: string): Promise<void> {
  await sql`UPDATE notification SET next_try = NULL, sent_at = now(), trouble = NULL WHERE key = ${key}`;
}

/** It was not; it is tried again after so many seconds, or, with null, not any more. */
export async function notificationFailed(
  sql: Queries,
  key: string,
  { trouble, again }: { trouble: string; again: number | null },
): Promise<void> {
  await sql`
    UPDATE notification SET trouble = ${trouble}, next_try = now() + make_interval(secs => ${again}) WHERE key = ${key}`;
}

/** Forgets those that are older than the jobs themselves are kept. */
export async function forgetNotifications(sql: Queries, days: number): Promise<void> {
  await sql`DELETE FROM notification WHERE at < now() - make_interval(days => ${days})`;
}
