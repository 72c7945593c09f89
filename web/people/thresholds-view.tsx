import { isEnough, sum, type ThresholdFacts } from '../../model/distances.ts';
import type { Job } from '../../model/job.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { ActionForm, Ago, Bar, Empty, Name } from '../parts.tsx';
import { counted } from '../words.ts';
import { AccuracyPlot, DistancePlot } from './distance-plot.tsx';
import { lookingAgain } from './job-of.ts';
import { AccuracyTable, DistanceTable, PeopleTable, percent, type PersonRow } from './thresholds-tables.tsx';
import { Form } from '../form.tsx';

export interface ThresholdsPageProps {
  facts: ThresholdFacts;
  /** Whose threshold it is; null: everybody's. */
  person: { id: number; name: string; threshold: number | null } | null;
  /** Only on the page of everybody. */
  rows: PersonRow[];
  /** The general threshold. */
  general: number;
  /** The newest run of the measuring. */
  job: Job | null;
  /** There are faces to compare. */
  measurable: boolean;
  saved: boolean;
}

/** What distances tell of a threshold: two histograms, precision and recall, and the field to set it by. */
export function ThresholdsPage({ facts, person, rows, general, job, measurable, saved }: ThresholdsPageProps) {
  const here = person ? `/people/${person.id}/thresholds` : '/people/thresholds';
  const running = job !== null && job.endedAt === null;
  return (
    <div class="page narrow" {...(running && lookingAgain(here))}>
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        {person && (
          <>
            <span aria-hidden="true">›</span>
            <a href={`/people/${person.id}`}>
              <Name>{person.name}</Name>
            </a>
          </>
        )}
      </nav>
      <h1>
        How near is the same person
        {person && (
          <>
            : <Name>{person.name}</Name>
          </>
        )}
      </h1>
      {saved && (
        <p class="notice" role="status">
          Saved. Names that were found before are as they were until faces are matched again.
        </p>
      )}
      <Measured facts={facts} job={job} measurable={measurable} here={here} person={person} />
      {facts.distances && isEnough(facts.distances) ? (
        <Figures facts={facts} />
      ) : (
        !running && (facts.distances !== null || !measurable) && <NotEnough person={person} />
      )}
      <SetThreshold facts={facts} person={person} general={general} here={here} />
      {rows.length > 0 && <PeopleTable rows={rows} general={general} />}
    </div>
  );
}

function Measured({
  facts,
  job,
  measurable,
  here,
  person,
}: Pick<ThresholdsPageProps, 'facts' | 'job' | 'measurable' | 'person'> & { here: string }) {
  const { distances } = facts;
  if (job !== null && job.endedAt === null) {
    return (
      <>
        <p role="status">
          Measuring how far faces are apart… <a href={jobUrl(job.id)}>See the job</a>
        </p>
        <Bar done={0} total={null} label="Measuring" />
        <noscript>
          <a href={here}>Look again</a>
        </noscript>
      </>
    );
  }
  return (
    <div class="head">
      <p class="lead numbers">
        {!distances && measurable && 'How far faces are apart was not measured yet.'}
        {distances && (
          <>
            Measured <Ago at={distances.at} />, from{' '}
            {person
              ? `${counted(distances.samples, 'face')} of this person beside those of ${counted(Math.max(0, distances.people - 1), 'other person', 'other people')}`
              : `${counted(distances.samples, 'face')} of ${counted(distances.people, 'person', 'people')}`}
            .{distances.outdated && ' Names or reference images changed since.'}
          </>
        )}
        {job?.status === 'failed' && (
          <span class="problem">
            {' '}
            {job.error?.message ?? 'The last measuring failed.'} <a href={jobUrl(job.id)}>See the job</a>
          </span>
        )}
      </p>
      {measurable && (
        <ActionForm action="/jobs/start" back={here}>
          <input type="hidden" name="kind" value="measureDistances" />
          <button>{distances ? 'Measure again' : 'Measure'}</button>
        </ActionForm>
      )}
    </div>
  );
}

const NotEnough = ({ person }: Pick<ThresholdsPageProps, 'person'>) => (
  <Empty>
    {person
      ? 'There is too little to compare: at least two confirmed faces or reference images of this person are needed, and one of somebody else. '
      : 'There is too little to compare: at least two confirmed faces or reference images of one person are needed, and one of a second person. '}
    Name groups of <a href="/people/unknown">unknown faces</a>, confirm names in the <a href="/people/review">review</a>
    , or say on photos who is on them.
  </Empty>
);

function Figures({ facts }: { facts: ThresholdFacts }) {
  const { threshold, perhaps, distances, now, accuracies } = facts;
  if (!distances) return null;
  const { same, different } = distances;
  return (
    <>
      <section class="card">
        <h2>Distances</h2>
        <DistancePlot same={same} different={different} threshold={threshold} perhaps={perhaps} />
        <ul class="legend numbers">
          <li class="same">Two faces of one person: {counted(sum(same), 'pair')}</li>
          <li class="different">Faces of two people: {counted(sum(different), 'pair')}</li>
          <li class="band">
            “Perhaps”: {threshold.toFixed(2)} to {(threshold + perhaps).toFixed(2)}
          </li>
        </ul>
        <p class="quiet">Each in shares of its own pairs. What lies left of the line counts as the same person.</p>
        <details>
          <summary>Distances as a table</summary>
          <DistanceTable same={same} different={different} />
        </details>
      </section>
      <section class="card">
        <h2>What follows</h2>
        <dl class="accuracy">
          <div>
            <dt>Precision {percent(now.precision)}</dt>
            <dd>Of all pairs as near as this, so many are one person; the others would be wrong names.</dd>
          </div>
          <div>
            <dt>Recall {percent(now.recall)}</dt>
            <dd>
              Of all pairs of one person, so many are as near as this; of the others, nobody would be recognised by.
            </dd>
          </div>
        </dl>
        <p class="quiet">
          One near reference image is enough for a name, so with several of them more faces are named than recall says.
        </p>
        <AccuracyPlot accuracies={accuracies} threshold={threshold} />
        <ul class="legend">
          <li class="precision">Precision, in percent</li>
          <li class="recall">Recall, in percent</li>
        </ul>
        <details>
          <summary>Precision and recall as a table</summary>
          <AccuracyTable accuracies={accuracies} threshold={threshold} />
        </details>
      </section>
    </>
  );
}

function SetThreshold({
  facts,
  person,
  general,
  here,
}: Pick<ThresholdsPageProps, 'facts' | 'person' | 'general'> & { here: string }) {
  return (
    <section class="card">
      <h2>Set it</h2>
      <Form action={here} class="inline">
        <label for="threshold">
          {person ? `Largest distance for this name; empty: ${general}, as for all` : 'Largest distance for a name'}
        </label>
        <input
          id="threshold"
          name="threshold"
          type="number"
          min={0.2}
          max={0.8}
          step={0.01}
          required={person === null}
          value={person ? (person.threshold ?? '') : facts.threshold}
        />
        <button class="primary">Save</button>
      </Form>
      <ActionForm action="/jobs/start" back={here}>
        <input type="hidden" name="kind" value="identifyPerson" />
        <input type="hidden" name="all" value="on" />
        {person && <input type="hidden" name="person" value={person.id} />}
        <button>{person ? 'Match this person again' : 'Match everybody again'}</button>
        <span class="quiet">No picture is opened for it; what you confirmed or rejected stays.</span>
      </ActionForm>
    </section>
  );
}
