import { CodedError } from '../model/errors.ts';
import { nearestWord } from './nearest-word.ts';
import { forbiddenAt, safePart } from './safe-name.ts';
import { isPhotoToken, photoTokens, type PhotoToken } from './tokens.ts';

/** What stands in braces, read from left to right: each token or text counts where nothing before it had a value. */
export type Step =
  | { kind: 'token'; token: PhotoToken }
  | { kind: 'counter'; digits: number }
  | { kind: 'text'; text: string }
  | { kind: 'lower' }
  | { kind: 'upper' };

/** Text that stands for itself, or what stands in braces. */
export type Piece = string | Step[];

export interface Pattern {
  /** The dirs, and last the file's name without its extension. */
  parts: Piece[][];
  /** With how many digits the plan's number is written at least; null where the pattern asks for none. */
  counterDigits: number | null;
}

const filters = ['lower', 'upper', 'default'] as const;
const usualDigits = 3;
/** Paths have an end too, and each part may take 255 bytes of it. */
const mostParts = 10;

/**
 * Reads a pattern such as `{year}/{year}-{month}-{day} {place|event|''}/{name}`; docs/sorting.md tells the language.
 * @throws CodedError pattern.invalid, whose message names the column, counted from 1, and what was expected there
 */
export function parsePattern(text: string): Pattern {
  let at = 0;

  const fail = (problem: string, where = at): never => {
    throw new CodedError('pattern.invalid', `Column ${Array.from(text.slice(0, where)).length + 1}: ${problem}`);
  };

  /** What matches here; goes on behind it. */
  const take = (sticky: RegExp): string => {
    sticky.lastIndex = at;
    const [found = ''] = sticky.exec(text) ?? [];
    at += found.length;
    return found;
  };

  const allowed = (literal: string, where: number): string => {
    const bad = forbiddenAt(literal);
    if (bad >= 0) fail(`${JSON.stringify(literal[bad])} can stand in no name.`, where + bad);
    return literal;
  };

  const literal = (): string => {
    const start = at;
    return allowed(take(/(?:\{\{|\}\}|[^{}/])+/y), start).replace(/\{\{|\}\}/g, ([brace = '']) => brace);
  };

  const quoted = (): string => {
    const start = at;
    const found = take(/'(?:[^']|'')*'/y);
    if (found === '') fail("a text in quotes ('…') is expected.");
    return allowed(found.slice(1, -1), start + 1).replaceAll("''", "'");
  };

  const digits = (): number => {
    if (take(/:/y) === '') return usualDigits;
    const found = take(/[1-9](?!\w)/y);
    return found === '' ? fail('a number of digits, 1 to 9, is expected.') : Number(found);
  };

  const step = (first: boolean): Step => {
    if (text[at] === "'") return { kind: 'text', text: quoted() };
    const start = at;
    const word = take(/[\p{L}\p{N}_-]*/uy);
    if (word === 'counter') return { kind: 'counter', digits: digits() };
    if (isPhotoToken(word)) return { kind: 'token', token: word };
    if (first) return fail(noToken(word), start);
    if (word === 'lower' || word === 'upper') return { kind: word };
    if (word === 'default') return take(/:/y) ? { kind: 'text', text: quoted() } : fail("default is followed by :'…'.");
    return word === '' ? { kind: 'text', text: '' } : fail(noToken(word), start);
  };

  const steps = (): Step[] => {
    const open = at++;
    const found: Step[] = [];
    do {
      take(/ +/y);
      found.push(step(found.length === 0));
      take(/ +/y);
    } while (take(/\|/y));
    if (at === text.length) fail('the brace opened here is not closed.', open);
    if (!take(/\}/y)) fail('“|” or “}” is expected.');
    return found;
  };

  const part = (): Piece[] => {
    const start = at;
    const pieces: Piece[] = [];
    while (at < text.length && text[at] !== '/') {
      if (text.startsWith('}', at) && !text.startsWith('}}', at))
        fail('a brace is closed that was not opened; }} is a }.');
      pieces.push(text[at] === '{' && text[at + 1] !== '{' ? steps() : literal());
    }
    const [first] = pieces;
    if (typeof first === 'string' && first.startsWith('.'))
      fail('a name that begins with a dot would be hidden.', start);
    if (pieces.every((piece) => typeof piece === 'string' && safePart(piece) === ''))
      fail('a name is expected.', start);
    return pieces;
  };

  const parts: Piece[][] = [];
  const starts: number[] = [];
  do {
    if (parts.length === mostParts) fail(`at most ${mostParts} parts can stand below each other.`);
    starts.push(at);
    parts.push(part());
  } while (take(/\//y));

  const dirs = parts.slice(0, -1);
  const numbered = dirs.findIndex((pieces) => countersOf(pieces).length > 0);
  if (numbered >= 0) fail('a counter can stand in the last part only, the name.', starts[numbered]);
  const name = parts.at(-1) ?? [];
  if (endsInExtension(name)) fail('the extension is added by itself: leave “.{ext}” out.', text.lastIndexOf('{'));
  return { parts, counterDigits: countersOf(name)[0] ?? null };
}

const words = [...photoTokens, 'counter'];

function noToken(word: string): string {
  const known = `Tokens are ${words.join(', ')}; filters behind them lower, upper and default:'…'.`;
  if (word === '') return `a token is expected. ${known}`;
  if (filters.some((filter) => filter === word)) return `${word} is a filter, and stands behind a token. ${known}`;
  const meant = nearestWord(word, [...words, ...filters]);
  return `there is no token “${word}”${meant === null ? '' : `; “${meant}” is probably meant`}. ${known}`;
}

const countersOf = (pieces: readonly Piece[]): number[] =>
  pieces
    .flatMap((piece) => (typeof piece === 'string' ? [] : piece))
    .flatMap((step) => ('digits' in step ? step.digits : []));

/** Other programs want the extension written down. */
function endsInExtension(pieces: readonly Piece[]): boolean {
  const [dot, last] = pieces.slice(-2);
  const isExtension = typeof last === 'object' && last.some((step) => 'token' in step && step.token === 'ext');
  return isExtension && typeof dot === 'string' && dot.endsWith('.');
}
