import { CodedError, errorCodes, reportOf, type ErrorReport } from '../model/errors.ts';
import { compileIgnore } from '../photos/ignore.ts';
import { carryFiles, type Journal } from '../sorter/carry.ts';
import { createDisk, type Disk } from '../sorter/disk.ts';
import { removeEmptied } from '../sorter/emptied-dirs.ts';
import type { Carry } from '../sorter/where.ts';
import type { Database } from '../sql/database.ts';
import { writeLog, type NewLogLine } from '../sql/log.ts';
import {
  beginMoves,
  dirsLeft,
  dirsMade,
  endPlan,
  holdPlan,
  moveCopied,
  movesBegun,
  movesRefused,
  nextMoves,
  rootsOfPlan,
  type Direction,
  type MoveToDo,
  type RefusedMove,
} from '../sql/moves.ts';
import { getPlan, planToMake } from '../sql/plans.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { storeMoved, storeRemovedDirs } from '../sql/store-moved.ts';
import type { OpenRoot, Roots } from './roots.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

/**
 * What is moved between two looks at the paths, and stored in one transaction: so many files, of so many bytes. A pause is heard
 * and the page told in between, and a slow disk takes half a minute to copy that much.
 */
const batch = { files: 500, bytes: 1024 ** 3 };

/** The right to move files of a plan, and to be the only one who does. */
interface Hold {
  /** Aborted when it is gone: another worker may go on with the plan. */
  lost: AbortSignal;
  /** Throws where it is gone. */
  assert(): Promise<unknown>;
}

interface MoveDeps {
  sql: Database;
  roots: Roots;
  disk?: Disk;
}

