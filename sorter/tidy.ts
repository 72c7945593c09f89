/** A bit of one part of a filled pattern: what stands in it for itself, or what a token gave, which may be nothing. */
export interface Bit {
  text: string;
  literal: boolean;
}

const separators = '[\\s\\p{Pd}_.,;:+&@=~·•]*';
const inFront = new RegExp(`^${separators}`, 'u');
const behind = new RegExp(`${separators}$`, 'u');
const brackets = ['()', '[]', '{}'];

/**
 * Joins bits without what is left over around empty values: brackets that would hold nothing, and all but one of the
 * separators on both sides (`{date} - {place} - {name}` without a place is `2021-05-17 - IMG_1`). Values stay as they are.
 */
export function tidy(bits: readonly Bit[]): string {
  let text = '';
  /** What stands for itself behind `text`, not yet added. */
  let pending = '';
  /** An empty value stood in or beside `pending`. */
  let gap = false;
  for (const { text: bit, literal } of bits) {
    if (literal) {
      pending = gap ? joined(pending, bit) : pending + bit;
    } else if (bit === '') {
      gap = true;
    } else {
      text += (gap && text === '' ? pending.replace(inFront, '') : pending) + bit;
      pending = '';
      gap = false;
    }
  }
  if (gap && text === '') pending = pending.replace(inFront, '');
  return text + (gap ? pending.replace(behind, '') : pending);
}

/** Two texts between which there is nothing. */
function joined(left: string, right: string): string {
  const empty = brackets.some((pair) => left.endsWith(pair.charAt(0)) && right.startsWith(pair.charAt(1)));
  if (empty) return joined(left.slice(0, -1), right.slice(1));
  const before = behind.exec(left)?.[0] ?? '';
  const after = inFront.exec(right)?.[0] ?? '';
  const rest = right.slice(after.length);
  const bracketFollows = brackets.some((pair) => rest.startsWith(pair.charAt(0)));
  const kept = bracketFollows || after.length > before.length ? after : before;
  return left.slice(0, left.length - before.length) + kept + rest;
}
