import type { Job } from '../../model/job.ts';
import type { Person } from '../../model/people.ts';
import type { FoundReferences } from '../../model/reference-upload.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { Bar, Name } from '../parts.tsx';
import { counted } from '../words.ts';

type Picture = FoundReferences['pictures'][number];

/** While the uploaded pictures are looked at: a look every second whether that is done. */
export function UploadWaiting({ person, trial, job }: { person: Person; trial: string; job: Job }) {
  const here = `/people/${person.id}/refimgs/${trial}`;
  const failed = job.endedAt !== null;
  return (
    <div
      class="page narrow"
      {...(!failed && {
        'hx-get': here,
        'hx-trigger': 'every 1s',
        'hx-select': '#main',
        'hx-target': '#main',
        'hx-swap': 'outerHTML',
      })}
    >
      <h1>
        Reference images of <Name>{person.name}</Name>
      </h1>
      {failed ? (
        <p class="failure">
          {job.error?.message ?? 'The pictures were not looked at.'} <a href={jobUrl(job.id)}>See the job</a>
        </p>
      ) : (
        <>
          <p role="status">Looking for the faces in them…</p>
          <Bar done={0} total={null} label="Looking for faces" />
          <noscript>
            <a href={here}>Look again</a>
          </noscript>
        </>
      )}
    </div>
  );
}

interface UploadPageProps {
  person: Person;
  trial: string;
  found: FoundReferences;
}

/** What was made of each uploaded picture; where there are several faces, or none, a person chooses. */
export function UploadPage({ person, trial, found }: UploadPageProps) {
  const added = found.pictures.filter((picture) => picture.refimg !== null).length;
  return (
    <div class="page narrow">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        <span aria-hidden="true">›</span>
        <a href={`/people/${person.id}`}>
          <Name>{person.name}</Name>
        </a>
      </nav>
      <h1>Reference images</h1>
      <p class="lead numbers">{counted(added, 'picture')} with one face each, taken as they are.</p>
      <ul class="uploads">
        {found.pictures.map((picture, i) => (
          <li class="card">
            <h2>
              <Name>{picture.name}</Name>
            </h2>
            <Outcome picture={picture} action={`/people/${person.id}/refimgs/${trial}/${i}`} />
          </li>
        ))}
      </ul>
      <p>
        <a class="button primary" href={`/people/${person.id}`}>
          Done
        </a>
      </p>
    </div>
  );
}

function Outcome({ picture, action }: { picture: Picture; action: string }) {
  const { hash, error, faces, foundBy, refimg } = picture;
  if (hash === null || error !== null) return <p class="problem">{error ?? 'It could not be read.'}</p>;
  if (refimg !== null) {
    return (
      <p>
        <img src={`/refimgs/${refimg}.webp`} alt="The face" width={96} height={96} /> Added.
      </p>
    );
  }
  return (
    <>
      <p>
        {foundBy === 'assumed'
          ? 'No face was found in it. If the whole picture is the face, take it so; else choose another picture.'
          : `There are ${faces.length} faces in it. Which one is it?`}
      </p>
      <form method="post" action={action} class="choices">
        {faces.map((face, i) => (
          <button name="face" value={i} aria-label={`Face ${i + 1}`}>
            <svg viewBox={`${face.x} ${face.y} ${face.w} ${face.h}`} width="96" height="96" aria-hidden="true">
              <image href={`/thumbs/${hash}-1440.webp`} width="1" height="1" preserveAspectRatio="none" />
            </svg>
            {foundBy === 'assumed' ? 'The whole picture' : ''}
          </button>
        ))}
      </form>
    </>
  );
}
