import type { FaceTrialSettings } from '../../model/face-trial.ts';
import type { Dir, FileDetails, PhotoFile } from '../../model/library.ts';
import type { Face, PersonToChoose } from '../../model/people.ts';
import { FaceCard } from '../faces/face-card.tsx';
import { MissedFace } from '../faces/missed-face.tsx';
import { PeopleList } from '../faces/say-form.tsx';
import { IfMay } from '../form.tsx';
import { Name } from '../parts.tsx';
import { TryPanel } from '../try-faces/try-form.tsx';
import { Facts } from './facts.tsx';
import { shownAs } from './media-types.ts';
import { MetadataTable } from './metadata-table.tsx';
import { PartsList } from './parts-list.tsx';
import { Stage } from './stage.tsx';

export interface PhotoPageProps {
  file: PhotoFile;
  trail: Dir[];
  previous: number | null;
  next: number | null;
  details: FileDetails;
  /** All files that are one picture with this one. */
  bundle: PhotoFile[];
  faces: Face[];
  /** Who a face may be. */
  people: PersonToChoose[];
  /** As they are saved. */
  settings: FaceTrialSettings;
  /** The dir the arrows stay in. */
  within: number | undefined;
  /** What is sought among the tags. */
  find: string;
}

/** One photo as large as the screen allows, with all that is known of it. */
export function PhotoPage(props: PhotoPageProps) {
  const { file, previous, next, within, bundle } = props;
  const link = (id: number) => (within === undefined ? `/photos/${id}` : `/photos/${id}?dir=${within}`);
  const live = file.part === null ? bundle.find((part) => part.part === 'video') : undefined;
  return (
    <article class="viewer" data-viewer>
      <figure class="stage">
        <Stage file={file} live={live} faces={props.faces} />
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
      <About {...props} />
    </article>
  );
}

function About({ file, trail, details, bundle, faces, people, settings, within, find }: PhotoPageProps) {
  const { metadata, warnings } = details;
  return (
    <aside class="facts-panel" aria-label="About this photo">
      <h1>
        <Name>{file.name}</Name>
      </h1>
      <PeopleList people={people} />
      {file.error && <WhatWentWrong error={file.error} shown={file.thumb} />}
      {faces.length > 0 && (
        <section aria-labelledby="faces">
          <h2 id="faces">Who is this?</h2>
          <ul class="faces">
            {faces.map((face) => (
              <FaceCard
                face={face}
                people={people}
                back={within === undefined ? `/photos/${file.id}` : `/photos/${file.id}?dir=${within}`}
              />
            ))}
          </ul>
        </section>
      )}
      {details.regions.some(({ name, type }) => type === 'face' && name !== null) && (
        <IfMay right="run">
          <p>
            Names are written in this file. <a href="/people/regions">Take them over</a>
          </p>
        </IfMay>
      )}
      {file.type === 'image' && file.thumb && file.hash !== null && <MissedFace file={file.id} hash={file.hash} />}
      {file.type === 'image' && file.thumb && <TryPanel settings={settings} on={{ file }} />}
      <Facts file={file} details={details} dir={trail.at(-1)} />
      {bundle.length > 1 && <PartsList bundle={bundle} shown={file.id} />}
      {warnings.length > 0 && (
        <details>
          <summary>What ExifTool warned of ({warnings.length})</summary>
          <ul>
            {warnings.map((warning) => (
              <li>
                <bdi>{warning}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="buttons">
        <a class="button" href={`/originals/${file.id}`} download={shownAs(file.name).inline ? undefined : ''}>
          {shownAs(file.name).inline ? 'Open the original' : 'Download the original'}
        </a>
      </p>
      {metadata && Object.keys(metadata).length > 0 && (
        <MetadataTable
          tags={metadata}
          find={find}
          action={`/photos/${file.id}`}
          hidden={within === undefined ? {} : { dir: String(within) }}
        />
      )}
    </aside>
  );
}

export const WhatWentWrong = ({ error, shown }: { error: NonNullable<PhotoFile['error']>; shown: boolean }) => (
  <div class="failure">
    <p>
      <strong>
        <bdi>{error.message}</bdi>
      </strong>{' '}
      {shown && 'What could be read is shown. '}
      The file itself was not changed.{' '}
      <span class="quiet">
        step {error.step} · <code>{error.code}</code>
      </span>
    </p>
  </div>
);
