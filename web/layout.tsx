import type { FastifyReply } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import type { Right } from '../model/access.ts';
import { assetUrl } from './assets.ts';
import { Head } from './head.tsx';
import { Form, IfMay, renderFor } from './form.tsx';
import type { PageOptions, Section, Web } from './shared.ts';
import { LiveLink } from './parts.tsx';
import type { Situation, SituationReader } from './situation.ts';
import { topFragments } from './top.tsx';

const nav: readonly { section: Section; href: string; label: string; right: Right }[] = [
  { section: 'photos', href: '/', label: 'Photos', right: 'read' },
  { section: 'people', href: '/people', label: 'People', right: 'read' },
  { section: 'map', href: '/map', label: 'Map', right: 'read' },
  { section: 'folders', href: '/folders', label: 'Folders', right: 'read' },
  { section: 'sorter', href: '/sorter', label: 'Sorter', right: 'run' },
  { section: 'jobs', href: '/jobs', label: 'Jobs', right: 'read' },
  { section: 'settings', href: '/settings', label: 'Settings', right: 'own' },
  { section: 'status', href: '/status', label: 'Status', right: 'read' },
];

const styles = [
  'tokens.css',
  'page.css',
  'parts.css',
  'photos.css',
  'map.css',
  'duplicates.css',
  'people.css',
  'face-groups.css',
  'sorter.css',
  'jobs.css',
];
const scripts = ['vendor/htmx.min.js', 'vendor/hx-sse.min.js'];
const modules = ['times.js', 'grid.js', 'viewer.js', 'review.js', 'draw.js', 'unanswered.js'];

/** htmx evaluates nothing and adds no styles of its own; CSSOM sizes of tiles survive a refresh. */
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  extensions: 'sse',
  history: false,
  morphIgnore: ['data-htmx-powered', 'style'],
});

/** Wraps a page's content in the bar and the engine's state, and sends it. */
export const createPage =
  (situation: SituationReader): Web['page'] =>
  async (reply, options, content) => {
    const now = await situation.read();
    const { visitor } = reply.request;
    const html = renderFor(
      visitor,
      <Layout
        now={now}
        options={options}
        nonce={reply.nonce}
        started={startedJob(reply)}
        account={visitor?.session ? visitor.who : null}
        content={content}
      />,
    );
    // What must not be kept at all says so itself.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    return reply
      .code(options.status ?? 200)
      .type('text/html; charset=utf-8')
      .header('vary', 'hx-request-type')
      .send(`<!doctype html>${html}`);
  };

/** The job that a form on this page started, as the address tells. */
function startedJob({ request: { query } }: FastifyReply): string | null {
  const started = typeof query === 'object' && query !== null && 'started' in query ? query.started : null;
  return typeof started === 'string' && /^[a-z]+(\/[\da-z-]+)?$/.test(started) ? started : null;
}

interface LayoutProps {
  now: Situation;
  options: PageOptions;
  nonce: string;
  started: string | null;
  /** Who is logged in; null where nobody has to be. */
  account: string | null;
  content: VNode;
}

function Layout({ now, options, nonce, started, account, content }: LayoutProps) {
  const { title, section } = options;
  return (
    <html lang="en">
      <Head title={title} styles={styles}>
        <meta name="htmx-config" content={htmxConfig} />
        {scripts.map((name) => (
          <script src={assetUrl(name)} nonce={nonce} defer />
        ))}
        {modules.map((name) => (
          <script src={assetUrl(name)} nonce={nonce} type="module" />
        ))}
        {options.reloads && isAtWork(now) && (
          <noscript>
            <meta http-equiv="refresh" content="15" />
          </noscript>
        )}
      </Head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="bar">
          <a class="brand" href="/">
            Photo Assistant
          </a>
          <nav aria-label="Pages">
            {nav.map((entry) => (
              <IfMay right={entry.right}>
                <a href={entry.href} aria-current={entry.section === section ? 'page' : undefined}>
                  {entry.label}
                </a>
              </IfMay>
            ))}
          </nav>
          <Slot fragments={topFragments(now)} id="pill" />
          {account !== null && (
            <Form action="/logout" right="read" class="logout">
              <button title={`Logged in as ${account}`}>Log out</button>
            </Form>
          )}
        </header>
        <Slot fragments={topFragments(now)} id="top" />
        <main id="main" tabIndex={-1}>
          {started !== null && (
            <p class="notice" role="status">
              Started. <a href={`/jobs/job/${encodeURIComponent(started)}`}>See the job</a>
            </p>
          )}
          {content}
          <LiveLink {...options.live} />
        </main>
      </body>
    </html>
  );
}

const Slot = ({ fragments, id }: { fragments: ReturnType<typeof topFragments>; id: string }): ComponentChildren => (
  <div id={id}>{fragments.find((fragment) => fragment.id === id)?.view}</div>
);

/** The house starts or imports, or nothing is known of it. */
const isAtWork = (now: Situation): boolean =>
  now.engine === null || ['initialising', 'find files', 'import files'].includes(now.engine.state);
