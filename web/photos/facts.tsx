import type { ComponentChildren } from 'preact';
import type { FileDetails, PhotoFile } from '../../model/library.ts';
import { Ago, Name } from '../parts.tsx';
import { bytes, count, duration, offsetInWords, weekdayInWords } from '../words.ts';
import { distanceInWords, placeInWords, placeKey } from './place-words.ts';
import { howSure, whyThisDate } from './why-date.ts';

interface FactsProps {
  file: PhotoFile;
  details: FileDetails;
  /** The dir it lies in; none where it is not in the library. */
  dir: { id: number; path: string } | undefined;
}

/** What is known of a photo, most asked first. */
export function Facts({ file, details, dir }: FactsProps) {
  const { decoder, decodeMs, codecs, people } = details;
  return (
    <dl class="facts">
      <Fact name="Title">{file.title !== null && <bdi>{file.title}</bdi>}</Fact>
      <Fact name="Description">{file.description !== null && <bdi class="prose">{file.description}</bdi>}</Fact>
      <Fact name="Taken">{file.takenAt !== null && <Taken file={file} details={details} />}</Fact>
      <Fact name="Where">{file.latitude !== null && file.longitude !== null && <Where file={file} />}</Fact>
      <Fact name="Camera">
        {file.camera !== null && (
          <a href={`/?${new URLSearchParams({ camera: file.camera })}`}>
            <Name>{file.camera}</Name>
          </a>
        )}
      </Fact>
      <Fact name="Rating">{file.rating !== null && <Stars rating={file.rating} />}</Fact>
      <Fact name="Tags">{file.tags.length > 0 && <Tags tags={file.tags} />}</Fact>
      <Fact name="People">
        {people.length > 0 && <>{people.map((name, i) => [i > 0 && ', ', <bdi>{name}</bdi>])} (as the file says)</>}
      </Fact>
      <Fact name="Size">
        {file.width !== null && file.height !== null && `${count(file.width)} × ${count(file.height)} pixels · `}
        {bytes(file.size)}
        {file.format !== null && [' · ', <bdi>{file.format}</bdi>]}
      </Fact>
      <Fact name="Length">
        {file.duration !== null && (
          <>
            {duration(file.duration)}
            {codecs.length > 0 && [' · ', <bdi>{codecs.join(', ')}</bdi>]}
          </>
        )}
      </Fact>
      <Fact name="Folder">
        {dir && (
          <a href={`/folders/${dir.id}`}>
            <Name>{dir.path}</Name>
          </a>
        )}
      </Fact>
      <Fact name="Changed">{dir && <Ago at={file.mtime} />}</Fact>
      <Fact name="Decoded">
        {decoder !== null && (
          <>
            by <bdi>{decoder}</bdi>
            {decodeMs !== null && ` in ${decodeMs < 1000 ? `${decodeMs} ms` : duration(decodeMs / 1000)}`}
          </>
        )}
      </Fact>
      <Fact name="SHA-256">{file.hash !== null && <code>{file.hash}</code>}</Fact>
    </dl>
  );
}

/** A line of facts; none where there is nothing to say. */
const Fact = ({ name, children }: { name: string; children: ComponentChildren }) =>
  children === false || children === undefined ? null : (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );

function Taken({ file, details: { passedDates } }: Pick<FactsProps, 'file' | 'details'>) {
  const { takenAt, takenOffset, takenZone, takenSource, takenCertainty } = file;
  if (takenAt === null) return null;
  const zone = [takenOffset === null ? null : offsetInWords(takenOffset), takenZone].filter((word) => word !== null);
  return (
    <>
      {weekdayInWords(takenAt)}, {takenAt.slice(11, 19)}
      {zone.length > 0 && [' (', <bdi>{zone.join(', ')}</bdi>, ')']}
      {takenCertainty === 'uncertain' && <span class="doubt"> a guess</span>}
      <details>
        <summary>Why this date?</summary>
        <p>
          <bdi>{whyThisDate(takenSource)}</bdi>
        </p>
        {takenCertainty !== null && <p>{howSure[takenCertainty]}</p>}
        {passedDates.length > 0 && (
          <>
            <p>Passed over:</p>
            <ul class="passed">
              {passedDates.map(({ source, value, why }) => (
                <li>
                  <bdi>{source}</bdi>: <code>{value}</code> <bdi>{why}</bdi>
                </li>
              ))}
            </ul>
          </>
        )}
      </details>
    </>
  );
}

function Where({ file: { latitude, longitude, place } }: { file: PhotoFile }) {
  if (latitude === null || longitude === null) return null;
  const far = place ? distanceInWords(place.metres) : null;
  return (
    <>
      {place && (
        <>
          {far !== null && `${far} from `}
          <a href={`/?${new URLSearchParams({ place: placeKey(place) })}`}>
            <bdi>{placeInWords(place)}</bdi>
          </a>
          <br />
        </>
      )}
      <span class="quiet">{coordinates(latitude, longitude)}</span>
    </>
  );
}

const coordinates = (latitude: number, longitude: number): string =>
  `${Math.abs(latitude).toFixed(5)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(5)}° ${longitude < 0 ? 'W' : 'E'}`;

const Stars = ({ rating }: { rating: number }) =>
  rating < 0 ? <>rejected</> : <span aria-label={`${rating} of 5`}>{'★'.repeat(rating) + '☆'.repeat(5 - rating)}</span>;

const Tags = ({ tags }: { tags: string[] }) => (
  <ul class="chips">
    {tags.map((tag) => (
      <li>
        <a href={`/?${new URLSearchParams({ tag })}`}>
          <Name>{tag}</Name>
        </a>
      </li>
    ))}
  </ul>
);
