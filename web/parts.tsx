import type { ComponentChildren } from 'preact';
import type { Fragment } from './live.ts';
import { ago, exactly } from './words.ts';
import { Form } from './form.tsx';

/** A file's or directory's name: hostile text of any direction and length, kept to itself. */
export const Name = ({ children }: { children: string }) => <bdi class="name">{children}</bdi>;

/** When something was, in the viewer's words; the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const when = new Date(at);
  return (
    <time datetime={at} title={exactly(when)} data-ago>
      {ago(when)}
    </time>
  );
}

/** How far something is. `total` null: not known yet, the bar only shows that it moves. */
export function Bar({ done, total, label }: { done: number; total: number | null; label: string }) {
  if (total === null) return <progress aria-label={label} />;
  return <progress aria-label={label} max={Math.max(1, total)} value={total === 0 ? 1 : Math.min(done, total)} />;
}

interface ActionFormProps {
  action: string;
  /** The local page to come back to. */
  back: string;
  /** What is refreshed: the page's main part, or only the engine's state. */
  refresh?: '#main' | '#top';
  children: ComponentChildren;
}

/**
 * A button that does something: a plain form that posts and comes back; where scripts run, the page's main part and
 * the engine's state are refreshed in place.
 */
export const ActionForm = ({ action, back, refresh = '#main', children }: ActionFormProps) => (
  <Form
    action={action}
    class="action"
    hx-post={action}
    hx-target={refresh}
    hx-select={refresh}
    hx-select-oob={refresh === '#main' ? '#top,#pill' : '#pill'}
    hx-swap="outerMorph"
    hx-disable="find button"
  >
    <input type="hidden" name="back" value={back} />
    {children}
  </Form>
);

/** Connects the page to what changes on it. */
export function LiveLink({ topic, arg = '', after = 0 }: { topic?: string; arg?: string; after?: number }) {
  const query = new URLSearchParams(topic === undefined ? {} : { topic, arg, after: String(after) });
  // An id of its own: a page that listens to something else gets a new element, so that the old connection ends.
  return <div id={`live-${query}`} hidden hx-sse:connect={`/live?${query}`} hx-swap="none" />;
}

/** Fragments inside the page they are first part of. */
export const Live = ({ fragment: { id, view } }: { fragment: Fragment }) => <div id={id}>{view}</div>;

/** A list that is empty says what will appear there. */
export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;
