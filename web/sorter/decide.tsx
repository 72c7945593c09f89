import { counted } from '../words.ts';
import { choiceWords } from './plan-words.ts';
import { dirList } from './wanted-form.tsx';

/** Takes pictures back that are chosen below. */
export const TakeBack = () => (
  <div class="decide">
    <button name="do" value="chosen">
      Take the chosen ones back
    </button>
  </div>
);

/** What becomes of pictures, where that is to be otherwise than planned. */
export const Decide = ({ shown }: { shown: number }) => (
  <fieldset class="decide">
    <legend class="sr">Otherwise than planned</legend>
    {/* The first button of a form is the one that Enter presses, in its only field. */}
    <button class="sr" name="do" value="dir" tabIndex={-1} aria-hidden="true">
      Into it
    </button>
    <select name="which" aria-label="Which pictures">
      <option value="chosen">The chosen ones</option>
      <option value="shown">All {counted(shown, 'picture')} shown</option>
    </select>
    {(['skip', 'leave', 'keep both'] as const).map((choice) => (
      <button name="do" value={choice} title={choiceWords[choice].means}>
        {choiceWords[choice].word}
      </button>
    ))}
    <button name="do" value="planned" title="Nothing that you decided for them before counts.">
      As planned
    </button>
    <span class="to-dir">
      <input
        name="to"
        list={dirList}
        aria-label="Directory below the storage path"
        placeholder="directory"
        autocomplete="off"
        spellcheck={false}
        maxlength={4096}
      />
      <button name="do" value="dir">
        Into it
      </button>
    </span>
  </fieldset>
);

/** What can be decided for one picture at a click. */
export const Otherwise = ({ unit, name }: { unit: number; name: string }) => (
  <details class="otherwise">
    <summary aria-label={`Otherwise: ${name}`}>Otherwise</summary>
    <div class="buttons">
      {(['skip', 'leave', 'keep both'] as const).map((choice) => (
        <button name="do" value={`${choice}:${unit}`} title={choiceWords[choice].means}>
          {choiceWords[choice].word}
        </button>
      ))}
      <button name="do" value={`planned:${unit}`}>
        As planned
      </button>
    </div>
  </details>
);
