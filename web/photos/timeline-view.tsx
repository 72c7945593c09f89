import type { PhotoTile } from '../../model/library.ts';
import type { Person } from '../../model/people.ts';
import { Empty } from '../parts.tsx';
import { counted } from '../words.ts';
import type { FilterOptions } from '../../sql/filter-options.ts';
import { daySections } from './days.ts';
import { Filters } from './filter-view.tsx';
import type { TimelineQuery } from './schema.ts';
import { Tile } from './tile.tsx';

export interface TimelinePageProps {
  files: PhotoTile[];
  next: string | null;
  query: TimelineQuery;
  /** What it can be narrowed to. */
  options: FilterOptions;
  /** Who it is narrowed to. */
  person: Person | null;
  /** This is the timeline's beginning, without a search. */
  newest: boolean;
}

/** The photos, newest first, a section for each day. */
export function TimelinePage(props: TimelinePageProps) {
  const { files, query, options, person, newest } = props;
  const emptyLibrary = newest && files.length === 0;
  return (
    <div class="timeline">
      <h1 class="sr">Photos</h1>
      {!emptyLibrary && <Filters query={query} options={options} person={person} />}
      <div id="fresh" />
      {files.length === 0 && (emptyLibrary ? <FirstPhotos /> : <Empty>No picture or video fits this search.</Empty>)}
      <TimelinePart {...props} />
    </div>
  );
}

/**
 * Files that were read since the page was made. Who looks at the top of the timeline sees them come in; who has scrolled
 * down is left in peace.
 */
export const Fresh = ({ more }: { more: number }) =>
  more > 0 ? (
    <p
      class="notice"
      hx-get="/"
      hx-trigger="intersect delay:4s"
      hx-select="#main"
      hx-target="#main"
      hx-swap="outerMorph"
    >
      {counted(more, 'more file')} read. <a href="/">Show the newest</a>
    </p>
  ) : (
    <></>
  );

/** A page of the timeline, to stand alone or to follow the page before. */
export function TimelinePart({ files, next, query }: TimelinePageProps) {
  const last = files.at(-1);
  return (
    <>
      <Days files={files} before={query.day ?? null} />
      {next !== null && last && <Older href={olderUrl(query, next, (last.takenAt ?? last.mtime).slice(0, 10))} />}
    </>
  );
}

/** `before`: the day the page before ended with. */
function Days({ files, before }: { files: readonly PhotoTile[]; before: string | null }) {
  return (
    <>
      {daySections(files, before).map(({ heading, continued, photos }) => (
        <section class={continued ? 'day continued' : 'day'}>
          <h2 class={continued ? 'sr' : undefined}>
            {heading} <small>{continued ? 'continued' : counted(photos.length, 'photo')}</small>
          </h2>
          <ul class="grid">
            {photos.map(({ file, day }) => (
              <Tile file={file} label={day} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function olderUrl(query: TimelineQuery, cursor: string, day: string): string {
  const kept = Object.entries({ ...query, cursor, day }).filter(([, value]) => value !== '');
  return `/?${new URLSearchParams(kept)}`;
}

/** The way to older photos: a link, that goes there by itself when it comes near where scripts run. */
const Older = ({ href }: { href: string }) => (
  <p class="more" hx-get={href} hx-trigger="revealed rootMargin:1500px" hx-swap="outerHTML">
    <a class="button" href={href}>
      Older photos
    </a>
  </p>
);

/** While nothing is there yet: what will be, and a look every few seconds whether it is. */
const FirstPhotos = () => (
  <div class="first-photos" hx-get="/" hx-trigger="every 4s" hx-select="#main" hx-target="#main" hx-swap="outerHTML">
    <div class="ghosts" aria-hidden="true">
      {Array.from({ length: 24 }, () => (
        <span />
      ))}
    </div>
    <Empty>Your pictures appear here, newest first, as soon as they are read.</Empty>
  </div>
);
