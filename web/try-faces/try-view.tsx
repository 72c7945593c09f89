import type { VNode } from 'preact';
import type { Job } from '../../model/job.ts';
import type { FaceTrial, TriedFace, TriedPicture } from '../../model/face-trial.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { Bar, Empty, Name } from '../parts.tsx';
import { counted, duration } from '../words.ts';

/** While faces are looked for: a look every second whether that is done. */
export function TrialWaiting({ trial, job }: { trial: string; job: Job }) {
  const here = `/try/faces/${trial}`;
  const failed = job.endedAt !== null;
  return (
    <div
      class="page"
      {...(!failed && {
        'hx-get': here,
        'hx-trigger': 'every 1s',
        'hx-select': '#main',
        'hx-target': '#main',
        'hx-swap': 'outerHTML',
      })}
    >
      <h1>Try faces</h1>
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
  );
}

interface TrialPageProps {
  trial: string;
  result: FaceTrial;
  /** The form to try again with these settings. */
  form: VNode;
}

/** What the settings would make of a picture or a dir, and what would change against today. */
export function FaceTrialPage({ trial, result, form }: TrialPageProps) {
  const { pictures, tookMs, backend, of } = result;
  const faces = pictures.flatMap((picture) => picture.faces);
  const many = (change: TriedFace['change']) => faces.filter((face) => face.change === change).length;
  return (
    <div class="page">
      <h1>Try faces</h1>
      <p class="lead numbers">
        {counted(faces.length, 'face')} in {counted(pictures.length, 'picture')}, {duration(tookMs / 1000)} on {backend}
        .{' '}
        {'upload' in of
          ? ''
          : `Against today: ${many('gained')} names gained, ${many('lost')} lost, ${many('swapped')} swapped, ${many('unknown')} still unknown.`}
      </p>
      <form method="post" action={`/try/faces/${trial}/use`} class="inline">
        <button>Use these settings</button>
        <span class="quiet">Saves them, and looks for everybody in all faces again.</span>
      </form>
      {'dir' in of ? (
        <Changes pictures={pictures} />
      ) : (
        pictures.map((picture) => <Tried picture={picture} trial={trial} />)
      )}
      <h2>Try again</h2>
      {form}
    </div>
  );
}

function Tried({ picture }: { picture: TriedPicture; trial: string }) {
  const { hash, name, width, height, faces, error } = picture;
  if (hash === null || error !== null) {
    return (
      <p class="failure">
        <Name>{name}</Name>: {error}
      </p>
    );
  }
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
              <text x={(x + w / 2) * width} y={(y + h) * height + width / 50} font-size={width / 60}>
                {who.name}
                {who.perhaps ? '?' : ''}
              </text>
            )}
          </g>
        ))}
      </svg>
      <ul class="faces">
        {faces.map((face) => (
          <li class="card numbers">
            <strong>{whoText(face)}</strong>
            <p class="quiet">{detail(face)}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

const changeWords: Record<TriedFace['change'], string> = {
  gained: 'gained',
  lost: 'lost',
  swapped: 'swapped',
  unknown: 'still unknown',
  same: 'same',
};

function Changes({ pictures }: { pictures: readonly TriedPicture[] }) {
  const order = ['swapped', 'lost', 'gained', 'unknown'] as const;
  const rows = pictures
    .flatMap((picture) => picture.faces.map((face) => ({ picture, face })))
    .filter(({ face }) => face.change !== 'same')
    .toSorted((a, b) => order.findIndex((o) => o === a.face.change) - order.findIndex((o) => o === b.face.change));
  if (rows.length === 0) return <Empty>Nothing would change.</Empty>;
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">Face</th>
          <th scope="col">Change</th>
          <th scope="col">Today</th>
          <th scope="col">Then</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, 500).map(({ picture, face }) => (
          <tr>
            <td>
              <a href={`/photos/${picture.file}`} aria-label={`A face in ${picture.name}`}>
                <svg viewBox={`${face.x} ${face.y} ${face.w} ${face.h}`} width="56" height="56" aria-hidden="true">
                  <image href={`/thumbs/${picture.hash}-1440.webp`} width="1" height="1" preserveAspectRatio="none" />
                </svg>
              </a>
            </td>
            <td>{changeWords[face.change]}</td>
            <td>
              <bdi>{face.today ? face.today.name : '–'}</bdi>
            </td>
            <td>
              <bdi>{whoText(face)}</bdi>
            </td>
            <td class="quiet numbers">{detail(face)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const whoText = ({ name }: TriedFace): string =>
  name === null ? 'Unknown' : name.perhaps ? `Perhaps ${name.name}` : name.name;

function detail({ distance, runnerUp, size, score }: TriedFace): string {
  const near = distance === null ? 'nobody is near' : `distance ${distance.toFixed(3)}`;
  const next = runnerUp ? `, then ${runnerUp.name} at ${runnerUp.distance.toFixed(3)}` : '';
  return `${near}${next} · ${size} pixels · score ${score.toFixed(2)}`;
}
