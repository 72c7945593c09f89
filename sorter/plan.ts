import type { Choice, LeftReason, PlanNote } from '../model/move-plan.ts';
import { fromText, joinPrefix, longestPrefix, type ByteString } from '../model/names.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import { placeKey, withSuffix } from './clash.ts';
import type { Used } from './fill.ts';
import { splitName, textOf } from './photo.ts';
import { belongsTo, parseSorting, type Sorting } from './rules.ts';
import { safePart } from './safe-name.ts';

/** A picture or video with its parts: they go as one. */
export interface Unit {
  lead: PhotoToSort & { id: number; hash: string | null };
  /** RAW, video, sidecars, originals. */
  parts: readonly { id: number; fname: ByteString; hash: string | null }[];
  /** Its dir, where that is below the storage path already. */
  at: ByteString | null;
  /** What a person decided for it alone: what to do with it, and a dir of the storage path to put it in. */
  choice: Choice | null;
  to: string | null;
}

export interface PlannedUnit {
  files: readonly { id: number; fname: ByteString }[];
  /** Below the storage path. */
  prefix: ByteString;
  notes: PlanNote[];
  /** Why it is not moved; null: it is. */
  left: LeftReason | null;
  forGood: boolean;
  /** What its place was made of, and by which rule, counted from 0; null: by the main pattern, or by hand. */
  used: Used[];
  rule: number | null;
}

export interface PlanOrder {
  sorting: Sorting;
  /** A dir that a person chose in place of the pattern, below the storage path. */
  to: string | null;
  onTaken: Choice;
  onDuplicate: Choice;
  /** The sub-dirs that the storage path has. */
  dirs: readonly ByteString[];
  /** Names that are never looked at: what is moved under one would be out of sight. */
  ignored: (name: ByteString, isDir: boolean) => boolean;
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

/** The key by which two places are one on some file system. */
export const keyOfPlace = (prefix: ByteString, fname: ByteString): string =>
  placeKey(textOf(joinPrefix(prefix, fname)));

/** Makes a plan, some units at a time: no two files of it get one place, on no file system. */
export function createPlanner({ sorting, to, onTaken, onDuplicate, dirs, ignored }: PlanOrder) {
  const existing = new Set(dirs);
  /** How a dir is written, by the key that its other spellings share: they are one dir on some file systems. */
  const spellings = new Map(dirs.map((dir) => [placeKey(textOf(dir)), dir]));
  const planned = new Set<string>();
  const plannedHashes = new Set<string>();
  /** The next number for names that are taken, by these: what was taken once stays so. */
  const numbers = new Map<string, number>();
  let counter = 0;

  /** As it is written in the storage path, or first in this plan. */
  function spelled(prefix: ByteString): ByteString {
    let path = '';
    for (const part of prefix.split('/')) {
      const wanted = joinPrefix(path, part);
      const key = placeKey(textOf(wanted));
      path = existing.has(wanted) ? wanted : (spellings.get(key) ?? wanted);
      spellings.set(key, path);
    }
    return path;
  }

  /** A dir as a person wrote it. One that there is may have any name; a new one gets a safe one, below the storage path. */
  function chosenDir(text: string): ByteString {
    const parts = text.split('/').filter((part) => part !== '');
    const asItIs = fromText(parts.join('/'));
    if (existing.has(asItIs)) return asItIs;
    const safe = parts.map((part) => safePart(part)).filter((part) => part !== '');
    return safe.length === 0 ? '' : spelled(fromText(safe.join('/')));
  }

  /** Where a unit is to go. */
  function place(unit: Unit): Wanted {
    counter++;
    const { lead } = unit;
    const chosen = unit.to ?? to;
    const rules = chosen === null ? sorting : namesAsTheyAre;
    const filled = belongsTo(rules, lead, counter);
    // Those that share a stem keep sharing one; an edited version's original has another one, and keeps that.
    const stems = new Map([[splitName(textOf(lead.fname)).stem, splitName(filled.name).stem]]);
    const stemFor = (own: string, fname: ByteString): string => {
      const known = stems.get(own);
      if (known !== undefined) return known;
      const { name } = belongsTo(rules, { ...lead, fname }, counter);
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
      prefix: chosen === null ? spelled(fromText(filled.dirs.join('/'))) : chosenDir(chosen),
      names: [filled.name, ...unit.parts.map(nameOf)],
      used: filled.used,
      rule: filled.rule,
    };
  }

  /** Settles what wants a place that is taken, or is there already. */
  function settle({ unit, prefix, names, used, rule }: Wanted, held: Held): PlannedUnit {
    const { lead, parts, choice } = unit;
    const all = [lead, ...parts];
    const keyOf = (name: string): string => keyOfPlace(prefix, fromText(name));
    const isTaken = (some: readonly string[]): boolean => {
      const keys = some.map(keyOf);
      const isHeld = (key: string) => held.places.has(key) || planned.has(key) || spellings.has(key);
      return new Set(keys).size < keys.length || keys.some(isHeld);
    };
    const isInPlace = unit.at === prefix && all.every(({ fname }, i) => fname === fromText(names[i] ?? ''));
    const isDuplicate = all.every(({ hash }) => hash !== null && (held.hashes.has(hash) || plannedHashes.has(hash)));
    const taken = isTaken(names);
    const isIgnored =
      prefix.split('/').some((part) => ignored(part, true)) || names.some((name) => ignored(fromText(name), false));

    const notes: PlanNote[] = [];
    if (lead.taken === null) notes.push('no date');
    else if (lead.taken.certainty === 'uncertain') notes.push('uncertain date');
    if (isDuplicate) notes.push('duplicate');
    if (taken && !isInPlace) notes.push('name taken');

    const reasons: [boolean, LeftReason, Choice][] = [
      [isInPlace, 'in place', 'skip'],
      [choice === 'skip' || choice === 'leave', 'chosen', choice ?? 'skip'],
      [isIgnored, 'ignored name', 'skip'],
      [prefix.length > longestPrefix, 'path too long', 'skip'],
      [isDuplicate && (choice ?? onDuplicate) !== 'keep both', 'duplicate', onDuplicate],
      [taken && (choice ?? onTaken) !== 'keep both', 'name taken', onTaken],
    ];
    const [, left = null, how = null] = reasons.find(([holds]) => holds) ?? [];
    let free = names;
    if (left === null) {
      if (taken) {
        const wanted = [prefix, ...names].join('\0');
        let n = numbers.get(wanted) ?? 2;
        // Alike for all of a unit, so that they stay together.
        for (; isTaken(free); n++) free = apart(apart(names).map((name) => withSuffix(name, n)));
        numbers.set(wanted, n);
      }
      for (const name of free) planned.add(keyOf(name));
      for (const { hash } of all) if (hash !== null) plannedHashes.add(hash);
    }
    const files = all.map(({ id }, i) => ({ id, fname: fromText(free[i] ?? '') }));
    return { files, prefix, notes: isInPlace ? [] : notes, left, forGood: how === 'leave', used, rule };
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
