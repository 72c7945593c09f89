import { randomUUID } from 'node:crypto';
import { pageAddress } from '../../config.ts';
import { sendNotification } from '../../engine/client/send-notification.ts';
import { CodedError } from '../../model/errors.ts';
import { priorityOf } from '../../model/notification.ts';
import type { Web } from '../shared.ts';

/** Sends a test to where the saved settings say. Throws notify.off, notify.failed. */
export async function sendTest({ library, config }: Pick<Web, 'library' | 'config'>): Promise<void> {
  const { notifyUrl } = await library.settings();
  if (notifyUrl === '') throw new CodedError('notify.off');
  await sendNotification(notifyUrl, {
    id: randomUUID(),
    event: 'test',
    job: null,
    title: 'Photo Assistant: test',
    message: 'Notifications arrive here.',
    priority: priorityOf.test,
    click: config.publicUrl ?? pageAddress(config),
  });
}
