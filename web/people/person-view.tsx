import type { PhotoTile } from '../../model/library.ts';
import type { Person, PersonToChoose, Refimg } from '../../model/people.ts';
import { ActionForm, Empty, Name } from '../parts.tsx';
import { Tiles } from '../photos/tile.tsx';
import { counted } from '../words.ts';
import { FolderForm } from './folder-form.tsx';
import { Form, IfMay } from '../form.tsx';

export interface PersonPageProps {
  person: Person;
  refimgs: Refimg[];
  photos: { files: PhotoTile[]; next: string | null };
  people: PersonToChoose[];
  threshold: number;
}

/** One person: photos, reference images with what rests on each, and what can be changed. */
export function PersonPage({ person, refimgs, photos, people, threshold }: PersonPageProps) {
  const here = `/people/${person.id}`;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
      </nav>
      <div class="head">
        <h1>
          <Name>{person.name}</Name>
        </h1>
        <ActionForm action="/jobs/start" back={here}>
          <input type="hidden" name="kind" value="identifyPerson" />
          <input type="hidden" name="person" value={person.id} />
          <button class="primary">Look for this person</button>
          <label class="check">
            <input type="checkbox" name="all" /> in all faces
          </label>
        </ActionForm>
      </div>
      <p class="lead numbers">
        {counted(person.faces, 'face')}, {person.confirmed} confirmed
        {person.perhaps > 0 && (
          <>
            {' · '}
            <a href={`/people/review?person=${person.id}`}>{counted(person.perhaps, 'name')} to review</a>
          </>
        )}
        {' · '}
        <a href={`${here}/thresholds`}>How near is this person?</a>
      </p>
      {photos.files.length === 0 ? <Empty>Photos of this person appear here.</Empty> : <Tiles files={photos.files} />}
      {photos.next !== null && (
        <p class="more">
          <a class="button" href={`/?${new URLSearchParams({ person: String(person.id) })}`}>
            All photos
          </a>
        </p>
      )}
      <h2>Reference images</h2>
      <p class="quiet">
        Three to five, sharp and from different times, name a person best. Choose one from any photo of the person, or
        upload some.
      </p>
      <Form action={`${here}/refimgs`} enctype="multipart/form-data" class="inline">
        <label class="sr" for="refimg-files">
          Pictures of this person
        </label>
        <input id="refimg-files" type="file" name="files" accept="image/*" multiple required />
        <button>Upload</button>
      </Form>
      <FolderForm action={`${here}/folder`} label="Folder of pictures of this person, on the server" />
      <ul class="refimgs">
        {refimgs.map((refimg) => (
          <Reference refimg={refimg} back={here} />
        ))}
      </ul>
      <IfMay right="run">
        <Change person={person} people={people} here={here} threshold={threshold} />
      </IfMay>
    </div>
  );
}

function Reference({ refimg, back }: { refimg: Refimg; back: string }) {
  const { id, active, matches, alone, size, sharpness, quality } = refimg;
  return (
    <li class={`card ${active ? '' : 'off'}`}>
      <img src={`/refimgs/${id}.webp`} alt={`From ${refimg.title}`} width={96} height={96} loading="lazy" />
      <div>
        <p class="numbers">
          {counted(matches, 'name')} {matches === 1 ? 'rests' : 'rest'} on it
          {alone > 0 && `; without it ${counted(alone, 'name')} would go`}
        </p>
        <p class="quiet numbers">
          <strong>{quality.length === 0 ? 'Good' : inWords(quality)}</strong> · {size} pixels · sharpness {sharpness}
          {refimg.foundBy === 'by hand' && ' · box drawn by hand'}
        </p>
        {refimg.file !== null && <a href={`/photos/${refimg.file}`}>Its photo</a>}
        <div class="buttons">
          <ActionForm action={`/refimgs/${id}/${active ? 'off' : 'on'}`} back={back}>
            <button>{active ? 'Switch off' : 'Switch on'}</button>
          </ActionForm>
          <ActionForm action={`/refimgs/${id}/delete`} back={back}>
            <button class="danger">Remove</button>
          </ActionForm>
        </div>
      </div>
    </li>
  );
}

/** As a sentence begins. */
const inWords = (flaws: readonly string[]): string => {
  const words = flaws.join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function Change({
  person,
  people,
  here,
  threshold,
}: Pick<PersonPageProps, 'person' | 'people' | 'threshold'> & { here: string }) {
  return (
    <details class="card change">
      <summary>Change this person</summary>
      <Form action={here} class="stack">
        <label for="person-name">Name</label>
        <input id="person-name" name="name" value={person.name} required maxlength={200} />
        <label for="person-threshold">Largest distance for this name; empty: {threshold}, as for all</label>
        <input
          id="person-threshold"
          name="threshold"
          type="number"
          min={0.2}
          max={0.8}
          step={0.01}
          value={person.threshold ?? ''}
        />
        <label for="person-hidden">Shown among the people</label>
        <select id="person-hidden" name="hidden">
          <option value="no" selected={!person.hidden}>
            yes
          </option>
          <option value="yes" selected={person.hidden}>
            no, hidden
          </option>
        </select>
        <p>
          <button class="primary">Save</button>
        </p>
      </Form>
      <p>
        <a href={`${here}/split`}>Some of these faces are somebody else</a>
      </p>
      {people.length > 1 && (
        <Form action={`${here}/merge`} class="inline">
          <label for="merge-into">The same person as</label>
          <select id="merge-into" name="into" required>
            <option value="">choose who</option>
            {people
              .filter((other) => other.id !== person.id)
              .map((other) => (
                <option value={other.id}>{other.name}</option>
              ))}
          </select>
          <button>Make one of both</button>
        </Form>
      )}
      <Form action={`${here}/delete`}>
        <p class="quiet">Names and reference images go; photos and faces stay.</p>
        <button class="danger">Delete this person</button>
      </Form>
    </details>
  );
}
