import type { Face, PersonToChoose } from '../../model/people.ts';
import { ActionForm } from '../parts.tsx';

interface SayFormProps {
  face: Face;
  people: readonly PersonToChoose[];
  back: string;
}

/** Yes, no, someone else, set aside: what a person can say of a face. */
export function SayForm({ face, people, back }: SayFormProps) {
  const { name, marked } = face;
  const action = `/faces/${face.id}/say`;
  if (marked !== null) {
    return (
      <ActionForm action={action} back={back}>
        <button name="do" value="unmark">
          It is a face to be named
        </button>
      </ActionForm>
    );
  }
  return (
    <div class="say">
      {name && (
        <ActionForm action={action} back={back}>
          <input type="hidden" name="person" value={name.person.id} />
          {name.state === 'auto' && (
            <button class="primary" name="do" value="confirm" data-key="y">
              Yes
            </button>
          )}
          <button name="do" value="reject" data-key="n">
            No
          </button>
        </ActionForm>
      )}
      <ActionForm action={action} back={back}>
        <label class="sr" for={`who-${face.id}`}>
          {name ? 'Someone else' : 'Who is this?'}
        </label>
        <input
          id={`who-${face.id}`}
          name="name"
          list="people"
          placeholder={name ? 'Someone else' : 'Who is this?'}
          autocomplete="off"
          maxlength={200}
          required
          data-key="s"
        />
        <button name="do" value="confirm">
          Name
        </button>
        <details>
          <summary>More</summary>
          <label class="check">
            <input type="checkbox" name="reference" checked={shouldTeach(name?.person.id, people)} /> use as reference
            image
          </label>
          <button class="link" name="do" value="not a face" data-key="x" formnovalidate>
            Not a face
          </button>
          <button class="link" name="do" value="ignored" data-key="i" formnovalidate>
            Ignore
          </button>
        </details>
      </ActionForm>
    </div>
  );
}

/** Three to five reference images name a person well; more add little. */
const enough = 5;

function shouldTeach(person: number | undefined, people: readonly PersonToChoose[]): boolean {
  const known = people.find((each) => each.id === person);
  return !known || known.activeRefimgs < enough;
}

/** The names that fields for a person offer. Once a page. */
export const PeopleList = ({ people }: { people: readonly PersonToChoose[] }) => (
  <datalist id="people">
    {people.map((person) => (
      <option value={person.name} />
    ))}
  </datalist>
);
