import type { Dir, FileDetails, PhotoFile } from '../../model/library.ts';
import { Ago, Name } from '../parts.tsx';
import { bytes, count, offsetInWords, weekdayInWords } from '../words.ts';
import { shownAs } from './media-types.ts';

export interface PhotoPageProps {
  file: PhotoFile;
  trail: Dir[];
  previous: number | null;
  next: number | null;
  details: FileDetails;
  /** All files that are one picture with this one. */
  bundle: PhotoFile[];
  /** The dir the arrows stay in. */
  within: number | undefined;
}

/** One photo as large as the screen allows, with all that is known of it. */
export function PhotoPage(props: PhotoPageProps) {
  const { file, previous, next, within } = props;
  const link = (id: number) => (within === undefined ? `/photos/${id}` : `/photos/${id}?dir=${within}`);
  return (
    <article class="viewer" data-viewer>
      <figure class="stage">
        <Picture file={file} />
        {previous !== null && (
          <a class="arrow previous" rel="prev" href={link(previous)} aria-label="Newer photo" title="Newer (←)">
            <span aria-hidden="true">‹</span>
          </a>
        )}
        {next !== null && (
          <a class="arrow next" rel="next" href={link(next)} aria-label="Older photo" title="Older (→)">
            <span aria-hidden="true">›</span>
          </a>
        )}
        <a
          class="arrow close"
          rel="up"
          href={within === undefined ? '/' : `/folders/${within}`}
          aria-label="Close"
          title="Close (Esc)"
        >
          <span aria-hidden="true">×</span>
        </a>
      </figure>
      <Facts {...props} />
    </article>
  );
}

function Picture({ file }: { file: PhotoFile }) {
  const shown = shownAs(file.name);
  if (file.type === 'video' && shown.inline) {
    const poster = file.thumb && file.hash !== null ? `/thumbs/${file.hash}-1440.webp` : undefined;
    return <video src={`/originals/${file.id}`} poster={poster} controls preload="metadata" aria-label={file.name} />;
  }
  if (file.thumb && file.hash !== null) {
    return (
      <img
        src={`/thumbs/${file.hash}-1440.webp`}
        alt={file.name}
        width={file.width ?? undefined}
        height={file.height ?? undefined}
        data-thumbhash={file.thumbhash ?? undefined}
      />
    );
  }
  return (
    <div class="blank">
      <span class="kind">{file.type}</span>
      <p>
        {file.error
          ? 'There is no preview: see why beside it.'
          : file.readAt === null
            ? 'Not read yet. The preview is made in a moment.'
            : 'There is no preview of this kind of file.'}
      </p>
    </div>
  );
}

function Facts({ file, trail, details: { metadata } }: PhotoPageProps) {
  const dir = trail.at(-1);
  return (
    <aside class="facts-panel" aria-label="About this photo">
      <h1>
        <Name>{file.name}</Name>
      </h1>
      {file.error && (
        <div class="failure">
          <p>
            <strong>{file.error.message}</strong> The file itself was not changed.{' '}
            <span class="quiet">
              step {file.error.step} · <code>{file.error.code}</code>
            </span>
          </p>
        </div>
      )}
      <dl class="facts">
        {file.takenAt !== null && (
          <>
            <dt>Taken</dt>
            <dd>
              {weekdayInWords(file.takenAt)}, {file.takenAt.slice(11)}
              {file.takenOffset !== null && ` (${offsetInWords(file.takenOffset)})`}
              <details>
                <summary>Why this date?</summary>
                <p>{whyThisDate(file.takenSource)}</p>
              </details>
            </dd>
          </>
        )}
        {file.camera !== null && (
          <>
            <dt>Camera</dt>
            <dd>
              <Name>{file.camera}</Name>
            </dd>
          </>
        )}
        {file.latitude !== null && file.longitude !== null && (
          <>
            <dt>Where</dt>
            <dd>{coordinates(file.latitude, file.longitude)}</dd>
          </>
        )}
        <dt>Size</dt>
        <dd>
          {file.width !== null && file.height !== null && `${count(file.width)} × ${count(file.height)} pixels · `}
          {bytes(file.size)}
        </dd>
        <dt>Folder</dt>
        <dd>
          {dir ? (
            <a href={`/folders/${dir.id}`}>
              <Name>{dir.path}</Name>
            </a>
          ) : (
            '–'
          )}
        </dd>
        <dt>Changed</dt>
        <dd>
          <Ago at={file.mtime} />
        </dd>
        {file.hash !== null && (
          <>
            <dt>SHA-256</dt>
            <dd>
              <code>{file.hash}</code>
            </dd>
          </>
        )}
      </dl>
      <p class="buttons">
        <a class="button" href={`/originals/${file.id}`} download={shownAs(file.name).inline ? undefined : ''}>
          {shownAs(file.name).inline ? 'Open the original' : 'Download the original'}
        </a>
      </p>
      {metadata && Object.keys(metadata).length > 0 && <Metadata tags={metadata} />}
    </aside>
  );
}

/** In words, where a photo's date came from. */
export function whyThisDate(source: string | null): string {
  if (source === null) return 'It is not known where this date came from.';
  if (source === 'file time') {
    return 'Nothing inside the file says when it was taken, so this is when the file was last changed.';
  }
  if (/^GPS/.test(source)) return `The camera took it from its satellite receiver (${source}).`;
  if (/Original|Creat|Digitized/i.test(source)) return `The camera wrote it into the file (${source}).`;
  return `It is in the file, as ${source}.`;
}

const coordinates = (latitude: number, longitude: number): string =>
  `${Math.abs(latitude).toFixed(5)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(5)}° ${longitude < 0 ? 'W' : 'E'}`;

const maxTags = 200;
const maxText = 300;

function Metadata({ tags }: { tags: Record<string, unknown> }) {
  const all = Object.entries(tags).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return (
    <details class="metadata">
      <summary>Everything in the file ({count(all.length)})</summary>
      <table>
        <thead class="sr">
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {all.slice(0, maxTags).map(([tag, value]) => (
            <tr>
              <th scope="row">{tag}</th>
              <td>
                <bdi>{tagText(value)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > maxTags && <p class="quiet">and {count(all.length - maxTags)} more</p>}
    </details>
  );
}

function tagText(value: unknown): string {
  const raw = typeof value === 'object' && value !== null && 'rawValue' in value ? value.rawValue : value;
  const text = typeof raw === 'string' ? raw : raw === undefined ? '' : JSON.stringify(raw);
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}
