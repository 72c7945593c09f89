import { Form } from '../form.tsx';
import { count } from '../words.ts';
import { AddressField, ChoiceField, ListField, NumberField, SwitchField, TimeField } from './fields.tsx';
import { described, mayComeBack, pathFields, type FormText, type Problem } from './form.ts';

export interface SettingsPageProps {
  form: FormText;
  problems: Problem[];
  /** How many empty rows each list of paths ends with. */
  emptyRows: number;
  /** Why nothing was saved, that it was, that a test was sent, or null on a first look. */
  outcome: 'saved' | 'refused' | 'told' | null;
  /** What of the faces was changed by saving. */
  faces: 'search' | 'names' | null;
}

const hints: Record<(typeof pathFields)[number], string> = {
  importPaths: 'Where new pictures arrive: camera dumps, phones, memory cards. They are only read.',
  storagePaths: 'Your sorted library. It is read as well, after the import paths.',
};

/** The settings as one form that works without scripts: adding and removing rows are buttons of it. */
export function SettingsPage({ form, problems, emptyRows, outcome, faces }: SettingsPageProps) {
  const comesBack = problems.some(mayComeBack);
  return (
    <div class="page narrow">
      <h1>Settings</h1>
      <p>
        <a href="/settings/access">Who may come in</a> · <a href="/settings/audit">What was done</a>
      </p>
      {outcome === 'saved' && (
        <p class="notice" role="status">
          Saved.
          {faces !== null && (
            <>
              {' '}
              {faces === 'search'
                ? 'Pictures scanned before keep the faces that were found then.'
                : 'Names found before stay as they are.'}{' '}
              <a href="/people/scans">Scan faces again</a>
            </>
          )}
        </p>
      )}
      {outcome === 'told' && (
        <p class="notice" role="status">
          A test was sent.
        </p>
      )}
      {outcome === 'refused' && (
        <p class="failure" role="alert">
          Nothing was saved: see what is said beside the fields.
        </p>
      )}
      <Form right="own" action="/settings" class="stack" novalidate>
        {/* The first button of a form is the one that Enter presses. */}
        <button class="sr" name="do" value="save" tabIndex={-1} aria-hidden="true">
          Save
        </button>
        {pathFields.map((field) => (
          <fieldset>
            <legend>{described[field].title}</legend>
            <p class="quiet" id={`${field}-hint`}>
              {hints[field]}
            </p>
            {[...form[field], ...Array.from({ length: emptyRows }, () => '')].map((path, index) => (
              <PathRow
                field={field}
                path={path}
                index={index}
                problem={problems.find((p) => p.field === field && p.index === index)}
              />
            ))}
            <p>
              <button name="do" value="more">
                Add a row
              </button>
            </p>
          </fieldset>
        ))}
        {comesBack && (
          <label class="check">
            <input type="checkbox" name="acceptMissingPaths" /> Save it anyway (a disk that is not mounted now)
          </label>
        )}
        <ListField name="ignore" form={form} problems={problems} />
        <NumberField name="ioWorkers" form={form} problems={problems} />
        <NumberField name="chainWindow" form={form} problems={problems} />
        <h2>Missing files</h2>
        <NumberField name="missingDays" form={form} problems={problems} />
        <NumberField name="missingShare" form={form} problems={problems} />
        <NumberField name="missingFiles" form={form} problems={problems} />
        <h2>Sorting and checking</h2>
        <ListField name="junk" form={form} problems={problems} />
        <NumberField name="checkShare" form={form} problems={problems} />
        <h2>By itself</h2>
        <SwitchField name="watchImports" form={form} />
        <NumberField name="settleSeconds" form={form} problems={problems} />
        <NumberField name="rescanHours" form={form} problems={problems} />
        <TimeField name="nightlyAt" form={form} problems={problems} />
        <TimeField name="quietFrom" form={form} problems={problems} />
        <TimeField name="quietTo" form={form} problems={problems} />
        <h2>How much of the machine it takes</h2>
        <NumberField name="cpuShare" form={form} problems={problems} />
        <NumberField name="diskRate" form={form} problems={problems} />
        <SwitchField name="pauseOnBattery" form={form} />
        <NumberField name="pauseAboveLoad" form={form} problems={problems} />
        <TimeField name="diskFrom" form={form} problems={problems} />
        <TimeField name="diskTo" form={form} problems={problems} />
        <h2>Notifications</h2>
        <AddressField name="notifyUrl" form={form} problems={problems} />
        <SwitchField name="notifyFailures" form={form} />
        <SwitchField name="notifyApprovals" form={form} />
        <SwitchField name="notifyImports" form={form} />
        <h2>Faces</h2>
        <SwitchField name="lookForFaces" form={form} />
        <ChoiceField name="faceDetector" form={form} problems={problems} />
        <ChoiceField name="faceTiles" form={form} problems={problems} />
        <NumberField name="faceMinScore" form={form} problems={problems} />
        <NumberField name="faceMinSize" form={form} problems={problems} />
        <h2>Names</h2>
        <NumberField name="nameThreshold" form={form} problems={problems} />
        <NumberField name="namePerhaps" form={form} problems={problems} />
        <NumberField name="nameMargin" form={form} problems={problems} />
        <SwitchField name="oncePerPhoto" form={form} />
        <p>
          <button class="primary" name="do" value="save">
            Save
          </button>
        </p>
      </Form>
      {form.addresses.notifyUrl !== '' && (
        <Form action="/settings/test-notification" right="own">
          <p>
            <button>Send a test notification</button> <span class="quiet">To the address that was saved last.</span>
          </p>
        </Form>
      )}
    </div>
  );
}

interface PathRowProps {
  field: (typeof pathFields)[number];
  path: string;
  index: number;
  problem: Problem | undefined;
}

function PathRow({ field, path, index, problem }: PathRowProps) {
  const id = `${field}-${index}`;
  return (
    <div class="path-row">
      <label class="sr" for={id}>
        {described[field].title?.replace(/s$/, '')} {count(index + 1)}
      </label>
      <input
        id={id}
        name={field}
        value={path}
        placeholder={path === '' ? '/path/to/pictures' : undefined}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-problem` : `${field}-hint`}
      />
      {path !== '' && (
        <button name="do" value={`remove:${field}:${index}`} aria-label={`Remove ${path}`}>
          Remove
        </button>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem.message} <code>{problem.code}</code>
        </p>
      )}
    </div>
  );
}
