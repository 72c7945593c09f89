import type { Move, Plan } from '../../model/move-plan.ts';
import { Empty, Name } from '../parts.tsx';
import { bytes, counted } from '../words.ts';
import { Decide, Otherwise, TakeBack } from './decide.tsx';
import { GoesTo } from './goes-to.tsx';
import { leftWords, moveStateWords, noteWords, whyInWords } from './plan-words.ts';
import { Form } from '../form.tsx';

/** The files that are one picture, the picture first. */
type Unit = [Move, ...Move[]];

/** Files that follow each other and are one picture. */
function unitsOf(moves: readonly Move[]): Unit[] {
  const units: Unit[] = [];
  for (const move of moves) {
    const last = units.at(-1);
    if (last?.[0].unit === move.unit) last.push(move);
    else units.push([move]);
  }
  return units;
}

interface PlanFilesProps {
  plan: Plan;
  moves: Move[];
  /** Files are on their way, so nothing is to be decided. */
  busy: boolean;
  /** The page that is shown, to come back to. */
  here: string;
  more: string | null;
}

/** Pictures of a plan with where each goes and why, and what can be decided for some of them. */
export function PlanFiles({ plan, moves, busy, here, more }: PlanFilesProps) {
  if (moves.length === 0) return <Empty>No file of this plan fits this choice.</Empty>;
  const units = unitsOf(moves);
  const isDraft = plan.state === 'draft';
  const mayGoBack = plan.approvedAt !== null && !busy && moves.some(({ state }) => state === 'moved');
  const action = `/sorter/plans/${plan.id}/${isDraft ? 'choose' : 'undo'}`;
  const list = (
    <ul class="units">
      {units.map((unit) => (
        <UnitRow unit={unit} draft={isDraft} choosable={isDraft || (mayGoBack && unit[0].state === 'moved')} />
      ))}
    </ul>
  );
  return (
    <>
      {isDraft || mayGoBack ? (
        <Form action={action}>
          <input type="hidden" name="back" value={here} />
          {isDraft ? <Decide shown={units.length} /> : <TakeBack />}
          {isDraft && units.map(([{ unit }]) => <input type="hidden" name="shown" value={unit} />)}
          {list}
        </Form>
      ) : (
        list
      )}
      {more !== null && (
        <p class="more">
          <a class="button" href={more}>
            More files
          </a>
        </p>
      )}
    </>
  );
}

interface UnitRowProps {
  unit: Unit;
  draft: boolean;
  choosable: boolean;
}

function UnitRow({ unit: [lead, ...parts], draft, choosable }: UnitRowProps) {
  const name = lead.from.split('/').at(-1) ?? lead.from;
  const others = lead.notes.filter((note) => note !== lead.leftBecause);
  return (
    <li id={`unit-${lead.unit}`} class={lead.state}>
      {choosable && <input type="checkbox" name="unit" value={lead.unit} aria-label={`Choose ${name}`} />}
      <Picture move={lead} />
      <div class="where">
        <p class="quiet">
          <Name>{lead.from}</Name>
        </p>
        {lead.leftBecause === null ? (
          <GoesTo path={lead.to} />
        ) : (
          <p>
            <strong>Stays.</strong> {leftWords[lead.leftBecause].means}
          </p>
        )}
        {lead.why && (
          <p class="quiet why">
            {whyInWords(lead.why).map(({ text, sure }) => (
              <span title={sure}>{text}</span>
            ))}
            <span>{bytes(lead.size)}</span>
          </p>
        )}
        {lead.error && (
          <p class="bad">
            {lead.error.message} <code>{lead.error.code}</code>
          </p>
        )}
        <p class="marks">
          {!draft && lead.state !== 'left' && (
            <span class={`status move-${lead.state}`}>{moveStateWords[lead.state]}</span>
          )}
          {lead.forGood && <span class="chip">for good</span>}
          {others.map((note) => (
            <span class="chip note" title={noteWords[note].means}>
              {noteWords[note].word}
            </span>
          ))}
        </p>
        {parts.length > 0 && <Parts parts={parts} />}
      </div>
      {draft && <Otherwise unit={lead.unit} name={name} />}
    </li>
  );
}

const Picture = ({ move: { thumb, file } }: { move: Move }) => {
  const picture =
    thumb === null ? (
      <span class="blank">no picture</span>
    ) : (
      <img src={`/thumbs/${thumb}-320.webp`} alt="" loading="lazy" decoding="async" />
    );
  if (file === null) return <span class="picture">{picture}</span>;
  return (
    <a class="picture" href={`/photos/${file}`} tabIndex={-1} aria-hidden="true">
      {picture}
    </a>
  );
};

/** What goes along with a picture. */
const Parts = ({ parts }: { parts: Move[] }) => (
  <details class="parts">
    <summary>{counted(parts.length, 'file')} with it</summary>
    <ul>
      {parts.map(({ from, to, state, error }) => (
        <li>
          <Name>{from.split('/').at(-1) ?? from}</Name>
          {state !== 'left' && (
            <>
              <span aria-hidden="true"> → </span>
              <span class="sr"> goes to </span>
              <Name>{to.split('/').at(-1) ?? to}</Name>
            </>
          )}{' '}
          <span class="quiet">{state === 'planned' ? '' : moveStateWords[state]}</span>
          {error && <span class="bad"> {error.message}</span>}
        </li>
      ))}
    </ul>
  </details>
);
