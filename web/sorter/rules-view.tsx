import type { PhotoToTry } from '../../sql/sorting.ts';
import type { Place } from '../deps.ts';
import type { Fragment } from '../live.ts';
import { Empty, Name } from '../parts.tsx';
import { GoesTo } from './goes-to.tsx';
import { ProblemLines, Problems, problemId, Rule } from './rule-fields.tsx';
import { noRule, type RulesProblem, type RulesText } from './rules-form.ts';
import { tokenWords } from './token-words.ts';
import { Form } from '../form.tsx';

export interface RulesProps {
  root: number;
  text: RulesText;
  problems: RulesProblem[];
  /** How many empty rules the list ends with. */
  emptyRules: number;
  /** Real files, and what the rules make of each; null: the rules can't be read. */
  tried: Tried[] | null;
}

export interface Tried {
  photo: PhotoToTry;
  place: Place;
}

/** Where files belong: a pattern, rules that come before it, and what they make of some real files as one types. */
export function RulesForm({ root, text, problems, emptyRules, tried }: RulesProps) {
  const action = `/sorter/rules/${root}`;
  return (
    <Form action={action} class="rules" novalidate>
      {/* The first button of a form is the one that Enter presses. */}
      <button class="sr" name="do" value="preview" tabIndex={-1} aria-hidden="true">
        Preview
      </button>
      <div class="stack">
        <div class="field">
          <label for="pattern">Pattern</label>
          <p class="quiet" id="pattern-hint">
            The path below the storage path. The file keeps its extension.
          </p>
          <input
            id="pattern"
            class="pattern"
            name="pattern"
            value={text.pattern}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxlength={500}
            aria-describedby="pattern-hint problem-of-pattern"
            aria-invalid={problems.some(({ rule }) => rule === null) ? 'true' : undefined}
          />
          <Problems of={null} problems={problems} />
          <Tokens />
        </div>
        <fieldset>
          <legend>Rules</legend>
          <p class="quiet">The first rule that fits counts instead of the pattern. All its conditions must hold.</p>
          {[...text.rules, ...Array.from({ length: emptyRules }, () => noRule)].map((rule, index) => (
            <Rule rule={rule} index={index} isNew={index >= text.rules.length} problems={problems} />
          ))}
          <p>
            <button name="do" value="more">
              Add a rule
            </button>
          </p>
        </fieldset>
        <p class="buttons">
          <button class="primary" name="do" value="save">
            Save
          </button>
          <button name="do" value="preview">
            Preview
          </button>
        </p>
      </div>
      <section
        class="preview"
        aria-labelledby="preview-heading"
        hx-post={`${action}/preview`}
        hx-trigger="input from:.rules delay:300ms"
        hx-swap="none"
      >
        <h3 id="preview-heading">What becomes of real files</h3>
        <div id="preview" aria-live="polite">
          <Preview tried={tried} />
        </div>
      </section>
    </Form>
  );
}

/** What changes while one types: the files of the preview, and what is wrong beside each pattern. */
export const previewFragments = ({
  text,
  problems,
  tried,
}: Pick<RulesProps, 'text' | 'problems' | 'tried'>): Fragment[] => [
  { id: 'preview', view: <Preview tried={tried} /> },
  ...[null, ...text.rules.keys()].map((of) => ({
    id: problemId(of),
    view: <ProblemLines of={of} problems={problems} />,
  })),
];

function Preview({ tried }: Pick<RulesProps, 'tried'>) {
  if (tried === null) return <Empty>As soon as the rules can be read, ten of your files show what they make.</Empty>;
  if (tried.length === 0) return <Empty>Files of your import paths appear here when they have been read.</Empty>;
  return (
    <ol class="tried-files">
      {tried.map(({ photo, place }) => (
        <li>
          {photo.thumb === null ? (
            <span class="blank" />
          ) : (
            <img src={`/thumbs/${photo.thumb}-320.webp`} alt="" loading="lazy" decoding="async" />
          )}
          <div>
            <p class="quiet">
              <Name>{photo.path}</Name>
            </p>
            <GoesTo path={place.path} />
            <p class="quiet">{whyHere(photo, place)}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function whyHere({ taken }: PhotoToTry, { rule }: Place): string {
  const by = rule === null ? '' : `By rule ${rule + 1}. `;
  if (taken === null) return `${by}No date is known.`;
  return `${by}Date: ${taken.certainty}, from ${taken.source}.`;
}

function Tokens() {
  return (
    <details class="tokens">
      <summary>Words for patterns</summary>
      <dl>
        {tokenWords.map(({ tokens, means }) => (
          <>
            <dt>
              {tokens.map((token) => (
                <code>{`{${token}}`}</code>
              ))}
            </dt>
            <dd>{means}</dd>
          </>
        ))}
        <dt>
          <code>{'{place|event}'}</code> <code>{"{place|'elsewhere'}"}</code>
        </dt>
        <dd>the first that is known; a text for where nothing is</dd>
        <dt>
          <code>{'{camera|lower}'}</code> <code>{'{camera|upper}'}</code>
        </dt>
        <dd>in small, in capital letters</dd>
      </dl>
    </details>
  );
}
