import { setTimeout as sleep } from 'node:timers/promises';
import { disksRest } from '../model/host-budget.ts';
import { clockOf, quietMinutesLeft } from '../model/quiet-hours.ts';
import { compileIgnore } from '../photos/ignore.ts';
import type { Database } from '../sql/database.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { clearWatches, importRoots } from '../sql/watch.ts';
import type { Roots } from './roots.ts';
import { createRootWatch, type Imports, type Log, type RootWatch } from './watch-root.ts';

/** How often settings, paths and what is due are looked at. */
const lookMs = 2_000;

interface Watched {
  watch: RootWatch;
  /** Under way; a disk that hangs holds up its own path only. */
  busy: boolean;
}

interface WatchDeps {
  sql: Database;
  roots: Roots;
  log: Log;
  imports: Imports;
}

/** Watches the import paths, as the settings say, and has imported what changes in them. @returns what ends that */
export function watchImports({ sql, roots, log, imports }: WatchDeps): () => void {
  const stopped = new AbortController();
  const watched = new Map<string, Watched>();
  let said = '';

  const say = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== said && !stopped.signal.aborted) log.error(`import paths are not watched now: ${message}`);
    said = message;
  };

  async function look(): Promise<void> {
    const settings = await readStoredSettings(sql);
    const imported = settings.watchImports ? await importRoots(sql) : [];
    // A watch that knows other patterns is another one.
    const keyed = new Map(imported.map((root) => [JSON.stringify([root.id, root.path, settings.ignore]), root]));
    for (const [key, { watch }] of watched) {
      if (keyed.has(key)) continue;
      watch.close();
      watched.delete(key);
    }
    if (!settings.watchImports) await clearWatches(sql);
    const settleMs = settings.settleSeconds * 1000;
    const clock = clockOf(new Date());
    const quiet = quietMinutesLeft(clock, settings) > 0;
    const asleep = disksRest(clock, settings);
    for (const [key, root] of keyed) {
      const one: Watched = watched.get(key) ?? {
        watch: createRootWatch({ sql, roots, log, root, ignored: compileIgnore(settings.ignore), imports }),
        busy: false,
      };
      watched.set(key, one);
      if (one.busy) continue;
      one.busy = true;
      void one.watch
        .look({ root, settleMs, quiet, asleep })
        .catch(say)
        .finally(() => (one.busy = false));
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await look().then(() => (said = ''), say);
      await sleep(lookMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  void run();

  return () => {
    stopped.abort();
    for (const { watch } of watched.values()) watch.close();
  };
}
