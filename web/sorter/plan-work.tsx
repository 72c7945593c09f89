import type { Job } from '../../model/job.ts';
import type { Plan } from '../../model/move-plan.ts';
import { Progress } from '../jobs/job-parts.tsx';
import { jobUrl } from '../jobs/job-url.ts';
import { ActionForm, Bar } from '../parts.tsx';
import { count, counted } from '../words.ts';
import { planUrl } from './plan-url.ts';

/** A form that starts a job of the plan, or lets it go on. */
const Start = ({ plan, kind, label }: { plan: Plan; kind: 'planMoves' | 'moveFiles' | 'undoMoves'; label: string }) => (
  <ActionForm action="/jobs/start" back={planUrl(plan.id)}>
    <input type="hidden" name="kind" value={kind} />
    <input type="hidden" name="plan" value={plan.id} />
    <button class="primary">{label}</button>
  </ActionForm>
);

const JobLink = ({ job }: { job: Job }) => <a href={jobUrl(job.id)}>The job and its log</a>;

/** Why a job of the plan ended before its time. */
const Failed = ({ job }: { job: Job }) => (
  <p class="grow">
    <strong>{job.status === 'canceled' ? 'It was stopped.' : 'It failed.'}</strong> {job.error?.message}{' '}
    <JobLink job={job} />
  </p>
);

/** While a plan is made, or what kept it from that. */
export function Making({ plan, job }: { plan: Plan; job: Job | null }) {
  if (job?.endedAt === null) {
    return (
      <div class="card stack">
        <p>Looking where each file belongs. Nothing is moved.</p>
        <Bar done={0} total={null} label="Making the plan" />
        <p class="quiet">
          <JobLink job={job} />
        </p>
      </div>
    );
  }
  return (
    <div class="failure">
      {job?.error || job?.status === 'canceled' ? <Failed job={job} /> : <p class="grow">It is not made yet.</p>}
      <Start plan={plan} kind="planMoves" label="Make it" />
    </div>
  );
}

/** How far the moves are, or how they ended, and what can be done now. */
export function Work({ plan, job, jobsAway }: { plan: Plan; job: Job | null; jobsAway: boolean }) {
  const { ledger, wantedBack } = plan;
  if (job?.endedAt === null) {
    return (
      <div class="card stack">
        <p>{job.kind === 'undoMoves' ? 'Files are taken back where they were.' : 'Files are on their way.'}</p>
        <Progress job={job} />
        <p class="quiet">
          <JobLink job={job} />
        </p>
      </div>
    );
  }
  const isStuck = ledger.planned > 0 || wantedBack > 0;
  return (
    <div class={ledger.failed > 0 || isStuck ? 'failure' : 'card outcome'}>
      {job && (job.error !== null || job.status === 'canceled') ? (
        <Failed job={job} />
      ) : (
        <p class="grow">
          {outcome(plan)} {job && <JobLink job={job} />}
        </p>
      )}
      {!jobsAway && (
        <div class="buttons">
          {ledger.moved > 0 && (
            <ActionForm action={`${planUrl(plan.id)}/undo`} back={planUrl(plan.id)}>
              <button name="do" value="all">
                Take all {counted(ledger.moved, 'file')} back
              </button>
            </ActionForm>
          )}
          {wantedBack > 0 && <Start plan={plan} kind="undoMoves" label="Go on taking back" />}
          {ledger.planned > 0 && <Start plan={plan} kind="moveFiles" label="Go on" />}
          {ledger.planned === 0 && ledger.failed > 0 && (
            <Start plan={plan} kind="moveFiles" label="Try failed ones again" />
          )}
        </div>
      )}
    </div>
  );
}

function outcome({ ledger: { planned, moved, failed, undone }, wantedBack }: Plan): string {
  const parts = [
    ...(moved > 0 ? [`${counted(moved, 'file')} moved`] : []),
    ...(undone > 0 ? [`${counted(undone, 'file')} taken back`] : []),
    ...(failed > 0 ? [`${counted(failed, 'file')} failed and where they were`] : []),
    ...(planned > 0 ? [`${count(planned)} still to be moved`] : []),
    ...(wantedBack > 0 ? [`${count(wantedBack)} still to be taken back`] : []),
  ];
  return parts.length === 0 ? 'Nothing was to be moved.' : `${parts.join(', ')}.`;
}
