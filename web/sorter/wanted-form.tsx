import type { ComponentChildren } from 'preact';
import type { Choice, PlanWanted } from '../../model/move-plan.ts';
import type { Dir, Root } from '../../model/library.ts';
import { Name } from '../parts.tsx';
import { counted } from '../words.ts';
import { choiceWords } from './plan-words.ts';
import { Form } from '../form.tsx';

interface ChoicesProps {
  wanted: Pick<PlanWanted, 'to' | 'onTaken' | 'onDuplicate' | 'removeEmptied' | 'again'>;
}

/** The id of the list of sub-directories that a page offers. */
export const dirList = 'sub-directories';

export const DirList = ({ dirs }: { dirs: readonly string[] }) => (
  <datalist id={dirList}>
    {dirs.map((dir) => (
      <option value={dir} />
    ))}
  </datalist>
);

/** Where files go, and what about those whose name is taken, or that are there already. */
export const Choices = ({ wanted }: ChoicesProps) => (
  <>
    <div class="field">
      <label for="to">Where to</label>
      <p class="quiet" id="to-hint">
        Empty: where the pattern and its rules say, as they are saved. Else all of it into this directory of the storage
        path.
      </p>
      <input
        id="to"
        name="to"
        list={dirList}
        value={wanted.to === '' ? '/' : wanted.to}
        placeholder="where the pattern says"
        aria-describedby="to-hint"
        autocomplete="off"
        spellcheck={false}
        maxlength={4096}
      />
    </div>
    <WhatAbout name="onTaken" legend="Where the name is taken" value={wanted.onTaken} />
    <WhatAbout
      name="onDuplicate"
      legend="Where the storage path has the same file already"
      value={wanted.onDuplicate}
    />
    <fieldset class="also">
      <legend class="sr">Also</legend>
      <label class="check">
        <input type="checkbox" name="removeEmptied" checked={wanted.removeEmptied} /> remove directories that are empty
        afterwards
      </label>
      <label class="check">
        <input type="checkbox" name="again" checked={wanted.again} /> ask again about files that were left for good
      </label>
    </fieldset>
  </>
);

const choices: readonly Choice[] = ['skip', 'leave', 'keep both'];

interface WhatAboutProps {
  name: 'onTaken' | 'onDuplicate';
  legend: string;
  value: Choice | undefined;
}

const WhatAbout = ({ name, legend, value = 'skip' }: WhatAboutProps) => (
  <fieldset>
    <legend>{legend}</legend>
    {choices.map((choice) => (
      <label class="check">
        <input type="radio" name={name} value={choice} checked={choice === value} />
        <span>
          {choiceWords[choice].word}. <span class="quiet">{choiceWords[choice].means}</span>
        </span>
      </label>
    ))}
  </fieldset>
);

export interface WantedFormProps {
  root: number;
  importPaths: Root[];
  /** Only this dir and those below it. */
  dir: Dir | null;
  /** Only these files. */
  files: number[];
}

/** Asks for a plan. Nothing moves by it. */
export function WantedForm({ root, importPaths, dir, files }: WantedFormProps) {
  return (
    <Form action="/sorter/plans" class="wanted">
      <input type="hidden" name="root" value={root} />
      <fieldset>
        <legend>Which files</legend>
        {files.length > 0 ? (
          <Only root={root}>
            {counted(files.length, 'file')} that you chose
            {files.map((file) => (
              <input type="hidden" name="file" value={file} />
            ))}
          </Only>
        ) : dir ? (
          <Only root={root}>
            in <Name>{dir.path}</Name> and below it
            <input type="hidden" name="dir" value={dir.id} />
          </Only>
        ) : (
          importPaths.map((each) => (
            <label class="check">
              <input type="checkbox" name="roots" value={each.id} checked />
              <span>
                <Name>{each.path}</Name> <span class="quiet numbers">{counted(each.numFiles, 'file')}</span>
              </span>
            </label>
          ))
        )}
        <div class="days">
          <label>
            taken from <input type="date" name="from" />
          </label>
          <label>
            up to <input type="date" name="until" />
          </label>
        </div>
      </fieldset>
      <Choices wanted={{}} />
      <p class="buttons">
        <button class="primary">Make a plan</button>
        <span class="quiet">Nothing moves before you have seen it and approved it.</span>
      </p>
    </Form>
  );
}

const Only = ({ root, children }: { root: number; children: ComponentChildren }) => (
  <p>
    Only {children}. <a href={`/sorter?root=${root}`}>All files instead</a>
  </p>
);
