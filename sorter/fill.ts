import type { Pattern, Step } from './pattern.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { splitName, textOf } from './photo.ts';
import { longestName, safePart } from './safe-name.ts';
import { tidy } from './tidy.ts';
import { isDateToken, valueOf, type TokenName, type Value } from './tokens.ts';

/** A token that gave something. */
export interface Used extends Value {
  token: TokenName;
}

/** Where a photo belongs below its storage path. Every name is safe on all file systems, and none is empty. */
export interface Filled {
  dirs: string[];
  /** With the file's own extension. */
  name: string;
  /** What the path was made of, from left to right: it tells why the photo belongs there. */
  used: Used[];
}

/**
 * Stems made by a pattern leave room for the longest extension of a sidecar (25 bytes), so that all parts of a picture can
 * take the same.
 */
const longestStem = longestName - 25;

/**
 * The path that a pattern makes for a photo. Dirs that come out empty are left out; a name that does is the original one.
 * Null where the pattern wants a date, says nothing for photos without one, and the photo has none.
 * @param counter the plan's number, where the pattern asks for one
 */
export function fill(pattern: Pattern, photo: PhotoToSort, counter = 1): Filled | null {
  const used: Used[] = [];
  const texts: string[] = [];
  for (const part of pattern.parts) {
    const bits = part.map((piece) => {
      if (typeof piece === 'string') return { text: piece, literal: true };
      const text = evaluate(piece, photo, counter, used);
      return text === null ? null : { text, literal: false };
    });
    if (!bits.every((bit) => bit !== null)) return null;
    texts.push(tidy(bits));
  }
  const name = nameOf(texts.pop() ?? '', photo);
  return { dirs: texts.map((text) => safePart(text)).filter((dir) => dir !== ''), name, used };
}

/** What stands in braces; null where it is a date that is not known. */
function evaluate(steps: readonly Step[], photo: PhotoToSort, counter: number, used: Used[]): string | null {
  let text = '';
  for (const step of steps) {
    if (step.kind === 'lower') text = text.toLowerCase();
    else if (step.kind === 'upper') text = text.toUpperCase();
    else if (text !== '') continue;
    else if (step.kind === 'text') text = step.text;
    else {
      const value = valueOfStep(step, photo, counter);
      if (value) used.push(value);
      text = value?.text ?? '';
    }
  }
  const wantsDate = steps.some((step) => step.kind === 'token' && isDateToken(step.token));
  const saysOtherwise = steps.some((step) => step.kind === 'text');
  return text === '' && wantsDate && !saysOtherwise ? null : text;
}

function valueOfStep(
  step: Extract<Step, { kind: 'token' | 'counter' }>,
  photo: PhotoToSort,
  counter: number,
): Used | null {
  if (step.kind === 'counter') {
    return { token: 'counter', text: String(counter).padStart(step.digits, '0'), from: 'counter' };
  }
  const value = valueOf(step.token, photo);
  return value && { token: step.token, ...value };
}

/** A name as it was is kept as long as it is; one that was hidden may still be. */
function nameOf(text: string, photo: PhotoToSort): string {
  const { stem, ending } = splitName(textOf(photo.fname));
  const original = valueOf('name', photo)?.text ?? '';
  const safe = (name: string, longest: number): string => {
    const rest = safePart(name, longest - 1);
    return stem.startsWith('.') && name.startsWith('.') && rest !== '' ? `.${rest}` : safePart(name, longest);
  };
  const asItWas = () => safe(original, longestName - ending.length);
  return ((text === original ? '' : safe(text, longestStem)) || asItWas() || 'unnamed') + ending;
}
