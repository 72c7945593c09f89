import type { VNode } from 'preact';
import type { FaceTrial, TriedPicture } from '../../model/face-trial.ts';
import type { Job } from '../../model/job.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { Bar, Name } from '../parts.tsx';
import { count, counted, duration } from '../words.ts';
import { Changes, changesInWords } from './changes.tsx';
import { detail, whoText } from './face-words.ts';
import { Form } from '../form.tsx';

interface WaitingProps {
  trial: string;
  job: Job;
  /** It is shown on the page of a photo or a dir. */
  panel: boolean;
}

/** While faces are looked for: a look every second whether that is done. */
export function TrialWaiting({ trial, job, panel }: WaitingProps) {
  const here = `/try/faces/${trial}`;
  const failed = job.endedAt !== null;
  const shown = panel ? '#trial' : '#main';
  return (
    <div class="page">
      <h1>Try faces</h1>
      <div
        id="trial"
        {...(!failed && {
          'hx-get': panel ? `${here}?panel=1` : here,
          'hx-trigger': 'every 1s',
          'hx-select': shown,
          'hx-target': shown,
          'hx-swap': 'outerHTML',
        })}
      >
        {failed ? (
          <p class="failure">
            {job.error?.message ?? 'Nothing was looked at.'} <a href={jobUrl(job.id)}>See the job</a>
          </p>
        ) : (
          <>
            <p role="status">Looking for faces…</p>
            <Bar done={0} total={null} label="Looking for faces" />
            <noscript>
              <a href={here}>Look again</a>
            </noscript>
          </>
        )}
      </div>
    </div>
  );
}

interface TrialPageProps {
  trial: string;
  result: FaceTrial;
  /** The form to try again with these settings. */
  form: VNode;
}

/** What the settings would make of a picture or a dir, and what would change against today. */
export const FaceTrialPage = ({ trial, result, form }: TrialPageProps) => (
  <div class="page">
    <h1>Try faces</h1>
    <Outcome trial={trial} result={result} />
    <h2>Try again</h2>
    {form}
  </div>
);

function Outcome({ trial, result }: Omit<TrialPageProps, 'form'>) {
  const { pictures, total, tookMs, backend, of } = result;
  const faces = pictures.reduce((sum, picture) => sum + picture.faces.length, 0);
  const changes = changesInWords(pictures);
  return (
    <section id="trial" class="trial" aria-label="What would be found">
      <p class="lead numbers" role="status">
        {counted(faces, 'face')} in{' '}
        {total > pictures.length
          ? `the first ${count(pictures.length)} of ${counted(total, 'picture')}`
          : counted(pictures.length, 'picture')}
        , {duration(tookMs / 1000)} on {backend}.{' '}
        {!('upload' in of) && (changes === '' ? 'As today.' : `Against today: ${changes}.`)}
      </p>
      {!('dir' in of) && pictures.map((picture) => <Tried picture={picture} />)}
      {!('upload' in of) && <Changes pictures={pictures} unknown={'dir' in of} />}
      <Form action={`/try/faces/${trial}/use`} class="inline">
        <button>Use these settings</button>
        <span class="quiet">Saves them, and looks for everybody in all faces again. Nothing was saved so far.</span>
      </Form>
    </section>
  );
}

function Tried({ picture }: { picture: TriedPicture }) {
  const { hash, name, width, height, faces, missed, error } = picture;
  if (hash === null || error !== null) {
    return (
      <p class="failure">
        <Name>{name}</Name>: {error}
      </p>
    );
  }
  const line = Math.max(width, height) / 50;
  return (
    <div class="tried">
      <svg class="boxes" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${faces.length} faces in ${name}`}>
        <image href={`/thumbs/${hash}-1440.webp`} width={width} height={height} />
        {faces.map(({ x, y, w, h, name: who }) => (
          <g class={who === null ? 'unknown' : who.perhaps ? 'perhaps' : 'named'}>
            <rect
              x={x * width}
              y={y * height}
              width={w * width}
              height={h * height}
              vector-effect="non-scaling-stroke"
            />
            {who && (
              <text x={(x + w / 2) * width} y={(y + h) * height + line} font-size={line * 0.85}>
                {who.name}
                {who.perhaps ? '?' : ''}
              </text>
            )}
          </g>
        ))}
        {missed.map(({ x, y, w, h }) => (
          <g class="missed">
            <rect
              x={x * width}
              y={y * height}
              width={w * width}
              height={h * height}
              vector-effect="non-scaling-stroke"
            />
          </g>
        ))}
      </svg>
      <ul class="faces">
        {faces.map((face) => (
          <li class="card numbers">
            <strong>
              <bdi>{whoText(face)}</bdi>
            </strong>
            <p class="quiet">{detail(face)}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
