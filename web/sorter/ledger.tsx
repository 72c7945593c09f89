import type { Ledger, Plan } from '../../model/move-plan.ts';
import { count } from '../words.ts';

const words: Record<keyof Ledger, string> = {
  found: 'found',
  planned: 'to be moved',
  moved: 'moved',
  skipped: 'stay',
  duplicates: 'there already',
  failed: 'failed',
  undone: 'taken back',
};

/** Terms that a plan of a state has, even where they are 0. */
const always: Record<'before' | 'after', readonly (keyof Ledger)[]> = {
  before: ['planned', 'skipped', 'duplicates'],
  after: ['moved', 'skipped', 'duplicates', 'failed'],
};

const terms = ['planned', 'moved', 'skipped', 'duplicates', 'failed', 'undone'] as const;

const termsOf = ({ ledger, approvedAt }: Pick<Plan, 'ledger' | 'approvedAt'>) =>
  terms.filter((term) => ledger[term] > 0 || always[approvedAt === null ? 'before' : 'after'].includes(term));

/** The account of a plan's files: all that were found are in one of the others. */
export function LedgerOf({ plan: { ledger, approvedAt } }: { plan: Plan }) {
  const shown = termsOf({ ledger, approvedAt });
  return (
    <dl class="ledger">
      {(['found', ...shown] as const).map((term) => (
        <div class={term === 'failed' && ledger.failed > 0 ? 'bad-end' : term}>
          <dt>{words[term]}</dt>
          <dd class="numbers">{count(ledger[term])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The same as a line. */
export const ledgerInWords = ({ ledger, approvedAt }: Pick<Plan, 'ledger' | 'approvedAt'>): string => {
  const shown = termsOf({ ledger, approvedAt });
  return `${count(ledger.found)} found = ${shown.map((term) => `${count(ledger[term])} ${words[term]}`).join(' + ')}`;
};
