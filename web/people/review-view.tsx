import type { Face, Person, PersonToChoose } from '../../model/people.ts';
import { Empty, Name } from '../parts.tsx';
import { FaceCard } from '../faces/face-card.tsx';
import { PeopleList } from '../faces/say-form.tsx';
import { counted } from '../words.ts';

interface ReviewPageProps {
  faces: Face[];
  left: number;
  people: PersonToChoose[];
  /** Only names of this person. */
  person: Person | null;
}

/** Names that nobody has spoken on, the most doubtful first; one after the other by keyboard. */
export function ReviewPage({ faces, left, people, person }: ReviewPageProps) {
  const here = person ? `/people/review?person=${person.id}` : '/people/review';
  return (
    <div class="page narrow" data-review>
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
      </nav>
      <h1>
        Review{' '}
        {person && (
          <>
            names of <Name>{person.name}</Name>
          </>
        )}
      </h1>
      {faces.length === 0 ? (
        <Empty>
          Names that were found by themselves appear here, the most doubtful first. There is none to look at.
        </Empty>
      ) : (
        <>
          <p class="lead numbers">
            {counted(left, 'name')} that nobody has spoken on, the most doubtful first. Keys: <kbd>y</kbd> yes,{' '}
            <kbd>n</kbd> no, <kbd>s</kbd> someone else, <kbd>x</kbd> not a face, <kbd>i</kbd> ignore.
          </p>
          <h2 class="sr">Names to look at</h2>
          <ul class="faces">
            {faces.map((face) => (
              <FaceCard face={face} people={people} back={here} />
            ))}
          </ul>
        </>
      )}
      <PeopleList people={people} />
    </div>
  );
}
