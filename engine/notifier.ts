import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { priorityOf, type NotificationEvent } from '../model/notification.ts';
import type { Database } from '../sql/database.ts';
import { notificationFailed, notificationSent, takeNotification, type DueNotification } from '../sql/notifications.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { sendNotification } from './client/send-notification.ts';
import type { Logger } from './logger.ts';

/** How often it is looked for something to send. Milliseconds. */
const lookMs = 3_000;
/** Seconds. */
const firstPause = 10;
const longestPause = 3600;
/** News of the day before is none: it could not be sent, or the house was off, or comes from a backup. */
const givenUpAfter = 24 * 3600;

interface NotifierDeps {
  sql: Database;
  log: Logger;
  job: (id: string) => Promise<Pick<Job, 'title'>>;
  /** Where people reach the page. */
  page: string;
}

const words: Record<NotificationEvent, string> = {
  'job failed': 'failed',
  'approval needed': 'asks you',
  'import done': 'done',
  test: 'test',
};

/**
 * Sends what waits in table `notification`, until it is stopped by what it returns. A row is sent until the other end has
 * taken it, for a day; who is told twice, because an answer was lost, sees the same id.
 */
export function startNotifier(deps: NotifierDeps): () => void {
  const stopped = new AbortController();
  let said = '';
  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        if (await sendNext(deps)) {
          said = '';
          continue;
        }
      } catch (error) {
        const { message } = reportOf(error);
        if (message !== said) deps.log.error({ error }, 'notifications are not sent now');
        said = message;
      }
      await sleep(lookMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  void run();
  return () => stopped.abort();
}

/** False where nothing is due. */
async function sendNext({ sql, log, job, page }: NotifierDeps): Promise<boolean> {
  const due = await takeNotification(sql);
  if (!due) return false;
  const { notifyUrl } = await readStoredSettings(sql);
  const about = { job: due.job, event: due.event, tries: due.tries };
  try {
    if (notifyUrl === '') throw new Error('the settings name no address any more');
    if (due.age > givenUpAfter) throw new Error('it is more than a day old');
    // A job that is no longer known is told by its id.
    const title = await job(due.job).then(
      (known) => known.title,
      () => due.job,
    );
    await sendNotification(notifyUrl, {
      id: due.key,
      event: due.event,
      job: due.job,
      title: `${title}: ${words[due.event]}`,
      message: due.message,
      priority: priorityOf[due.event],
      click: `${page.replace(/\/+$/, '')}/jobs/job/${encodeURIComponent(due.job)}`,
    });
    await notificationSent(sql, due.key);
    log.info(about, 'notification sent');
  } catch (error) {
    const trouble = reportOf(error).message;
    const again = notifyUrl === '' ? null : pauseOf(due);
    await notificationFailed(sql, due.key, { trouble, again });
    log.warn({ ...about, again }, `notification not sent: ${trouble}`);
  }
  return true;
}

/** Seconds until it is tried again; null: not any more. */
const pauseOf = ({ tries, age }: DueNotification): number | null =>
  age > givenUpAfter ? null : Math.min(firstPause * 2 ** (tries - 1), longestPause);
