import type { JobKind } from '../../model/job-kinds.ts';
import type { Job, JobStatus, JobStep } from '../../model/job.ts';
import { IfMay } from '../form.tsx';
import { ActionForm, Bar } from '../parts.tsx';
import { count, counted, duration, rate } from '../words.ts';
import { jobUrl } from './job-url.ts';

export const kindNames: Record<JobKind, string> = {
  engine: 'engine',
  findFiles: 'find files',
  scanPath: 'scan',
  importPath: 'import',
  dirChain: 'directory',
  tryFile: 'try files',
  facesOfPath: 'faces',
  identifyPerson: 'identify',
  addRefimgs: 'reference images',
  tryFaces: 'try faces',
  resetFaces: 'forget faces',
  drawFace: 'face by hand',
  takeOverRegions: 'names in files',
  removeMissing: 'remove',
  planMoves: 'plan',
  moveFiles: 'move',
  undoMoves: 'take back',
  checkFiles: 'check',
  measureDistances: 'distances',
  groupFaces: 'groups',
  scheduled: 'schedule',
};

/** A job's status as a word with a colour. */
export function Status({ job }: { job: Job }) {
  const word: JobStatus | 'auto-failed' = job.autoFailedBy === null ? job.status : 'auto-failed';
  return <span class={`status ${word}`}>{word === 'needs-approval' ? 'needs approval' : word}</span>;
}

/** The plan that a job makes, carries out or takes back. */
export const PlanLink = ({ plan }: { plan: number }) => (
  <IfMay right="run">
    <p class="quiet">
      <a href={`/sorter/plans/${plan}`}>What goes where: plan {plan}</a>
    </p>
  </IfMay>
);

/** The steps of a job as chips: what is done, what runs and how far, what failed, what was not run and why. */
export function Steps({ job }: { job: Job }) {
  if (job.steps.length === 0) return null;
  return (
    <ol class="steps" aria-label="Steps">
      {job.steps.map((step) => (
        <li class={`chip ${step.status}`}>
          {mark(step)}
          {step.name}
          {detail(step, job)}
        </li>
      ))}
    </ol>
  );
}

function mark({ status }: JobStep) {
  if (status === 'done')
    return (
      <>
        <span aria-hidden="true">✓ </span>
        <span class="sr">done: </span>
      </>
    );
  if (status === 'failed')
    return (
      <>
        <span aria-hidden="true">✕ </span>
        <span class="sr">failed: </span>
      </>
    );
  return status === 'running' ? <span class="sr">running: </span> : null;
}

function detail({ status, files }: JobStep, job: Job): string {
  if (status === 'running') return files.total > 0 ? ` ${count(files.done)} / ${count(files.total)}` : '…';
  if (status === 'auto-failed')
    return job.autoFailedBy === null ? ' auto-failed' : ` auto-failed: waits for ${job.autoFailedBy}`;
  if (status === 'done' && files.failed > 0) return ` · ${counted(files.failed, 'bad file')}`;
  return status === 'done' && files.done > 0 ? ` · ${count(files.done)}` : '';
}

/** How far a running job is, or how long an ended one took. */
export function Progress({ job }: { job: Job }) {
  const { done, total, perSecond, secondsLeft } = job.progress;
  if (job.autoFailedBy !== null) return <p class="quiet">not run</p>;
  if (job.endedAt !== null) {
    const took = (Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000;
    return <p class="quiet numbers">took {duration(took)}</p>;
  }
  const far = total === null ? `${counted(done, 'file')} so far` : `${count(done)} of ${counted(total, 'file')}`;
  const known = [
    done > 0 || (total ?? 0) > 0 ? far : null,
    perSecond !== null && perSecond > 0 ? rate(perSecond) : null,
    secondsLeft === null ? null : `about ${duration(secondsLeft)} left`,
  ];
  return (
    <div class="progress">
      <Bar done={done} total={total} label="Files done" />
      <p class="quiet numbers">{known.filter((each) => each !== null).join(' · ')}</p>
    </div>
  );
}

interface ActionsProps {
  job: Job;
  back: string;
  /** What is refreshed: the page's main part, or only the engine's state. */
  refresh?: '#main' | '#top';
}

/** What can be done with a job as it stands. */
export function Actions({ job, back, refresh = '#main' }: ActionsProps) {
  if (job.kind === 'engine') return null;
  const action = (name: string, label: string, look = '') => (
    <ActionForm action={`${jobUrl(job.id)}/${name}`} back={back} refresh={refresh}>
      <button class={look}>{label}</button>
    </ActionForm>
  );
  const failedStep = job.steps.find((step) => step.status === 'failed')?.name;
  switch (job.status) {
    case 'running':
      return (
        <div class="buttons">
          {action('pause', 'Pause')}
          {action('cancel', 'Cancel', 'danger')}
        </div>
      );
    case 'needs-approval':
      return (
        <div class="buttons">
          {action('reject', 'They are not gone')}
          {action('approve', 'They are gone', 'danger')}
        </div>
      );
    case 'paused':
      return (
        <div class="buttons">
          {action('cancel', 'Cancel', 'danger')}
          {action('resume', 'Resume', 'primary')}
        </div>
      );
    case 'failed':
    case 'canceled':
      return (
        <div class="buttons">
          {diskCodes.has(job.error?.code ?? '') && <AcceptDisk job={job} back={back} />}
          {action(
            'again',
            failedStep && job.steps.length > 1 ? `Run again from ${failedStep}` : 'Run again',
            'primary',
          )}
        </div>
      );
    case 'completed':
      return <div class="buttons">{action('again', 'Run again')}</div>;
  }
}

/** What a person may take for right, knowing better than the scan. */
const diskCodes = new Set(['root.other-device', 'root.empty', 'dir.other-device']);

/** The disk below a path was exchanged, or emptied, on purpose: take what is there now for right. */
const AcceptDisk = ({ job, back }: { job: Job; back: string }) => (
  <ActionForm action="/jobs/start" back={back}>
    <input type="hidden" name="kind" value="importPath" />
    <input type="hidden" name="root" value={job.root ?? ''} />
    <input type="hidden" name="acceptDevice" value="on" />
    <button>Use this disk from now on</button>
  </ActionForm>
);
