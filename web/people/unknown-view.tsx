import type { FaceGroup, UnknownFaces } from '../../model/face-groups.ts';
import type { Job } from '../../model/job.ts';
import type { PersonToChoose } from '../../model/people.ts';
import { PeopleList } from '../faces/say-form.tsx';
import { jobUrl } from '../jobs/job-url.ts';
import { ActionForm, Ago, Bar, Empty, Name } from '../parts.tsx';
import { count, counted } from '../words.ts';
import { lookingAgain } from './job-of.ts';
import { Form } from '../form.tsx';

/** What a person just said of a group, as it was carried out. */
export type ToldOfGroup = { named: number; person: { id: number; name: string }; left: number } | { aside: number };

interface UnknownPageProps {
  found: UnknownFaces;
  people: readonly PersonToChoose[];
  /** The newest run of the grouping. */
  job: Job | null;
  told: ToldOfGroup | null;
}

const here = '/people/unknown';

/** Faces without a name, grouped by likeness, the largest groups first. */
export function UnknownPage({ found, people, job, told }: UnknownPageProps) {
  const { grouping, groups, next } = found;
  const running = job !== null && job.endedAt === null;
  return (
    // A page on which somebody may be ticking faces is left as it is.
    <div class="page" {...(running && groups.length === 0 && lookingAgain(here))}>
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
      </nav>
      <div class="head">
        <h1>Unknown faces</h1>
        {!running && found.unknown > 0 && (
          <ActionForm action="/jobs/start" back={here}>
            <input type="hidden" name="kind" value="groupFaces" />
            <button class={grouping === null || found.newer > 0 ? 'primary' : ''}>
              {grouping === null ? 'Group them' : 'Group again'}
            </button>
          </ActionForm>
        )}
      </div>
      {told && <Told told={told} />}
      <State found={found} job={job} />
      <div class="groups">
        {groups.map((group) => (
          <section class="card group" aria-labelledby={`group-${group.id}`}>
            <h2 id={`group-${group.id}`}>{counted(group.count, 'face')}</h2>
            <GroupForm group={group} grouping={grouping?.id ?? 0} />
          </section>
        ))}
      </div>
      {next !== null && (
        <p class="more">
          <a class="button" href={`${here}?${new URLSearchParams({ cursor: next })}`}>
            Smaller groups
          </a>
        </p>
      )}
      <PeopleList people={people} />
    </div>
  );
}

function Told({ told }: { told: ToldOfGroup }) {
  if ('aside' in told) {
    return (
      <p class="notice" role="status">
        {counted(told.aside, 'face')} set aside.
      </p>
    );
  }
  const { named, person, left } = told;
  return (
    <p class="notice" role="status">
      {counted(named, 'face')} named <a href={`/people/${person.id}`}>{<Name>{person.name}</Name>}</a>; more are looked
      for now.
      {left > 0 && ` ${counted(left, 'face')} stayed: named meanwhile, or you said before that it is somebody else.`}
    </p>
  );
}

/** How things stand: never grouped, running, nothing to group, or how many of how many are in groups. */
function State({ found, job }: Pick<UnknownPageProps, 'found' | 'job'>) {
  const { grouping, unknown, grouped, total, newer } = found;
  const running = job !== null && job.endedAt === null;
  return (
    <>
      {running && (
        <>
          <p role="status">
            Faces are being grouped… <a href={jobUrl(job.id)}>See the job</a>
          </p>
          <Bar done={0} total={null} label="Grouping faces" />
          <p>
            <a href={here}>Look again</a>
          </p>
        </>
      )}
      {job?.status === 'failed' && (
        <p class="failure">
          {job.error?.message ?? 'The faces were not grouped.'} <a href={jobUrl(job.id)}>See the job</a>
        </p>
      )}
      {unknown === 0 ? (
        <Empty>
          Every face that was found has a name, or was set aside. Faces without a name appear here in groups.
        </Empty>
      ) : grouping === null ? (
        !running && (
          <Empty>
            {counted(unknown, 'face')} {unknown === 1 ? 'has' : 'have'} no name. They have not been grouped by likeness
            yet.
          </Empty>
        )
      ) : (
        <p class="lead numbers">
          {counted(unknown, 'face')} without a name: {count(grouped)} in {counted(total, 'group')},{' '}
          {count(unknown - grouped)} alone. Grouped <Ago at={grouping.at} />.
          {newer > 0 && ` ${counted(newer, 'face')} came since.`}
          {grouping.leftOut > 0 &&
            ` Only the newest ${count(grouping.faces)} were compared; ${counted(grouping.leftOut, 'older one')} will be when these have names.`}
        </p>
      )}
    </>
  );
}

interface GroupPageProps {
  group: FaceGroup;
  grouping: number;
  people: readonly PersonToChoose[];
}

/** All faces of one group. */
export const GroupPage = ({ group, grouping, people }: GroupPageProps) => (
  <div class="page">
    <nav class="crumbs" aria-label="Where this is">
      <a href="/people">People</a>
      <span aria-hidden="true">›</span>
      <a href={here}>Unknown faces</a>
    </nav>
    <h1>{counted(group.count, 'face')} that look alike</h1>
    {group.faces.length < group.count && (
      <p class="lead numbers">
        The best {count(group.faces.length)} are shown; what you say is said of all but those you untick.
      </p>
    )}
    <section class="card group" aria-label="The faces">
      <GroupForm group={group} grouping={grouping} />
    </section>
    <PeopleList people={people} />
  </div>
);

/** The faces of a group, each with a tick that can be taken away, and who they are. */
function GroupForm({ group, grouping }: { group: FaceGroup; grouping: number }) {
  const { id, faces } = group;
  const others = group.count - faces.length;
  const all = faces.length === 1 ? 'this face' : `these ${count(group.count)} faces`;
  return (
    <Form action={`${here}/${id}`}>
      <input type="hidden" name="grouping" value={grouping} />
      <input type="hidden" name="shown" value={faces.map((face) => face.id).join(',')} />
      <ul class="crops">
        {faces.map((face, i) => (
          <li>
            <label>
              <img src={`/faces/${face.id}.webp`} alt="" width={96} height={96} loading="lazy" />
              <input type="checkbox" name="face" value={face.id} checked aria-label={`Face ${i + 1} is meant`} />
            </label>
            <a href={`/photos/${face.file}`} aria-label={`Photo of face ${i + 1}`}>
              Photo
            </a>
          </li>
        ))}
        {others > 0 && (
          <li class="others">
            <a href={`${here}/${id}`}>and {count(others)} more</a>
          </li>
        )}
      </ul>
      <div class="say">
        <label class="sr" for={`who-${id}`}>
          Who is this?
        </label>
        <input
          id={`who-${id}`}
          name="name"
          list="people"
          placeholder="Who is this?"
          autocomplete="off"
          maxlength={200}
          required
        />
        <button class="primary" name="do" value="confirm" aria-label={`Name ${all}`}>
          Name
        </button>
        <button class="link" name="do" value="not a face" formnovalidate>
          Not faces
        </button>
        <button class="link" name="do" value="ignored" formnovalidate>
          Ignore
        </button>
      </div>
    </Form>
  );
}
