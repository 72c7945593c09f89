import type { Person } from '../../model/people.ts';
import { ActionForm, Empty, Name } from '../parts.tsx';
import { counted } from '../words.ts';
import { FolderForm } from './folder-form.tsx';
import { Form, IfMay } from '../form.tsx';

/** Everybody who may be recognised, and what waits for a person's word. */
export function PeoplePage({ people, toReview }: { people: Person[]; toReview: number }) {
  const shown = people.filter((person) => !person.hidden);
  const hidden = people.filter((person) => person.hidden);
  return (
    <div class="page">
      <div class="head">
        <h1>People</h1>
        <div class="buttons">
          <a class="button" href="/people/unknown">
            Unknown faces
          </a>
          <a class="button" href="/people/thresholds">
            Thresholds
          </a>
          {toReview > 0 && (
            <a class="button primary" href="/people/review">
              Review {counted(toReview, 'name')}
            </a>
          )}
        </div>
      </div>
      <Form action="/people" class="inline">
        <label class="sr" for="new-person">
          Name of a person
        </label>
        <input id="new-person" name="name" placeholder="Name of a person" required maxlength={200} autocomplete="off" />
        <button>Add</button>
      </Form>
      {people.length === 0 ? (
        <Empty>
          People whose faces you have named appear here. Open a photo, and say who is on it; a few faces of each person
          are enough to find the others.
        </Empty>
      ) : (
        <People people={shown} />
      )}
      {hidden.length > 0 && (
        <details>
          <summary>Hidden ({hidden.length})</summary>
          <People people={hidden} />
        </details>
      )}
      <IfMay right="run">
        <details>
          <summary>From folders and files</summary>
          <FolderForm action="/people/folder" label="Folder on the server with a folder of pictures for each person" />
          <p>
            <a href="/people/regions">Names that other programs have written in your files</a>
          </p>
        </details>
      </IfMay>
      {people.length > 0 && (
        <ActionForm action="/jobs/start" back="/people">
          <input type="hidden" name="kind" value="identifyPerson" />
          <button>Look for everybody in faces without a name</button>
        </ActionForm>
      )}
      <p>
        <a href="/people/scans">Scan faces again</a>
      </p>
    </div>
  );
}

const People = ({ people }: { people: readonly Person[] }) => (
  <ul class="people">
    {people.map((person) => (
      <li>
        <a href={`/people/${person.id}`}>
          {person.cover === null ? (
            <span class="blank" aria-hidden="true" />
          ) : (
            <img src={`/refimgs/${person.cover}.webp`} alt="" width={144} height={144} loading="lazy" />
          )}
          <Name>{person.name}</Name>
          <span class="quiet numbers">
            {counted(person.faces, 'face')}
            {person.perhaps > 0 && ` · ${person.perhaps} to review`}
          </span>
        </a>
      </li>
    ))}
  </ul>
);
