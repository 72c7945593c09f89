import type { JSX } from 'preact';
import {
  type AddressField as AddressName,
  type ChoiceField as ChoiceName,
  choicesOf,
  described,
  type FormText,
  type ListField as ListName,
  type NumberField as NumberName,
  type Problem,
  type SwitchField as SwitchName,
  type TimeField as TimeName,
} from './form.ts';

/** What was typed, and what is wrong with it. */
interface Shown {
  form: FormText;
  problems: Problem[];
}

interface FieldProps {
  name: ListName | ChoiceName | NumberName | TimeName | AddressName;
  problems: Problem[];
  children: (describedBy: string, invalid: 'true' | undefined) => JSX.Element;
}

function Field({ name, problems, children }: FieldProps) {
  const { title, description } = described[name];
  const problem = problems.find((p) => p.field === name);
  const describedBy = problem ? `${name}-hint ${name}-problem` : `${name}-hint`;
  return (
    <div class="field">
      <label for={name}>{title}</label>
      <p class="quiet" id={`${name}-hint`}>
        {description}
      </p>
      {children(describedBy, problem ? 'true' : undefined)}
      {problem && (
        <p class="problem" id={`${name}-problem`}>
          {problem.message}
        </p>
      )}
    </div>
  );
}

export function ListField({ name, form, problems }: { name: ListName } & Shown) {
  return (
    <Field name={name} problems={problems}>
      {(describedBy, invalid) => (
        <textarea
          id={name}
          name={name}
          rows={form.lists[name].split('\n').length > 5 ? 10 : 5}
          spellcheck={false}
          aria-describedby={describedBy}
          aria-invalid={invalid}
        >
          {`\n${form.lists[name]}`}
        </textarea>
      )}
    </Field>
  );
}

/** What may be typed is what the schema allows. */
export function NumberField({ name, form, problems }: { name: NumberName } & Shown) {
  const { minimum, maximum, multipleOf, type } = described[name] as Partial<
    Record<'minimum' | 'maximum' | 'multipleOf', number>
  > & { type?: string };
  const step = multipleOf ?? (type === 'integer' ? 1 : 'any');
  return (
    <Typed
      name={name}
      problems={problems}
      input={{ type: 'number', min: minimum, max: maximum, step, value: form.numbers[name] }}
    />
  );
}

export const TimeField = ({ name, form, problems }: { name: TimeName } & Shown) => (
  <Typed name={name} problems={problems} input={{ type: 'time', value: form.times[name] }} />
);

export const AddressField = ({ name, form, problems }: { name: AddressName } & Shown) => (
  <Typed
    name={name}
    problems={problems}
    input={{ type: 'url', value: form.addresses[name], autocomplete: 'off', spellcheck: false }}
  />
);

interface TypedProps {
  name: NumberName | TimeName | AddressName;
  problems: Problem[];
  input: JSX.IntrinsicElements['input'];
}

const Typed = ({ name, problems, input }: TypedProps) => (
  <Field name={name} problems={problems}>
    {(describedBy, invalid) => (
      <input id={name} name={name} {...input} aria-describedby={describedBy} aria-invalid={invalid} />
    )}
  </Field>
);

export function ChoiceField({ name, form, problems }: { name: ChoiceName } & Shown) {
  return (
    <Field name={name} problems={problems}>
      {(describedBy, invalid) => (
        <select id={name} name={name} aria-describedby={describedBy} aria-invalid={invalid}>
          {choicesOf(name).map((choice) => (
            <option value={choice} selected={choice === form.choices[name]}>
              {choice}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function SwitchField({ name, form }: { name: SwitchName; form: FormText }) {
  const { title, description } = described[name];
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name={name} checked={form.switches[name]} aria-describedby={`${name}-hint`} /> {title}
      </label>
      <p class="quiet" id={`${name}-hint`}>
        {description}
      </p>
    </div>
  );
}
