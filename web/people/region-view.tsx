import type { PersonToChoose } from '../../model/people.ts';
import type { WrittenName } from '../../sql/regions.ts';
import { PeopleList } from '../faces/say-form.tsx';
import { Empty, Name } from '../parts.tsx';
import { counted } from '../words.ts';
import { Form } from '../form.tsx';

/** Names that other programs have written into pictures: which of them are taken over, and as whom. */
export function RegionPage({ names, people, most }: { names: WrittenName[]; people: PersonToChoose[]; most: number }) {
  return (
    <div class="page narrow">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
      </nav>
      <h1>Names in your files</h1>
      <p class="lead">
        Other programs have written into these pictures, or beside them, who is where. Taken over, they count as
        confirmed by you; what you said of a face yourself stands. Your files are only read.
      </p>
      {names.length === 0 ? (
        <Empty>Names that photo programs have written into your pictures appear here.</Empty>
      ) : (
        <Form action="/people/regions" class="stack">
          <ul class="written">
            {names.map(({ name, pictures, person }, i) => (
              <li class="card">
                <label class="check">
                  <input type="checkbox" name="take" value={i} checked={person !== null} />
                  <span>
                    <Name>{name}</Name> <span class="quiet numbers">in {counted(pictures, 'picture')}</span>
                  </span>
                </label>
                <input type="hidden" name="name" value={name} />
                <span>
                  <label class="quiet" for={`as-${i}`}>
                    {person === null ? 'as a new person, or as' : 'as'}
                  </label>{' '}
                  <input
                    id={`as-${i}`}
                    name="as"
                    list="people"
                    value={people.find((each) => each.id === person)?.name ?? name}
                    maxlength={200}
                    autocomplete="off"
                  />
                </span>
              </li>
            ))}
          </ul>
          {names.length === most && (
            <p class="quiet">These are the {most} most frequent; the others come after them.</p>
          )}
          <p>
            <button class="primary">Take over the chosen names</button>
          </p>
          <PeopleList people={people} />
        </Form>
      )}
    </div>
  );
}
