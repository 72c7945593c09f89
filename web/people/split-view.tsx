import type { Person, PersonToChoose, Refimg } from '../../model/people.ts';
import type { FaceOfPerson } from '../../sql/faces.ts';
import { PeopleList } from '../faces/say-form.tsx';
import { Empty, Name } from '../parts.tsx';
import { Form } from '../form.tsx';

export interface SplitPageProps {
  person: Person;
  people: PersonToChoose[];
  faces: FaceOfPerson[];
  refimgs: Refimg[];
  /** From 0. */
  page: number;
  more: boolean;
}

/** Which of a person's faces are somebody else's: chosen, and moved at once. */
export function SplitPage({ person, people, faces, refimgs, page, more }: SplitPageProps) {
  const here = `/people/${person.id}/split`;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        <span aria-hidden="true">›</span>
        <a href={`/people/${person.id}`}>
          <Name>{person.name}</Name>
        </a>
      </nav>
      <h1>
        Not all of them are <Name>{person.name}</Name>
      </h1>
      <p class="lead">
        Choose the faces that are somebody else’s, those farthest from the reference images come first. They are
        confirmed as the other person, and reference images that were made of them go along.
      </p>
      <Form action={here} class="stack">
        {faces.length === 0 ? (
          <Empty>Faces with this name appear here.</Empty>
        ) : (
          <fieldset>
            <legend>Faces</legend>
            <ul class="picks">
              {faces.map((face) => (
                <li>
                  <label>
                    <input type="checkbox" name="face" value={face.id} />
                    <img
                      src={`/faces/${face.id}.webp`}
                      alt={`Face in ${face.title}`}
                      width={96}
                      height={96}
                      loading="lazy"
                    />
                    <span class="quiet">{face.confirmed ? 'confirmed' : face.perhaps ? 'perhaps' : 'automatic'}</span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        )}
        {refimgs.length > 0 && (
          <fieldset>
            <legend>Reference images</legend>
            <ul class="picks">
              {refimgs.map((refimg) => (
                <li>
                  <label>
                    <input type="checkbox" name="refimg" value={refimg.id} />
                    <img
                      src={`/refimgs/${refimg.id}.webp`}
                      alt={`From ${refimg.title}`}
                      width={96}
                      height={96}
                      loading="lazy"
                    />
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        )}
        <div class="inline">
          <label for="split-name">They are</label>
          <input id="split-name" name="name" list="people" required maxlength={200} autocomplete="off" />
          <button class="primary">Move the chosen ones</button>
        </div>
        <PeopleList people={people} />
      </Form>
      <p class="more">
        {page > 0 && (
          <a class="button" href={`${here}?page=${page - 1}`}>
            Back
          </a>
        )}{' '}
        {more && (
          <a class="button" href={`${here}?page=${page + 1}`}>
            More faces
          </a>
        )}
      </p>
    </div>
  );
}
