import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Value from 'typebox/value';
import { House } from '../model/house.ts';

/**
 * Writes how the house stands, so that a reader sees either the old text or the new one, never half of it. It holds the
 * database's password, so only its owner may read it.
 */
export function writeHouse(file: string, house: House): void {
  writeAtomically(file, house);
}

/** How the house stands; null when none runs on this data folder. (After SIGKILL of a house it tells how that one stood.) */
export function readHouse(file: string): House | null {
  return readJson(file, (value) => (Value.Check(House, value) ? value : null));
}

/** Replaces a small JSON file in one step. The single writer of a file needs no other name for the new text. */
export function writeAtomically(file: string, value: unknown): void {
  const next = `${file}.new`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** What `check` makes of a JSON file; null where there is none, or where a crash of the machine left no JSON in it. */
export function readJson<T>(file: string, check: (value: unknown) => T | null): T | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return check(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
