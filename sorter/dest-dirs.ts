import type { ByteString } from '../model/names.ts';
import type { Disk } from './disk.ts';
import { Refused, refusedBy } from './refused.ts';
import { dirOf } from './where.ts';

/** A dir below a root. */
export interface DirPlace {
  /** Absolute. */
  root: string;
  prefix: ByteString;
}

/** What is known of the dirs that files go to: a dir is looked at once, and made once. */
export interface DestDirs {
  /** Looks at a dir and those above it. Throws Refused: a symbolic link could lead out, and a file can't hold files. */
  look(place: DirPlace): Promise<void>;
  /** Those that are missing, parents first. */
  missing(): readonly DirPlace[];
  /** Makes a dir that is missing, and those above it. Throws Refused. */
  make(place: DirPlace): Promise<void>;
}

type Found = 'there' | 'missing' | Refused;

export function createDestDirs(disk: Disk): DestDirs {
  const looks = new Map<ByteString, Promise<Found>>();
  const makes = new Map<ByteString, Promise<void>>();
  const missing: DirPlace[] = [];

  const lookOnce = (place: DirPlace): Promise<Found> => once(looks, dirOf(place), () => lookAt(place));
  async function lookAt(place: DirPlace): Promise<Found> {
    const path = dirOf(place);
    try {
      const parent = parentOf(place);
      const above = parent ? await lookOnce(parent) : 'there';
      if (above instanceof Refused) return above;
      // The storage path itself may be a link: a person named it.
      const seen = above === 'there' ? await disk.look(parent ? path : `${path}/.`) : null;
      if (seen) return seen.kind === 'dir' ? 'there' : new Refused('move.not-a-dir', path);
      if (!parent) return new Refused('root.missing', path);
      missing.push(place);
      return 'missing';
    } catch (error) {
      return refusedBy(error, path);
    }
  }

  const make = (place: DirPlace): Promise<void> =>
    once(makes, dirOf(place), async () => {
      if ((await lookOnce(place)) !== 'missing') return;
      const parent = parentOf(place);
      if (parent) await make(parent);
      await disk.makeDir(dirOf(place));
    });

  return {
    async look(place) {
      const found = await lookOnce(place);
      if (found instanceof Refused) throw found;
    },
    missing: () => missing,
    make,
  };
}

/** What was asked of a path before, or is asked now. */
export function once<T>(known: Map<ByteString, Promise<T>>, path: ByteString, ask: () => Promise<T>): Promise<T> {
  const asked = known.get(path) ?? ask();
  known.set(path, asked);
  return asked;
}

/** Null for the root's own dir. */
export const parentOf = ({ root, prefix }: DirPlace): DirPlace | null =>
  prefix === '' ? null : { root, prefix: prefix.slice(0, Math.max(0, prefix.lastIndexOf('/'))) };
