import type { StoredSettings } from './settings.ts';

/** What people elsewhere are told of. */
export type NotificationEvent = 'job failed' | 'approval needed' | 'import done' | 'test';

/** As it is sent: a webhook gets it as JSON. */
export interface Notification {
  /** The same for what is sent again because its answer was lost. */
  id: string;
  event: NotificationEvent;
  job: string | null;
  title: string;
  message: string;
  /** 1 to 5, as ntfy has them: 3 is usual. */
  priority: number;
  /** Where a person reads more. */
  click: string;
}

export const priorityOf: Record<NotificationEvent, number> = {
  'job failed': 4,
  'approval needed': 4,
  'import done': 3,
  test: 3,
};

/** Whether the settings ask for it. */
export function isWanted(
  event: NotificationEvent,
  settings: Pick<StoredSettings, 'notifyUrl' | 'notifyFailures' | 'notifyApprovals' | 'notifyImports'>,
): boolean {
  if (settings.notifyUrl === '') return false;
  switch (event) {
    case 'job failed':
      return settings.notifyFailures;
    case 'approval needed':
      return settings.notifyApprovals;
    case 'import done':
      return settings.notifyImports;
    case 'test':
      return true;
  }
}
