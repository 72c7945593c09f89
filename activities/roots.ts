import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../model/errors.ts';
import { pathHere, type PathMap } from '../model/path-map.ts';
import { checkRoot, checkRootPath, isEmpty } from '../photos/check-root.ts';
import { compileIgnore, type Ignored } from '../photos/ignore.ts';
import type { Database } from '../sql/database.ts';
import { getRoot, listRoots } from '../sql/roots.ts';
import { rootHoldsFiles, rootSample } from '../sql/scan.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { othersWhoSee } from '../sql/workers.ts';

/** A configured path: `path` is its name, which it has on the main machine, `here` is where it lies on this one. */
export interface OpenRoot {
  id: number;
  kind: 'import' | 'storage';
  path: string;
  here: string;
  device: string | null;
}

export interface Roots {
  /** Where a path of the main machine lies on this one. */
  here(path: string): string;
  /** A root to read or write in. Throws root.unknown, root.unseen. */
  open(id: number): Promise<OpenRoot>;
  /** A root, made sure to be there and the disk it was, with that disk's device number now. Throws root.*. */
  checked(id: number, acceptDevice: boolean): Promise<{ root: OpenRoot; device: string; ignore: readonly string[] }>;
  /** Whether a worker on another machine can read a root that this one can't. */
  isSeenElsewhere(id: number): Promise<boolean>;
  /** The numbers of the configured roots that can be read here. */
  seen(): Promise<number[]>;
}

interface RootsDeps {
  sql: Database;
  pathMap: PathMap;
  /** The name of this machine among the workers. */
  host: string;
}

/** A disk that takes longer to answer is not to be counted on; milliseconds. */
const answerMs = 5_000;

/**
 * The import and storage paths as this machine has them. One that can't be read here is left to workers on other machines by
 * throwing root.unseen: the task is given out again a moment later, until one of them has it. Where this machine does
 * all, a path that can't be read is offline, and whoever asks for it is told why.
 */
export function createRoots({ sql, pathMap, host }: RootsDeps): Roots {
  const here = (path: string): string => pathHere(pathMap, path);
  const asked = new Map<number, Promise<boolean>>();

  async function open(id: number, acceptDevice: boolean) {
    const root = await getRoot(sql, id);
    const { ignore } = await readStoredSettings(sql);
    const found = { root: { ...root, here: here(root.path) }, ignore };
    if (await sees(found.root, compileIgnore(ignore), acceptDevice)) return found;
    const others = await othersWhoSee(sql, id, host);
    if (others === 'some') throw new CodedError('root.unseen', `${root.path} is read by workers on other machines.`);
    if (others === 'none now') throw new CodedError('root.unseen', `No worker can read ${root.path}.`);
    return found;
  }

  /** The mount point of a disk that is away holds nothing. */
  async function sees({ id, here }: Pick<OpenRoot, 'id' | 'here'>, ignored: Ignored, mayBeEmpty: boolean) {
    if ((await checkRootPath(here)) !== null) return false;
    return mayBeEmpty || !(await isEmpty(here, ignored)) || !(await rootHoldsFiles(sql, id));
  }

  return {
    here,

    open: async (id) => (await open(id, false)).root,

    async checked(id, acceptDevice) {
      const { root, ignore } = await open(id, acceptDevice);
      const sample = await rootSample(sql, id);
      const holdsFiles = await rootHoldsFiles(sql, id);
      const device = await checkRoot({ ...root, sample, holdsFiles, acceptDevice, ignored: compileIgnore(ignore) });
      return { root, device, ignore };
    },

    isSeenElsewhere: async (id) => (await othersWhoSee(sql, id, host)) === 'some',

    async seen() {
      const { ignore } = await readStoredSettings(sql);
      const ignored = compileIgnore(ignore);
      const found = await Promise.all(
        (await listRoots(sql)).map(async ({ id, path }) => {
          // A disk that hangs is asked once, not again and again.
          const answer = asked.get(id) ?? sees({ id, here: here(path) }, ignored, false);
          asked.set(id, answer);
          void answer.catch(() => undefined).finally(() => asked.delete(id));
          return (await Promise.race([answer, sleep(answerMs, false, { ref: false })])) ? [id] : [];
        }),
      );
      return found.flat();
    },
  };
}