export function createMoveActivities({ sql, roots, disk = createDisk() }: MoveDeps) {
  const log = (lines: Omit<NewLogLine, 'job'>[]) =>
    writeLog(
      sql,
      lines.map((line) => ({ job: currentJob(), ...line })),
    );

  let before: Promise<unknown> = Promise.resolve();
  /** Plans are moved one after another in this worker: each holds a connection, and disks are quicker with one at a time. */
  async function alone(plan: number, work: (hold: Hold) => Promise<void>): Promise<void> {
    const mine = before.then(() => holding(plan, work));
    before = mine.catch(() => undefined);
    await mine;
  }

  async function holding(plan: number, work: (hold: Hold) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    let working = Promise.resolve();
    try {
      await sql.begin(async (tx) => {
        await holdPlan(tx, plan);
        working = work({ lost: lost.signal, assert: async () => await tx`SELECT` });
        await working;
      });
    } catch (error) {
      // The connection that holds the plan may be gone while the work goes on over others: it stops before anybody begins anew.
      lost.abort(error);
      await working.catch(() => undefined);
      throw error;
    }
  }

  /** Moves files of a plan until none is left. Throws root.* where its storage path is not there. */
  async function moveAll(plan: number, direction: Direction, hold: Hold): Promise<void> {
    const { root: to } = await planToMake(sql, plan);
    for (;;) {
      stopIfCanceled();
      const storage = await roots.checked(to, false);
      await hold.assert();
      const next = await nextMoves(sql, plan, direction, batch);
      if (next.length === 0) return;
      await moveBatch(plan, direction, next, storage.root, hold.lost);
    }
  }

  async function moveBatch(
    plan: number,
    direction: Direction,
    moves: readonly MoveToDo[],
    storage: OpenRoot,
    lost: AbortSignal,
  ): Promise<void> {
    const sources = await lookAtRoots(moves.map(({ fromRoot }) => fromRoot));
    const refused: RefusedMove[] = [];
    const units = Map.groupBy(moves, ({ unit }) => unit);
    const carries: Carry[] = [];
    const byId = new Map(moves.map((move) => [move.id, move]));
    for (const unit of units.values()) {
      const because = whyNot(unit, sources);
      // What is on its way can be ended only where both its places are there.
      if (because && unit.some(({ begun }) => begun)) throw new CodedError(because.code, because.message);
      if (because) refused.push(...unit.map(({ id }) => ({ id, ...because, clean: true })));
      else for (const move of unit) carries.push(carryOf(move, direction, storage.here, sources));
    }
    const journal: Journal = {
      // Dirs that are made again where the files came from are no work of the plan.
      begun: (ids, dirs) => movesBegun(sql, plan, ids, direction === 'to' ? dirs.map(({ prefix }) => prefix) : []),
      copied: (copy) => moveCopied(sql, copy),
      lost,
    };
    const outcomes = await carryFiles(disk, journal, carries);
    const moved = outcomes.flatMap((outcome) => {
      const move = byId.get(outcome.id);
      if (!outcome.carried || !move) return [];
      const { id, file } = move;
      const place =
        direction === 'to'
          ? { root: storage.id, prefix: move.toPrefix, fname: move.toName }
          : { root: move.fromRoot, prefix: move.fromPrefix, fname: move.fromName };
      return [{ id, file, ...place, mtimeNs: outcome.now.mtimeNs, inode: outcome.now.inode }];
    });
    for (const outcome of outcomes) {
      if (!outcome.carried) refused.push({ id: outcome.id, ...reportOf(outcome.refused), clean: outcome.clean });
    }
    await storeMoved(sql, direction, moved);
    await movesRefused(sql, direction, refused);
    const done = direction === 'to' ? 'moved' : 'taken back';
    await log([
      ...refused.map(({ id, code, message }) => ({
        ...{ level: 'error' as const, text: `${code}: ${message}`, file: byId.get(id)?.file ?? null },
      })),
      { level: 'info', text: `${moved.length} files ${done}`, files: moved.length },
    ]);
  }

  /** The paths that files come from: where each is, or why it can't be used now. */
  async function lookAtRoots(ids: readonly number[]): Promise<Sources> {
    const sources: Sources = new Map();
    for (const id of new Set(ids)) {
      try {
        sources.set(id, (await roots.checked(id, false)).root.here);
      } catch (error) {
        // What another worker can read is for that one to move.
        if (!(error instanceof CodedError) || error.code === 'root.unseen') throw error;
        sources.set(id, { code: error.code, message: error.message });
      }
    }
    return sources;
  }

  return {
    /** Makes sure that a plan may be carried out. Throws plan.unknown, plan.not-approved. */
    async beginMoves({ plan }: { plan: number }): Promise<void> {
      await beginMoves(sql, plan);
    },

    /** Moves the files of an approved plan. Killed at any moment, it goes on where it was. Throws root.*, plan.unknown. */
    async moveFiles({ plan }: { plan: number }): Promise<void> {
      await heartbeating(() => alone(plan, (hold) => moveAll(plan, 'to', hold)));
    },

    /** Takes the files back that a person wants back. Throws root.*, plan.unknown. */
    async undoMoves({ plan }: { plan: number }): Promise<void> {
      await heartbeating(() => alone(plan, (hold) => moveAll(plan, 'back', hold)));
    },

    /** Removes dirs that the plan has emptied, if it is to, and tells how it went. @returns the paths that have changed */
    async tidyAfterMoves({ plan }: { plan: number }): Promise<number[]> {
      return await heartbeating(async () => {
        const { wanted } = await planToMake(sql, plan);
        if (wanted.removeEmptied) await removeLeftDirs(plan);
        await endPlan(sql, plan);
        const { ledger } = await getPlan(sql, plan);
        const { found, moved, skipped, duplicates, failed } = ledger;
        const text = `${found} files found: ${moved} moved, ${skipped} skipped, ${duplicates} duplicates, ${failed} failed`;
        await log([{ level: failed > 0 ? 'warn' : 'info', text }]);
        const { to, from } = await rootsOfPlan(sql, plan);
        return [...new Set([to, ...from])];
      });
    },

    /** Removes the dirs that the plan has made and that are empty now. @returns the paths that have changed */
    async tidyAfterUndo({ plan }: { plan: number }): Promise<number[]> {
      return await heartbeating(async () => {
        const { to, from } = await rootsOfPlan(sql, plan);
        const { root } = await roots.checked(to, false);
        const made = new Set(await dirsMade(sql, plan));
        const removed = await removeEmptied(disk, root.here, [...made], {
          isJunk: () => false,
          mayGo: (prefix) => made.has(prefix),
        });
        await storeRemovedDirs(sql, to, removed);
        return [...new Set([to, ...from])];
      });
    },
  };

  async function removeLeftDirs(plan: number): Promise<void> {
    const { junk } = await readStoredSettings(sql);
    const isJunk = compileIgnore(junk);
    for (const [id, dirs] of Map.groupBy(await dirsLeft(sql, plan), ({ root }) => root)) {
      const source = (await lookAtRoots([id])).get(id);
      if (typeof source !== 'string') continue;
      const prefixes = dirs.map(({ prefix }) => prefix);
      const removed = await removeEmptied(disk, source, prefixes, {
        isJunk: (name) => isJunk(name, false),
        mayGo: () => true,
      });
      await storeRemovedDirs(sql, id, removed);
      if (removed.length > 0)
        await log([{ level: 'info', text: `${removed.length} empty directories removed`, root: id }]);
    }
  }
}

/** Paths by the numbers of roots, or why one can't be used now. */
type Sources = Map<number, string | ErrorReport>;

/** Why none of a unit may be touched; null: it may. */
function whyNot(unit: readonly MoveToDo[], sources: Sources): ErrorReport | null {
  for (const { fromRoot, isElsewhere } of unit) {
    const source = sources.get(fromRoot);
    if (source !== undefined && typeof source !== 'string') return source;
    if (isElsewhere) return { code: 'move.elsewhere', message: errorCodes['move.elsewhere'] };
  }
  return null;
}

function carryOf(move: MoveToDo, direction: Direction, storage: string, sources: Sources): Carry {
  const source = sources.get(move.fromRoot);
  const from = { root: typeof source === 'string' ? source : '', prefix: move.fromPrefix, fname: move.fromName };
  const to = { root: storage, prefix: move.toPrefix, fname: move.toName };
  const { id, unit, size, hash, begun, copy } = move;
  return direction === 'to'
    ? { id, unit, from, to, file: { size, mtimeNs: move.mtimeNs, inode: move.inode, hash }, restore: null, begun, copy }
    : {
        ...{ id, unit, from: to, to: from, restore: move.mtimeNs, begun, copy },
        file: { size, mtimeNs: move.nowMtimeNs ?? move.mtimeNs, inode: move.nowInode ?? move.inode, hash },
      };
}
