import type { Job } from '../../model/job.ts';
import type { Person } from '../../model/people.ts';
import type { FoundReferences } from '../../model/reference-upload.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { DrawForm } from '../faces/draw-form.tsx';
import { Bar, Empty, Name } from '../parts.tsx';
import { counted } from '../words.ts';
import { Form } from '../form.tsx';

type Picture = FoundReferences['pictures'][number];

/** While the pictures are looked at: a look every second whether that is done. */
export function UploadWaiting({ person, trial, job }: { person: Person | null; trial: string; job: Job }) {
  const here = person ? `/people/${person.id}/refimgs/${trial}` : `/people/references/${trial}`;
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
        Reference images
        {person && (
          <>
            {' of '}
            <Name>{person.name}</Name>
          </>
        )}
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
  /** Null: a folder for each person was read. */
  person: Person | null;
  trial: string;
  found: FoundReferences;
}

/** What was made of each picture; where there are several faces, or none, a person chooses. */
export function UploadPage({ person, trial, found }: UploadPageProps) {
  const added = found.pictures.filter((picture) => picture.refimg !== null).length;
  return (
    <div class="page narrow">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        {person && (
          <>
            <span aria-hidden="true">›</span>
            <a href={`/people/${person.id}`}>
              <Name>{person.name}</Name>
            </a>
          </>
        )}
      </nav>
      <h1>Reference images</h1>
      <p class="lead numbers">
        {counted(added, 'picture')} with one face each, taken as they are.
        {found.left > 0 &&
          ` ${counted(found.left, 'more file')} of the folder were left out: they are too many at once.`}
      </p>
      {found.pictures.length === 0 && <Empty>There is no file in this folder.</Empty>}
      <ul class="uploads">
        {found.pictures.map((picture, i) => (
          <li class="card">
            <h2>
              {person === null && picture.person && (
                <>
                  <a href={`/people/${picture.person.id}`}>
                    <Name>{picture.person.name}</Name>
                  </a>
                  {': '}
                </>
              )}
              <Name>{picture.name}</Name>
            </h2>
            <Outcome picture={picture} action={`/people/references/${trial}/${i}`} id={`picture-${i}`} />
          </li>
        ))}
      </ul>
      <p>
        <a class="button primary" href={person ? `/people/${person.id}` : '/people'}>
          Done
        </a>
      </p>
    </div>
  );
}

function Outcome({ picture, action, id }: { picture: Picture; action: string; id: string }) {
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
          ? 'No face was found in it. Draw a box around the face; or, if the picture is nothing but the face, take it whole.'
          : `There are ${faces.length} faces in it. Which one is it?`}
      </p>
      <Form action={action} class="choices">
        {faces.map((face, i) => (
          <button name="face" value={i} aria-label={`Face ${i + 1}`}>
            <svg viewBox={`${face.x} ${face.y} ${face.w} ${face.h}`} width="96" height="96" aria-hidden="true">
              <image href={`/thumbs/${hash}-1440.webp`} width="1" height="1" preserveAspectRatio="none" />
            </svg>
            {foundBy === 'assumed' ? 'The whole picture' : ''}
          </button>
        ))}
      </Form>
      <details open={foundBy === 'assumed'}>
        <summary>Draw the box yourself</summary>
        <DrawForm action={`${action}/box`} hash={hash} id={id} box={{ x: 20, y: 10, w: 60, h: 80 }}>
          <p>
            <button class="primary">Take this face</button>
          </p>
        </DrawForm>
      </details>
    </>
  );
}
