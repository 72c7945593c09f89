import type { ComponentChildren } from 'preact';
import type { MoveState, Plan, PlanCounts } from '../../model/move-plan.ts';
import { count } from '../words.ts';
import { leftWords, moveStateWords, noteWords } from './plan-words.ts';
import { planUrl } from './plan-url.ts';
import type { PlanQuery } from './schema.ts';

interface PlanFiltersProps {
  plan: Plan;
  counts: PlanCounts;
  query: PlanQuery;
}

/** Links to the files that need a person's eyes, that stay, and, once it was approved, by what became of them. */
export function PlanFilters({ plan, counts, query }: PlanFiltersProps) {
  const { notes, left } = counts;
  const { ledger } = plan;
  const states: [MoveState, number][] = [
    ['planned', ledger.planned],
    ['moved', ledger.moved],
    ['failed', ledger.failed],
    ['undone', ledger.undone],
  ];
  return (
    <div class="plan-filters">
      {plan.approvedAt !== null && (
        <Chips label="What became of them">
          {states
            .filter(([, files]) => files > 0)
            .map(([state, files]) => (
              <Chip
                href={planUrl(plan.id, { state })}
                chosen={query.state === state}
                word={moveStateWords[state]}
                files={files}
              />
            ))}
        </Chips>
      )}
      {notes.length > 0 && (
        <Chips label={plan.state === 'draft' ? 'Look at these first' : 'Noted before'}>
          {notes.map(({ note, files }) => (
            <Chip
              href={planUrl(plan.id, { note })}
              chosen={query.note === note}
              look="note"
              word={noteWords[note].word}
              title={noteWords[note].means}
              files={files}
            />
          ))}
        </Chips>
      )}
      {left.length > 0 && (
        <Chips label="Stay where they are">
          {left.map(({ because, files }) => (
            <Chip
              href={planUrl(plan.id, { left: because })}
              chosen={query.left === because}
              word={leftWords[because].word}
              title={leftWords[because].means}
              files={files}
            />
          ))}
        </Chips>
      )}
    </div>
  );
}

const Chips = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <nav aria-label={label}>
    <span class="quiet" aria-hidden="true">
      {label}
    </span>
    {children}
  </nav>
);

interface ChipProps {
  href: string;
  chosen: boolean;
  word: string;
  files: number;
  title?: string;
  look?: 'note';
}

const Chip = ({ href, chosen, word, files, title, look }: ChipProps) => (
  <a
    class={look ? 'chip note' : 'chip'}
    href={`${href}#files`}
    aria-current={chosen ? 'true' : undefined}
    title={title}
  >
    {word} {count(files)}
  </a>
);
