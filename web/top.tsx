import type { ErrorReport } from '../model/errors.ts';
import type { Part } from '../model/house.ts';
import { engineStates, type EngineState } from '../model/job-kinds.ts';
import type { Job } from '../model/job.ts';
import { awayWords } from './error-view.tsx';
import type { Fragment } from './live.ts';
import { FailureCard } from './jobs/failure-card.tsx';
import { QuestionCard } from './jobs/question-card.tsx';
import { Bar, Name } from './parts.tsx';
import type { Situation } from './situation.ts';
import { count, counted, duration, rate } from './words.ts';
import { Form } from './form.tsx';

/** The two places every page shows the engine in: the banner under the bar, and the pill in it. */
export const topFragments = (now: Situation): Fragment[] => [
  { id: 'top', view: <Banner now={now} /> },
  { id: 'pill', view: <Pill now={now} /> },
];

const partNames: Record<string, string> = {
  postgres: 'database',
  temporal: 'job server',
  engine: 'engine',
  io: 'file reader',
  ai: 'face finder',
  web: 'web page',
};
export const partName = (name: string): string => partNames[name] ?? name;

/** What a person is asked, and, until it awaits jobs, how the engine stands. */
function Banner({ now }: { now: Situation }) {
  if (!now.engine) return <Waiting house={now.house?.parts ?? []} trouble={now.trouble} />;
  const { state } = now.engine;
  return (
    <>
      {now.questions.length > 0 && (
        <section class="wide failures" aria-label="Jobs that need your approval">
          {now.questions.map((job) => (
            <QuestionCard job={job} back="/" refresh="#top" />
          ))}
        </section>
      )}
      {state !== 'awaiting jobs' && <EngineBanner now={now} state={state} />}
    </>
  );
}

function EngineBanner({ now, state }: { now: Situation; state: EngineState }) {
  return (
    <>
      <section class="banner" aria-labelledby="engine-state">
        <div class="wide">
          {state === 'initialising' && (
            <Heading text="Starting up" sub="Reading the settings and looking at what is known of your library." />
          )}
          {state === 'configuration needed' && <FirstPath />}
          {state === 'find files' && <FindFiles now={now} />}
          {state === 'import files' && <ImportFiles now={now} />}
          <Chain state={state} coverage={now.coverage} />
        </div>
      </section>
      {now.failures.length > 0 && (
        <section class="wide failures" aria-label="Failed jobs">
          {now.failures.map((failure) => (
            <FailureCard failure={failure} back="/" refresh="#top" />
          ))}
        </section>
      )}
    </>
  );
}

function Heading({ text, sub }: { text: string; sub: string }) {
  return (
    <>
      <h2 id="engine-state" aria-live="polite">
        {text}
      </h2>
      <p class="lead">{sub}</p>
    </>
  );
}

