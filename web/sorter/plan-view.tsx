import type { Job } from '../../model/job.ts';
import type { Move, Plan, PlanCounts } from '../../model/move-plan.ts';
import { ActionForm, Ago, Empty, Name } from '../parts.tsx';
import { lookingAgain } from '../people/job-of.ts';
import { bytes, counted } from '../words.ts';
import { LedgerOf } from './ledger.tsx';
import { PlanFiles } from './plan-files.tsx';
import { PlanFilters } from './plan-filters.tsx';
import { PlanTree, type TreeProps } from './plan-tree.tsx';
import { planUrl } from './plan-url.ts';
import { Making, Work } from './plan-work.tsx';
import { scopeInWords } from './plan-words.ts';
import { PlanStatus } from './sorter-view.tsx';
import type { PlanQuery } from './schema.ts';
import { Choices, DirList } from './wanted-form.tsx';
import { Form } from '../form.tsx';

export interface PlanPageProps {
  plan: Plan;
  /** The job that makes it, carries it out or takes it back, the newest; null: none is known. */
  job: Job | null;
  /** The job server does not answer: what runs is not known. */
  jobsAway: boolean;
  /** Null while it is being made, and when it was thrown away. */
  shown: ShownFiles | null;
}

export interface ShownFiles {
  query: PlanQuery;
  counts: PlanCounts;
  levels: TreeProps['levels'];
  moves: Move[];
  next: number | null;
  /** Sub-directories that the storage path has. */
  dirs: string[];
}

/** A plan: what would go where, what needs a person's eyes, and what became of it. */
export function PlanPage({ plan, job, jobsAway, shown }: PlanPageProps) {
  const busy = job !== null && job.endedAt === null;
  return (
    <div class="page plan">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/sorter">Sorter</a>
      </nav>
      <div class="head">
        <h1>
          Plan {plan.id} <PlanStatus plan={plan} />
        </h1>
        {plan.state === 'draft' && <DraftActions plan={plan} />}
      </div>
      <About plan={plan} />
      {busy && <div {...lookingAgain(planUrl(plan.id, shown?.query))} />}
      {jobsAway && <p class="notice">The job server does not answer: whether anything runs is not known.</p>}
      {plan.state === 'making' && <Making plan={plan} job={job} />}
      {plan.approvedAt !== null && <Work plan={plan} job={job} jobsAway={jobsAway} />}
      {shown && <Files plan={plan} busy={busy} shown={shown} />}
    </div>
  );
}

const About = ({ plan }: { plan: Plan }) => (
  <p class="lead">
    {capital(scopeInWords(plan))} to <Name>{plan.path}</Name>,{' '}
    {plan.wanted.to === undefined ? (
      <>
        by <code>{plan.pattern}</code>
      </>
    ) : plan.wanted.to === '' ? (
      'right into it'
    ) : (
      <>
        into <Name>{plan.wanted.to}</Name>
      </>
    )}{' '}
    · {plan.endedAt !== null ? 'ended ' : plan.approvedAt !== null ? 'approved ' : 'made '}
    <Ago at={plan.endedAt ?? plan.approvedAt ?? plan.madeAt} />
  </p>
);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function DraftActions({ plan }: { plan: Plan }) {
  const { planned } = plan.ledger;
  const here = planUrl(plan.id);
  return (
    <div class="buttons">
      <ActionForm action={`${here}/discard`} back="/sorter">
        <button class="danger">Throw away</button>
      </ActionForm>
      {planned > 0 && (
        <ActionForm action={`${here}/approve`} back={here}>
          <input type="hidden" name="seen" value={plan.changes} />
          <button class="primary">
            Move {counted(planned, 'file')} ({bytes(plan.bytes)})
          </button>
        </ActionForm>
      )}
    </div>
  );
}

function Files({ plan, busy, shown }: { plan: Plan; busy: boolean; shown: ShownFiles }) {
  const { query, counts, levels, moves, next, dirs } = shown;
  const { cursor: _, ...first } = query;
  return (
    <>
      <LedgerOf plan={plan} />
      <DirList dirs={dirs} />
      {plan.ledger.found === 0 ? (
        <Empty>No file fits what the plan is about: there is nothing to move.</Empty>
      ) : (
        <>
          {plan.state === 'draft' && plan.ledger.planned === 0 && (
            <p class="notice">There is nothing to move: all files stay where they are. Below it says why.</p>
          )}
          {plan.state === 'draft' && <Change plan={plan} />}
          <PlanFilters plan={plan} counts={counts} query={first} />
          <div class="where-to" id="files">
            <PlanTree
              levels={levels}
              chosen={query.dir ?? null}
              eyes={plan.state === 'draft'}
              href={(dir) => (dir === null ? `${planUrl(plan.id)}#files` : `${planUrl(plan.id, { dir })}#chosen`)}
            />
            <div>
              <PlanFiles
                plan={plan}
                moves={moves}
                busy={busy}
                here={planUrl(plan.id, first)}
                more={next === null ? null : `${planUrl(plan.id, { ...first, cursor: next })}#files`}
              />
            </div>
          </div>
        </>
      )}
    </>
  );
}

/** Other choices for the whole plan. */
const Change = ({ plan }: { plan: Plan }) => (
  <details class="change">
    <summary>Change the whole plan</summary>
    <Form action={planUrl(plan.id)} class="wanted">
      <Choices wanted={plan.wanted} />
      <p>
        <button>Make it anew</button>
      </p>
    </Form>
  </details>
);
