import { described, type RulesProblem, type RuleText } from './rules-form.ts';

/** Of the element that tells what is wrong with a rule; null: with the main pattern. */
export const problemId = (rule: number | null): string =>
  rule === null ? 'problem-of-pattern' : `problem-of-rule-${rule}`;

export const Problems = ({ of, problems }: { of: number | null; problems: readonly RulesProblem[] }) => (
  <div id={problemId(of)}>
    <ProblemLines of={of} problems={problems} />
  </div>
);

export const ProblemLines = ({ of, problems }: { of: number | null; problems: readonly RulesProblem[] }) => (
  <>
    {problems
      .filter(({ rule }) => rule === of)
      .map(({ message }) => (
        <p class="problem">{message}</p>
      ))}
  </>
);

interface RuleProps {
  rule: RuleText;
  index: number;
  isNew: boolean;
  problems: readonly RulesProblem[];
}

/** A rule's conditions, and where what fits goes. */
export function Rule({ rule, index, isNew, problems }: RuleProps) {
  const number = index + 1;
  const text = (field: 'camera' | 'country' | 'extensions' | 'dir', placeholder: string) => (
    <label>
      <span>{described[field].title}</span>
      <input
        name={`rule-${field}`}
        value={rule[field]}
        placeholder={placeholder}
        title={described[field].description}
        autocomplete="off"
        spellcheck={false}
      />
    </label>
  );
  return (
    <fieldset class="rule">
      <legend class="quiet">{isNew ? 'New rule' : `Rule ${number}`}</legend>
      <div class="conditions">
        <Choice name="type" value={rule.type} options={['image', 'video']} />
        <Choice name="date" value={rule.date} options={['unknown', 'uncertain']} />
        {text('camera', 'any')}
        {text('country', 'any, such as NO')}
        {text('extensions', 'any, such as cr2 dng')}
        {text('dir', 'any, such as *WhatsApp*')}
      </div>
      <label>
        <span>goes to</span>
        <input
          class="pattern"
          name="rule-pattern"
          value={rule.pattern}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxlength={500}
          aria-describedby={problemId(index)}
          aria-invalid={problems.some((problem) => problem.rule === index) ? 'true' : undefined}
        />
      </label>
      <Problems of={index} problems={problems} />
      {!isNew && (
        <p class="buttons">
          {index > 0 && (
            <button name="do" value={`up:${index}`} aria-label={`Move rule ${number} up`}>
              Up
            </button>
          )}
          <button name="do" value={`remove:${index}`} aria-label={`Remove rule ${number}`}>
            Remove
          </button>
        </p>
      )}
    </fieldset>
  );
}

const Choice = ({ name, value, options }: { name: 'type' | 'date'; value: string; options: readonly string[] }) => (
  <label>
    <span>{described[name].title}</span>
    <select name={`rule-${name}`} title={described[name].description}>
      <option value="">any</option>
      {options.map((option) => (
        <option value={option} selected={option === value}>
          {option}
        </option>
      ))}
    </select>
  </label>
);
