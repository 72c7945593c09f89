import { CodedError } from '../model/errors.ts';
import type { ByteString } from '../model/names.ts';
import type { Ignored } from '../photos/ignore.ts';
import { remoteTypeOf } from '../photos/mounts.ts';
import { watchTree, watchTrouble, type TreeWatch } from '../photos/watch.ts';
import { isDatabaseDown, type Database } from '../sql/database.ts';
import { presentDirs, readAgain, storeWatch, type ImportRoot } from '../sql/watch.ts';
import type { Roots } from './roots.ts';

/** What changes without a rest is looked at all the same, this often. Milliseconds. */
const longestRestlessMs = 10 * 60_000;

/** A path that is offline may be there again soon; what the system refuses stays so, until the dirs are others. */
const offlineMs = 10_000;
const refusedMs = 60 * 60_000;

export interface RootWatch {
  /**
   * Brings the watch up to date with the disk and the tables, and has imported what is due. `quiet`: nothing is started;
   * `asleep`: the disk is not looked at either. What changed is found when that is over.
   */
  look(now: { root: ImportRoot; settleMs: number; quiet: boolean; asleep: boolean }): Promise<void>;
  close(): void;
}

export interface Imports {
  /** False while the root is being read, or files are moved: an import would join what may have passed the changes. */
  isFree: (root: number) => Promise<boolean>;
  start: (root: number) => Promise<void>;
}

/** Where it says what a person who runs it may want to know. */
export interface Log {
  warn: (line: { root: number }, text: string) => void;
  error: (text: string) => void;
}

interface RootWatchDeps {
  sql: Database;
  log: Log;
  roots: Roots;
  root: Pick<ImportRoot, 'id' | 'path'>;
  ignored: Ignored;
  imports: Imports;
}

/**
 * Watches the known dirs of one import path. Where something changes, it waits until nothing does any more, and has the path
 * imported: that finds what is new, and afterwards new dirs are watched as well.
 */
export function createRootWatch({ sql, roots, log, root: { id, path }, ignored, imports }: RootWatchDeps): RootWatch {
  const here = roots.here(path);
  let tree: TreeWatch | null = null;
  /** The scan whose dirs are watched. */
  let seenScan: string | null = null;
  let trouble: string | null = null;
  /** Another machine's worker can read it, and tells how it is watched there. */
  let isElsewhere = false;
  let nextTry = 0;
  let told = '';
  let closed = false;
  const changes = { dirs: new Set<ByteString>(), first: 0, last: 0 };
  /** Changed dirs that have come to rest, and are not being imported yet. */
  const due = new Set<ByteString>();

  const changed = (prefix: ByteString) => {
    changes.last = performance.now();
    if (changes.dirs.size === 0) changes.first = changes.last;
    changes.dirs.add(prefix);
  };

  async function follow(lastScan: string | null): Promise<void> {
    if (tree && !(await tree.isThere())) unwatch();
    if (seenScan === lastScan && (tree || performance.now() < nextTry)) return;
    try {
      const remote = await remoteTypeOf(here);
      if (remote !== null) throw new Error(`It is on the network (${remote}): what others change there is not told.`);
      // An empty mount point has changed as well, but it is not what is to be imported.
      await roots.checked(id, false);
      tree ??= await watchTree({ rootPath: here, ignored, changed });
      const dirs = await presentDirs(sql, id);
      // Before the first scan not even the root's own dir is known.
      await tree.follow(dirs.length > 0 ? dirs : [{ prefix: '', mtimeNs: null, inode: null }]);
      trouble = null;
      isElsewhere = false;
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      unwatch();
      trouble = watchTrouble(error);
      isElsewhere = error instanceof CodedError && error.code === 'root.unseen' && (await roots.isSeenElsewhere(id));
      nextTry = performance.now() + (error instanceof CodedError ? offlineMs : refusedMs);
    }
    seenScan = lastScan;
  }

  /** A disk that is taken out tells of all its dirs; when it is back they are compared. */
  const unwatch = () => {
    tree?.close();
    tree = null;
    changes.dirs.clear();
  };

  /** What is due stays so over a restart: dirs that are to be read again count as changed when they are watched. */
  async function settle(settleMs: number): Promise<void> {
    const now = performance.now();
    const rests = now - changes.last >= settleMs || now - changes.first >= Math.max(settleMs, longestRestlessMs);
    if (changes.dirs.size === 0 || !rests) return;
    for (const dir of changes.dirs) due.add(dir);
    changes.dirs.clear();
    await readAgain(sql, id, [...due]);
  }

  async function importDue(): Promise<void> {
    if (due.size === 0 || !tree || !(await imports.isFree(id))) return;
    // A scan that ran meanwhile may have stored how it had found them before.
    await readAgain(sql, id, [...due]);
    await imports.start(id);
    due.clear();
  }

  async function tell(): Promise<void> {
    const dirs = tree?.size() ?? null;
    const now = `${dirs} ${trouble}`;
    if (now === told || isElsewhere) return;
    if (trouble !== null) log.warn({ root: id }, `${path} is not watched: ${trouble}`);
    await storeWatch(sql, id, { dirs, trouble });
    told = now;
  }

  return {
    async look({ root: { lastScan }, settleMs, quiet, asleep }) {
      if (!asleep) await follow(lastScan);
      if (closed) return tree?.close();
      await tell();
      await settle(settleMs);
      if (!quiet && !asleep) await importDue();
    },
    close() {
      closed = true;
      tree?.close();
    },
  };
}
