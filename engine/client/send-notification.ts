import { CodedError } from '../../model/errors.ts';
import type { Notification } from '../../model/notification.ts';

/** Longer than this nobody waits for the other end. Milliseconds. */
const patienceMs = 10_000;

/**
 * Posts a notification as JSON. ntfy is told by headers to make its message of the parts; others need not care. Redirects are
 * not followed: they could lead anywhere. Throws notify.failed.
 */
export async function sendNotification(url: string, notification: Notification): Promise<void> {
  const failed = (why: string) =>
    new CodedError('notify.failed', `${new URL(url).host} did not take the message: ${why}.`);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'photo-assistant',
        'x-template': 'yes',
        'x-title': '{{.title}}',
        'x-message': '{{.message}}',
        'x-priority': String(notification.priority),
        'x-click': notification.click,
      },
      body: JSON.stringify(notification),
    });
  } catch (error) {
    throw failed(error instanceof Error && error.name === 'TimeoutError' ? 'it did not answer' : reasonOf(error));
  }
  // What it says is of no interest, and may be without end.
  await response.body?.cancel();
  if (response.status >= 300 && response.status < 400) throw failed(`it sends elsewhere (${response.status})`);
  if (!response.ok) throw failed(`it answered ${response.status}`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
