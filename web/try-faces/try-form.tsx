import type { Dir, PhotoFile } from '../../model/library.ts';
import type { FaceTrialSettings } from '../../model/face-trial.ts';
import { choiceFields, choicesOf, described } from '../settings/form.ts';
import { Name } from '../parts.tsx';
import { Form, IfMay } from '../form.tsx';

interface TryFormProps {
  settings: FaceTrialSettings;
  /** What they are tried on; null: an uploaded picture. */
  on: { file: PhotoFile } | { dir: Dir } | null;
}

const numbers = [
  ['nameThreshold', 0.01],
  ['namePerhaps', 0.01],
  ['nameMargin', 0.01],
  ['faceMinScore', 0.05],
  ['faceMinSize', 1],
] as const;

/** The settings of faces and names to be changed and tried; nothing is saved by it. */
export const TryForm = (props: TryFormProps) => (
  <Form class="card stack" action="/try/faces" enctype="multipart/form-data">
    <TryFields {...props} />
  </Form>
);

/** The same on the page of a photo or a dir, with the result below it. */
export const TryPanel = (props: TryFormProps) => (
  <IfMay right="run">
    <details class="try-panel">
      <summary>Try other face settings</summary>
      <Form
        class="stack"
        action="/try/faces"
        enctype="multipart/form-data"
        hx-post="/try/faces?panel=1"
        hx-target="#trial"
        hx-select="#trial"
        hx-swap="outerHTML"
        hx-disable="find button"
      >
        <TryFields {...props} />
      </Form>
      <div id="trial" />
    </details>
  </IfMay>
);

function TryFields({ settings, on }: TryFormProps) {
  const file = on && 'file' in on ? on.file : null;
  const dir = on && 'dir' in on ? on.dir : null;
  return (
    <>
      {file && <input type="hidden" name="file" value={file.id} />}
      {dir && <input type="hidden" name="dir" value={dir.id} />}
      {file ? (
        <p>
          On the photo <Name>{file.name}</Name>
        </p>
      ) : dir ? (
        <p>
          On all pictures of <Name>{dir.path}</Name>
        </p>
      ) : (
        <>
          <label for="picture">On this picture</label>
          <input id="picture" type="file" name="picture" accept="image/*" required />
        </>
      )}
      <div class="fields">
        {numbers.map(([name, step]) => {
          const { title, minimum, maximum } = described[name] as { title?: string; minimum?: number; maximum?: number };
          return (
            <p>
              <label for={name}>{title}</label>
              <input
                id={name}
                name={name}
                type="number"
                min={minimum}
                max={maximum}
                step={step}
                value={settings[name]}
                required
              />
            </p>
          );
        })}
        {choiceFields.map((name) => (
          <p>
            <label for={name}>{described[name].title}</label>
            <select id={name} name={name}>
              {choicesOf(name).map((choice) => (
                <option value={choice} selected={choice === settings[name]}>
                  {choice}
                </option>
              ))}
            </select>
          </p>
        ))}
        <label class="check">
          <input type="checkbox" name="oncePerPhoto" checked={settings.oncePerPhoto} /> {described.oncePerPhoto.title}
        </label>
      </div>
      <p>
        <button class="primary">Try</button> <span class="quiet">Nothing is saved.</span>
      </p>
    </>
  );
}
