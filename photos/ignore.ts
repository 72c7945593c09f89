import picomatch from 'picomatch';
import { fromText, type ByteString } from '../model/names.ts';

/** Says whether a name is never to be looked at. */
export type Ignored = (name: ByteString, isDir: boolean) => boolean;

/**
 * Compiles the ignore patterns of the settings. A pattern matches a whole name whatever its case; one that ends in `/`
 * matches directories only. Patterns and names are compared as byte strings, so any name on disk can be matched.
 */
export function compileIgnore(patterns: readonly string[]): Ignored {
  const compile = (wanted: readonly string[]) =>
    picomatch(wanted.map(fromText), { dot: true, nocase: true, noextglob: true, nonegate: true });
  const forAll = compile(patterns.filter((pattern) => !pattern.endsWith('/')));
  const forDirs = compile(patterns.filter((pattern) => pattern.endsWith('/')).map((pattern) => pattern.slice(0, -1)));
  return (name, isDir) => forAll(name) || (isDir && forDirs(name));
}