/** The servers do not answer: while they start, or because one is away. */
function Waiting({ house, trouble }: { house: Part[]; trouble: ErrorReport | null }) {
  const missing = house.filter((part) => part.status !== 'running');
  const starting = missing.length > 0;
  const heading = starting
    ? `Starting: ${missing.map((part) => partName(part.name)).join(', ')}…`
    : awayWords(trouble?.code ?? '');
  return (
    <section class="banner" aria-labelledby="engine-state">
      <div class="wide">
        <Heading
          text={heading}
          sub={
            starting
              ? 'This takes a few seconds. The page goes on by itself.'
              : 'Nothing is lost. The page goes on by itself as soon as it is back.'
          }
        />
        <Bar done={0} total={null} label="Waiting" />
        <ol class="chain">
          {house.map((part) => (
            <li class={part.status === 'running' ? 'done' : 'current'}>
              {part.status === 'running' ? <Tick /> : null}
              {partName(part.name)}
              {part.status === 'running' ? '' : ` · ${part.status}`}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

function FirstPath() {
  return (
    <>
      <Heading
        text="Where are your pictures?"
        sub="Name a directory to import from. Its files are only read: nothing in it is ever changed."
      />
      <Form right="own" action="/settings/first-path" class="first-path">
        <label for="first-path">Import path</label>
        <input
          id="first-path"
          name="path"
          required
          maxlength={4096}
          placeholder="/home/me/Pictures"
          autocomplete="off"
          spellcheck={false}
        />
        <button class="primary">Start importing</button>
      </Form>
    </>
  );
}

function FindFiles({ now }: { now: Situation }) {
  const found = now.coverage
    ? `${counted(now.coverage.files, 'file')} in ${counted(now.coverage.dirs, 'directory', 'directories')} so far`
    : 'Looking…';
  return (
    <>
      <Heading text="Finding your files" sub={`${found}${restsBecause(now)}`} />
      <Bar done={0} total={null} label="Finding files" />
    </>
  );
}

/** Why the work that goes on now rests, as the end of a line. */
function restsBecause({ work }: Situation): string {
  const why = work.find((job) => job.waitsBecause !== null)?.waitsBecause;
  return why == null ? '' : ` · ${why}`;
}

function ImportFiles({ now }: { now: Situation }) {
  const imports = now.work.filter((job) => job.kind === 'importPath');
  const sum = (value: (job: Job) => number | null) => imports.reduce((all, job) => all + (value(job) ?? 0), 0);
  const [done, total] = [sum((job) => job.progress.done), sum((job) => job.progress.total)];
  const perSecond = sum((job) => job.progress.perSecond);
  const only = imports.length === 1 ? imports[0] : undefined;
  return (
    <>
      <h2 id="engine-state" aria-live="polite">
        Importing your files
      </h2>
      <p class="lead numbers">
        {imports.length === 0 ? 'Preparing…' : `${count(done)} of ${counted(total, 'file')} read`}
        {only && (
          <>
            {' · '}
            <Name>{only.title}</Name>
          </>
        )}
        {perSecond > 0 && done < total && ` · ${rate(perSecond)} · about ${duration((total - done) / perSecond)} left`}
        {restsBecause(now)}
      </p>
      <Bar done={done} total={imports.length === 0 ? null : total} label="Files read" />
    </>
  );
}

/** The engine's states in their order, ticked as far as it has come. */
function Chain({ state, coverage }: { state: EngineState; coverage: Situation['coverage'] }) {
  const steps = engineStates.filter((step) => step !== 'configuration needed' || step === state);
  const at = steps.indexOf(state);
  return (
    <ol class="chain" aria-label="What the engine does, step by step">
      {steps.map((step, i) => (
        <li class={i < at ? 'done' : i === at ? 'current' : 'todo'} aria-current={i === at ? 'step' : undefined}>
          {i < at && <Tick />}
          {step}
          {i < at &&
            step === 'find files' &&
            coverage &&
            ` · ${count(coverage.files)} in ${counted(coverage.dirs, 'directory', 'directories')}`}
        </li>
      ))}
    </ol>
  );
}

const Tick = () => (
  <>
    <span aria-hidden="true">✓ </span>
    <span class="sr">done: </span>
  </>
);

/** The engine in the bar: quiet, loud only on failure. */
function Pill({ now }: { now: Situation }) {
  if (!now.engine) return <PillLink tone="warn" text="Waiting" />;
  const { running, paused, failed } = now.engine.jobs;
  const also = (running > 0 ? ` · ${count(running)} running` : '') + (paused > 0 ? ` · ${count(paused)} paused` : '');
  const asking = now.questions.length;
  if (asking > 0) return <PillLink tone="loud" text={`${count(asking)} to approve${also}`} href="/jobs" />;
  if (failed > 0) return <PillLink tone="loud" text={`${count(failed)} failed${also}`} href="/jobs" />;
  const away = now.missing[0];
  if (away) return <PillLink tone="warn" text={`${partName(away.name)} ${away.status}`} href="/status" />;
  return <PillLink tone={running > 0 ? 'running' : 'idle'} text={`Jobs${also}`} href="/jobs" />;
}

const PillLink = ({ tone, text, href = '/status' }: { tone: string; text: string; href?: string }) => (
  <a class={`pill ${tone}`} href={href}>
    <span class="dot" aria-hidden="true" />
    {text}
  </a>
);
