import type { AiScan, Face, FaceName, PersonToChoose } from '../../model/people.ts';
import { Ago, Name } from '../parts.tsx';
import { SayForm } from './say-form.tsx';
import { whoIs } from './who.ts';

interface FaceCardProps {
  face: Face;
  /** Who may be chosen. */
  people: readonly PersonToChoose[];
  /** The page to come back to. */
  back: string;
}

/** A face with who it is, why, and what a person can say of it. */
export function FaceCard({ face, people, back }: FaceCardProps) {
  const { name, marked } = face;
  return (
    <li id={`face-${face.id}`} class="face card" tabIndex={-1}>
      <img src={`/faces/${face.id}.webp`} alt="" width={72} height={72} loading="lazy" />
      <div>
        <h3>
          {name ? (
            <>
              {name.perhaps && 'Perhaps '}
              <a href={`/people/${name.person.id}`}>
                <Name>{name.person.name}</Name>
              </a>
            </>
          ) : (
            whoIs(face)
          )}{' '}
          {name && <small class="quiet">{name.state === 'confirmed' ? 'confirmed by you' : 'automatic'}</small>}
        </h3>
        {marked === null && <Why face={face} />}
        <SayForm face={face} people={people} back={back} />
      </div>
    </li>
  );
}

/** Why the product thinks so: distance, threshold, who else comes near, and which scan said it. */
function Why({ face }: { face: Face }) {
  const { name, near, scan } = face;
  return (
    <details>
      <summary>{name ? 'Why this name?' : 'Why no name?'}</summary>
      {name?.state === 'auto' && <Reasons name={name} face={face} />}
      {name?.scan && (
        <p class="quiet numbers">
          Named <Ago at={name.scan.at} /> by version {name.scan.version}
          <SettingsOf scan={name.scan} />
        </p>
      )}
      {name === null && (
        <p>
          {near.length === 0
            ? 'No reference image of anybody comes near to it.'
            : 'The nearest are farther than the threshold, were rejected, or are in this photo already.'}
        </p>
      )}
      {near.length > 0 && (
        <ul class="near">
          {near.map(({ person, refimg, distance }) => (
            <li>
              <img src={`/refimgs/${refimg}.webp`} alt="" width={48} height={48} loading="lazy" />
              <span>
                <Name>{person.name}</Name>
                <br />
                <span class="quiet numbers">distance {distance.toFixed(3)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {face.rejected.length > 0 && (
        <p>You said it is not {face.rejected.map(({ name: who }, i) => [i > 0 && ', ', <Name>{who}</Name>])}.</p>
      )}
      <p class="quiet numbers">
        {face.size} pixels, sharpness {face.sharpness}, score {face.score}
        {face.cut && ', cut by the picture’s edge'}
        {scan && (
          <>
            {' · found '}
            <Ago at={scan.at} /> by version {scan.version}, <bdi>{scan.model}</bdi>
            <SettingsOf scan={scan} />
          </>
        )}
      </p>
    </details>
  );
}

/** What a scan was told, by the names that the settings have everywhere; a face drawn by hand has none. */
function SettingsOf({ scan }: { scan: AiScan }) {
  const settings = Object.entries(scan.settings).filter(([, value]) => typeof value !== 'object');
  return settings.length > 0 && <> with {settings.map(([name, value]) => `${name} ${String(value)}`).join(', ')}</>;
}

function Reasons({ name, face }: { name: FaceName; face: Face }) {
  const { distance, threshold, runnerUp, perhaps } = name;
  if (distance === null || threshold === null) return null;
  return (
    <p class="numbers">
      Distance {distance.toFixed(3)}; the scan took up to {threshold.toFixed(2)} for that person.{' '}
      {runnerUp === null
        ? 'Nobody else comes near.'
        : `Next comes ${runnerUp.person.name} at ${runnerUp.distance.toFixed(3)}, ${(runnerUp.distance - distance).toFixed(3)} farther.`}
      {perhaps && distance <= threshold && (
        <>
          {' '}
          Not sure, because{' '}
          {face.cut ? 'the picture’s edge goes through the face' : 'the face is small or somebody else is as near'}.
        </>
      )}
    </p>
  );
}
