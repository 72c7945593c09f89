import picomatch from 'picomatch';
import { CodedError } from '../model/errors.ts';
import type { ByteString } from '../model/names.ts';
import type { PhotoToSort, SortingCondition, SortingRules } from '../model/sorting.ts';
import { fileTime } from '../photos/when.ts';
import { fill, type Filled } from './fill.ts';
import { parsePattern, type Pattern } from './pattern.ts';
import { textOf } from './photo.ts';
import { valueOf } from './tokens.ts';

interface Rule {
  fits: (photo: PhotoToSort) => boolean;
  pattern: Pattern;
}

/** The rules of a storage path, read once for many photos. */
export interface Sorting {
  pattern: Pattern;
  rules: Rule[];
}

/** Where a photo belongs, and by which rule, counted from 0; null: by the main pattern. */
export type Belongs = Filled & { rule: number | null };

/** Counts where a pattern wants a date, and the photo has none. */
const withoutDate = parsePattern('unsorted/{dir}/{name}');

/** @throws CodedError pattern.invalid, which names the rule, counted from 1, and the column */
export function parseSorting({ pattern, rules }: SortingRules): Sorting {
  return {
    pattern: parsePattern(pattern),
    rules: rules.map(({ when, pattern }, i) => ({ fits: compile(when), pattern: patternOfRule(pattern, i + 1) })),
  };
}

function patternOfRule(text: string, number: number): Pattern {
  try {
    return parsePattern(text);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new CodedError(error.code, `Rule ${number}. ${error.message}`, { cause: error });
  }
}

/**
 * Where a photo belongs below its storage path: by the first rule that fits, else by the main pattern. Never a path that
 * leads out, whatever the photo's names and metadata say.
 * @param counter the plan's number, where the pattern asks for one
 */
export function belongsTo({ pattern, rules }: Sorting, photo: PhotoToSort, counter = 1): Belongs {
  const fitting = rules.findIndex(({ fits }) => fits(photo));
  const chosen = rules[fitting];
  const filled = fill(chosen?.pattern ?? pattern, photo, counter);
  if (filled) return { ...filled, rule: chosen ? fitting : null };
  const unsorted = fill(withoutDate, photo);
  if (!unsorted) throw new Error('a pattern without a date wants one');
  return { ...unsorted, rule: null };
}

/** The conditions as one question. */
function compile({ type, date, camera, country, extensions, dir }: SortingCondition): (photo: PhotoToSort) => boolean {
  const endings = extensions && new Set(extensions.map((extension) => extension.toLowerCase()));
  const matches = dir === undefined ? null : matcher(dir);
  return (photo) =>
    (type === undefined || photo.type === type) &&
    (date === undefined || isDateUnknown(photo) || (date === 'uncertain' && photo.taken?.certainty === 'uncertain')) &&
    (camera === undefined || photo.camera?.toLowerCase() === camera.toLowerCase()) &&
    (country === undefined || photo.country === country) &&
    (!endings || endings.has(valueOf('ext', photo)?.text ?? '')) &&
    (!matches || matches(photo.dir));
}

const isDateUnknown = ({ taken }: PhotoToSort): boolean => taken === null || taken.source === fileTime;

/** As the ignore patterns of the settings, but of text: a letter is one whatever its bytes. */
function matcher(glob: string): (dir: ByteString) => boolean {
  const matches = picomatch(glob.normalize('NFC'), { dot: true, nocase: true, noextglob: true, nonegate: true });
  return (dir) => matches(textOf(dir).normalize('NFC'));
}
