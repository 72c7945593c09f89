import { fromText, joinPrefix, type ByteString } from '../model/names.ts';
import { placeKey, withSuffix } from './clash.ts';
import type { Used } from './fill.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { splitName, textOf } from './photo.ts';
import { belongsTo, parseSorting, type Sorting } from './rules.ts';

/** A picture or video with its parts: they go as one. */
export interface Unit {
  lead: PhotoToSort & { id: number; hash: string | null };
  /** RAW, video, sidecars, originals. */
  parts: readonly { id: number; fname: ByteString; hash: string | null }[];
}

/** What a person has to look at. */
export type Note = 'no date' | 'uncertain date' | 'name taken' | 'duplicate';

export interface PlannedUnit {
  files: readonly { id: number; fname: ByteString }[];
  /** Below the storage path. */
  prefix: ByteString;
  notes: Note[];
  /** It is not moved: its name is taken, or all of it is in the storage path already. */
  left: boolean;
  /** What its place was made of, and by which rule, counted from 0; null: by the main pattern, or by hand. */
  used: Used[];
  rule: number | null;
}

export interface PlanOrder {
  sorting: Sorting;
  /** A dir that a person chose in place of the pattern, below the storage path. */
  to: ByteString | null;
  onTaken: 'leave' | 'keep both';
  onDuplicate: 'leave' | 'keep both';
}

/** Where a unit belongs, before what is there already is looked at. */
export interface Wanted {
  unit: Unit;
  prefix: ByteString;
  /** Of the lead, then of the parts. */
  names: string[];
  used: Used[];
  rule: number | null;
}

/** What the storage path holds already. */
export interface Held {
  /** Keys of paths (`placeKey`). */
  places: ReadonlySet<string>;
  hashes: ReadonlySet<string>;
}

/** For a dir that a person chose. */
const namesAsTheyAre = parseSorting({ pattern: '{name}', rules: [] });

/** Makes a plan, some units at a time: no two files of it get one place, on no file system. */
export function createPlanner({ sorting, to, onTaken, onDuplicate }: PlanOrder) {
  const chosen = to === null ? sorting : namesAsTheyAre;
  const planned = new Set<string>();
  let counter = 0;

  /** Where a unit is to go. */
  function place(unit: Unit): Wanted {
    counter++;
    const { lead } = unit;
    const filled = belongsTo(chosen, lead, counter);
    // Those that share a stem keep sharing one; an edited version's original has another one, and keeps that.
    const stems = new Map([[splitName(textOf(lead.fname)).stem, splitName(filled.name).stem]]);
    const stemFor = (own: string, fname: ByteString): string => {
      const known = stems.get(own);
      if (known !== undefined) return known;
      const { name } = belongsTo(chosen, { ...lead, fname }, counter);
      let { stem } = splitName(name);
      const isOther = (given: string): boolean => placeKey(given) !== placeKey(stem);
      for (let n = 2; ![...stems.values()].every(isOther); n++) ({ stem } = splitName(withSuffix(name, n)));
      stems.set(own, stem);
      return stem;
    };
    const nameOf = ({ fname }: Unit['parts'][number]): string => {
      const own = splitName(textOf(fname));
      return stemFor(own.stem, fname) + own.ending;
    };
    return {
      unit,
      prefix: to ?? fromText(filled.dirs.join('/')),
      names: [filled.name, ...unit.parts.map(nameOf)],
      used: filled.used,
      rule: filled.rule,
    };
  }

  /** Settles what wants a place that is taken, or is there already. */
  function settle({ unit, prefix, names, used, rule }: Wanted, held: Held): PlannedUnit {
    const { lead, parts } = unit;
    const all = [lead, ...parts];
    const isTaken = (some: readonly string[]): boolean => {
      const keys = some.map((name) => placeKey(textOf(joinPrefix(prefix, fromText(name)))));
      return new Set(keys).size < keys.length || keys.some((key) => held.places.has(key) || planned.has(key));
    };
    const notes: Note[] = [];
    if (lead.taken === null) notes.push('no date');
    else if (lead.taken.certainty === 'uncertain') notes.push('uncertain date');
    const isDuplicate = all.every(({ hash }) => hash !== null && held.hashes.has(hash));
    if (isDuplicate) notes.push('duplicate');
    const taken = isTaken(names);
    if (taken) notes.push('name taken');
    const left = (isDuplicate && onDuplicate === 'leave') || (taken && onTaken === 'leave');
    let free = names;
    if (!left) {
      // Alike for all of a unit, so that they stay together.
      for (let n = 2; isTaken(free); n++) free = apart(apart(names).map((name) => withSuffix(name, n)));
      for (const name of free) planned.add(placeKey(textOf(joinPrefix(prefix, fromText(name)))));
    }
    const files = all.map(({ id }, i) => ({ id, fname: fromText(free[i] ?? '') }));
    return { files, prefix, notes, left, used, rule };
  }

  return { place, settle };
}

/** Two parts of a unit may come to one name, such as `A.jpg` and `a.JPG`, or two that are too long: the later one is told apart. */
function apart(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; seen.has(placeKey(own)); n++) own = withSuffix(name, n);
    seen.add(placeKey(own));
    return own;
  });
}
