import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import Type from 'typebox';
import { renderFor } from './form.tsx';
import type { Identifier } from './access/identify.ts';
import { kindOf, type Visitor } from './access/visitor.ts';
import { isBusy, type Situation, type SituationReader } from './situation.ts';

/** A part of a page: the element with this id gets `view` as its content. */
export interface Fragment {
  id: string;
  view: VNode;
}

/** What a page shows that changes. `arg` tells which one of its kind (a job's id). */
export interface Topic {
  fragments: (arg: string) => Promise<Fragment[]>;
  /** Lines that are added to the element `id`, after the line with the id `after`; null when there is none. */
  tail?: (arg: string, after: number) => Promise<{ id: string; view: VNode; last: number } | null>;
}

interface Listener {
  /** Who asks, as it is now: a session may be ended meanwhile. Null: nobody that is let in any more. */
  stillThere: () => Promise<Visitor | null>;
  stream: PassThrough;
  topic: string;
  arg: string;
  /** The last line of the tail that it has. */
  after: number;
  /** What it was sent last, by the element's id: only changes are sent. */
  sent: Map<string, string>;
}

const Query = Type.Object({
  topic: Type.Optional(Type.String({ maxLength: 40 })),
  arg: Type.Optional(Type.String({ maxLength: 1000 })),
  after: Type.Optional(Type.Integer({ minimum: 0 })),
});

const busyPause = 1000;
const idlePause = 5000;

export interface Live {
  /** Names what a page may listen to. */
  topic: (name: string, topic: Topic) => void;
  /** Something was just changed by a person: look now. */
  wake: () => void;
}

/**
 * Live pages over Server-Sent Events. One poller asks once for all listeners, each second while something moves, and
 * not at all while nobody listens.
 */
export function createLive(
  app: FastifyInstance,
  situation: SituationReader,
  top: (now: Situation) => Fragment[],
  identify: Identifier['identify'],
): Live {
  const topics = new Map<string, Topic>();
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  async function look(): Promise<void> {
    looking = true;
    timer = null;
    let pause = idlePause;
    try {
      const now = await situation.read();
      if (isBusy(now)) pause = busyPause;
      await tellAll(now);
    } catch (error) {
      app.log.error(error, 'live pages could not be refreshed');
    }
    looking = false;
    if (listeners.size > 0) wait(pause);
  }

  async function tellAll(now: Situation): Promise<void> {
    const asked = new Map<string, Promise<Fragment[]>>();
    const forKind = new Map<string, { id: string; html: string }[]>();
    /** Rendered once for all who see it alike. */
    const rendered = (visitor: Visitor, key: string, fragments: Fragment[]) => {
      const kind = `${kindOf(visitor)}\n${key}`;
      const before = forKind.get(kind);
      if (before) return before;
      const done = fragments.map(({ id, view }) => ({ id, html: renderFor(visitor, view) }));
      forKind.set(kind, done);
      return done;
    };
    const everywhere = top(now);
    await Promise.all(
      [...listeners].map(async (listener) => {
        const visitor = await listener.stillThere();
        if (!visitor) return void listener.stream.end();
        const first = rendered(visitor, '', everywhere);
        const key = `${listener.topic}\n${listener.arg}`;
        const question = asked.get(key) ?? topics.get(listener.topic)?.fragments(listener.arg) ?? Promise.resolve([]);
        asked.set(key, question);
        try {
          tell(listener, [...first, ...rendered(visitor, key, await question)]);
          await follow(listener, visitor);
        } catch (error) {
          // The top of the page says what does not answer; the page's own part stays as it was.
          app.log.debug({ err: error, topic: listener.topic }, 'a live part could not be rendered');
          tell(listener, first);
        }
      }),
    );
  }

  function wait(ms: number): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void look(), ms);
    timer.unref();
  }

  async function follow(listener: Listener, visitor: Visitor): Promise<void> {
    const lines = await topics.get(listener.topic)?.tail?.(listener.arg, listener.after);
    if (!lines) return;
    listener.after = lines.last;
    write(listener, partial(lines.id, 'beforeend', renderFor(visitor, lines.view)), lines.last);
  }

  app.get('/live', { schema: { querystring: Query } }, async (request, reply) => {
    const { topic = '', arg = '', after = 0 } = request.query as Type.Static<typeof Query>;
    // A browser that comes back says which line it saw last.
    const seen = Number(request.headers['last-event-id'] ?? after);
    const stream = new PassThrough();
    const listener: Listener = {
      stillThere: async () => await identify(request),
      stream,
      topic,
      arg,
      after: Number.isSafeInteger(seen) ? seen : after,
      sent: new Map(),
    };
    listeners.add(listener);
    stream.on('close', () => listeners.delete(listener));
    request.raw.on('close', () => stream.destroy());
    stream.write(': hello\n\n');
    if (!looking) wait(0);
    return reply
      .type('text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream);
  });

  app.addHook('preClose', async () => {
    if (timer) clearTimeout(timer);
    for (const { stream } of listeners) stream.end();
    listeners.clear();
  });

  return {
    topic: (name, topic) => void topics.set(name, topic),
    wake: () => {
      situation.stale();
      if (listeners.size > 0 && !looking) wait(0);
    },
  };
}

/** Sends what changed. A listener that can't keep up is left alone until it can. */
function tell(listener: Listener, fragments: { id: string; html: string }[]): void {
  if (listener.stream.writableNeedDrain) return;
  const changed = fragments.filter(({ id, html }) => listener.sent.get(id) !== html);
  for (const { id, html } of changed) listener.sent.set(id, html);
  if (changed.length > 0) write(listener, changed.map(({ id, html }) => partial(id, 'innerMorph', html)).join(''));
  else listener.stream.write(': still here\n\n');
}

/** A part of an answer that goes to the element with this id, wherever that is on the page. */
export const partial = (id: string, swap: string, html: string): string =>
  `<hx-partial hx-target="#${id}" hx-swap="${swap}">${html}</hx-partial>`;

/** One message. Any line break in the text would end a field, so each line gets its own. */
function write({ stream }: Listener, html: string, id?: number): void {
  const data = html
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('');
  stream.write(`${id === undefined ? '' : `id: ${id}\n`}${data}\n`);
}
