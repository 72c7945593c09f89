import type { Root } from '../../model/library.ts';
import type { Plan } from '../../model/move-plan.ts';
import { Ago, Empty, Name } from '../parts.tsx';
import { ledgerInWords } from './ledger.tsx';
import { scopeInWords, stateWords } from './plan-words.ts';
import { RulesForm, type RulesProps } from './rules-view.tsx';
import { DirList, WantedForm, type WantedFormProps } from './wanted-form.tsx';

export interface SorterPageProps {
  /** The one that is shown. */
  storage: Root;
  storagePaths: Root[];
  /** Sub-directories that it has. */
  dirs: string[];
  rules: RulesProps;
  outcome: 'saved' | 'refused' | null;
  wanted: WantedFormProps;
  plans: Plan[];
  /** Cursor of the plans before these. */
  before: number | null;
}

/** Where the files of a storage path belong, and plans to bring them there. */
export function SorterPage({ storage, storagePaths, dirs, rules, outcome, wanted, plans, before }: SorterPageProps) {
  return (
    <div class="page sorter">
      <h1>Sorter</h1>
      <p class="lead">
        Brings files of the import paths to where they belong in <Name>{storage.path}</Name>, once you have seen where
        that is.
      </p>
      {storagePaths.length > 1 && (
        <nav class="tabs" aria-label="Storage paths">
          {storagePaths.map(({ id, path }) => (
            <a href={`/sorter?root=${id}`} aria-current={id === storage.id ? 'page' : undefined}>
              <Name>{path}</Name>
            </a>
          ))}
        </nav>
      )}
      <DirList dirs={dirs} />
      <OpenPlan plans={plans} />
      <h2 id="rules">Where files belong</h2>
      {outcome === 'saved' && (
        <p class="notice" role="status">
          Saved. Plans that are made from now on go by it.
        </p>
      )}
      {outcome === 'refused' && (
        <p class="failure" role="alert">
          Nothing was saved: see what is said beside the fields.
        </p>
      )}
      <RulesForm {...rules} />
      <h2 id="make">Make a plan</h2>
      <WantedForm {...wanted} />
      <h2>Plans</h2>
      <Plans plans={plans} before={before} root={storage.id} />
    </div>
  );
}

/** Where there is nothing to sort into. */
export const NoStoragePage = () => (
  <div class="page">
    <h1>Sorter</h1>
    <Empty>
      The sorter brings files into your sorted library, and no storage path is named yet.{' '}
      <a href="/settings">Name one in the settings</a>
    </Empty>
  </div>
);

/** The newest plan, while it waits for somebody or works. */
function OpenPlan({ plans: [newest] }: { plans: Plan[] }) {
  if (!newest || newest.state === 'done') return null;
  return (
    <p class="notice">
      <a href={`/sorter/plans/${newest.id}`}>Plan {newest.id}</a> <PlanStatus plan={newest} />
    </p>
  );
}

interface PlansProps {
  plans: Plan[];
  before: number | null;
  root: number;
}

function Plans({ plans, before, root }: PlansProps) {
  if (plans.length === 0)
    return <Empty>What would go where appears here, to be looked at before anything moves.</Empty>;
  return (
    <>
      <ul class="plans">
        {plans.map((plan) => (
          <li>
            <div class="what">
              <a href={`/sorter/plans/${plan.id}`}>Plan {plan.id}</a>
              <p class="quiet">
                {scopeInWords(plan)} → <Name>{plan.path}</Name>
                {plan.wanted.to !== undefined && (
                  <>
                    /<Name>{plan.wanted.to}</Name>
                  </>
                )}
              </p>
            </div>
            <p class="quiet numbers">{plan.state === 'making' ? '' : ledgerInWords(plan)}</p>
            <div class="when quiet">
              <PlanStatus plan={plan} />
              <Ago at={plan.endedAt ?? plan.approvedAt ?? plan.madeAt} />
            </div>
          </li>
        ))}
      </ul>
      {before !== null && (
        <p class="more">
          <a class="button" href={`/sorter?root=${root}&before=${before}`}>
            Older plans
          </a>
        </p>
      )}
    </>
  );
}

/** Where a plan stands, as a word with a colour. */
export const PlanStatus = ({ plan: { state } }: { plan: Plan }) => (
  <span class={`status plan-${state}`}>{stateWords[state]}</span>
);
