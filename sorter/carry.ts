import { Readable } from 'node:stream';
import type { ByteString } from '../model/names.ts';
import { dirOf, fileOf, isCopy, isTheFile, temporaryOf, whereIs, type Carry, type Stage, type Way } from './where.ts';
import { createDestDirs, once, type DestDirs, type DirPlace } from './dest-dirs.ts';
import { hasCode, type Disk, type Seen } from './disk.ts';
import { Refused, refusedBy } from './refused.ts';

/** What has to be remembered before the next step is taken: a run that is killed is taken up again by it. */
export interface Journal {
  /** These are on their way from here on; these dirs are about to be made for them. */
  begun(ids: readonly number[], dirs: readonly DirPlace[]): Promise<void>;
  /** These have a copy, hidden and compared: its inode. */
  copied(copy: { id: number; inode: string }): Promise<void>;
  /** Aborted when the moves are not this run's any more, for another one may have begun: no step is taken after that. */
  lost: AbortSignal;
}

export type Outcome =
  | { id: number; carried: true; now: Seen }
  /** `clean`: nothing of it is at its new place; else it has to be called again as begun. */
  | { id: number; carried: false; refused: Refused; clean: boolean };

interface Going {
  carry: Carry;
  stage: Stage;
  /** By a second name; by renaming, where the file system has no second names; or as a copy. */
  way: Way;
  refused: Refused | null;
  /** What was made at the new place of one that was refused is gone again. */
  clean: boolean;
  /** What is at its new place, once that is all there is. */
  now: Seen | null;
}

/** What file systems say that know no second names, or no more of them. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
/** Files that are looked at, and files that are copied, side by side. */
const atOnce = { looks: 8, copies: 4 };

/**
 * Moves some files, those of a unit all or none, and none is ever at neither place: each has its new name, on the disk,
 * before the old one goes, and no name is given that is there already. Killed at any point it is called again with what
 * the journal knows, and goes on from what it finds on the disk.
 * @returns how it went for each; throws only what is not a file's or a disk's fault: the journal's errors
 */
export async function carryFiles(disk: Disk, journal: Journal, carries: readonly Carry[]): Promise<Outcome[]> {
  const dirs = createDestDirs(disk);
  const all = await sideBySide(atOnce.looks, carries, async (carry): Promise<Going> => {
    try {
      return { carry, ...(await whereIs(disk, carry)), refused: null, clean: false };
    } catch (error) {
      return {
        carry,
        stage: 'waiting',
        way: 'link',
        refused: refusedBy(error, fileOf(carry.to)),
        clean: false,
        now: null,
      };
    }
  });
  const units = [...Map.groupBy(all, ({ carry }) => carry.unit).values()];
  const at = (stage: Stage) => all.filter((going) => going.stage === stage && !going.refused);
  /** A step for each of some; who can't take it is refused, and so are all of its unit. `noted`: what the journal is told of it. */
  const step = async (
    some: readonly Going[],
    limit: number,
    take: (going: Going) => Promise<void>,
    noted: (going: Going) => Promise<void> = async () => undefined,
  ) => {
    journal.lost.throwIfAborted();
    await sideBySide(limit, some, async (going) => {
      try {
        await take(going);
      } catch (error) {
        going.refused = refusedBy(error, fileOf(going.carry.to));
        return;
      }
      // Its errors look like a disk's, and are no file's fault.
      await noted(going);
    });
    for (const unit of units) {
      const refused = unit.find((going) => going.refused)?.refused;
      for (const going of unit) if (refused && going.stage !== 'left') going.refused ??= refused;
    }
  };

  await step(at('waiting'), atOnce.looks, (going) => check(disk, dirs, going.carry));
  await journal.begun(
    at('waiting').map(({ carry }) => carry.id),
    dirs.missing(),
  );
  await step(at('waiting'), atOnce.looks, async (going) => {
    await dirs.make(going.carry.to);
    await arrive(disk, going);
  });
  await step(
    at('waiting').filter(({ way }) => way === 'copy'),
    atOnce.copies,
    async (going) => {
      if (journal.lost.aborted) return;
      going.carry = { ...going.carry, copy: await copy(disk, going.carry) };
      going.stage = 'copied';
    },
    async ({ carry: { id, copy: inode } }) => {
      if (inode !== null) await journal.copied({ id, inode });
    },
  );
  await step(at('copied'), atOnce.looks, (going) => uncover(disk, going));
  const flushes = new Map<ByteString, Promise<void>>();
  await step(at('arrived'), atOnce.looks, ({ carry: { to } }) =>
    once(flushes, dirOf(to), () => disk.flushDir(dirOf(to))),
  );

  await sideBySide(atOnce.looks, units, async (unit) => {
    if (!journal.lost.aborted) await leaveTogether(disk, unit);
  });
  journal.lost.throwIfAborted();
  return all.map(({ carry: { id, to }, refused, clean, now }) =>
    now && !refused
      ? { id, carried: true, now }
      : { id, carried: false, refused: refused ?? new Refused('move.lost', fileOf(to)), clean },
  );
}

/** What was planned is still so: the file is as it was, its name is free, and there is a way to it. Throws Refused. */
async function check(disk: Disk, dirs: DestDirs, carry: Carry): Promise<void> {
  const from = fileOf(carry.from);
  const source = await disk.look(from);
  if (!source) throw new Refused('move.source-gone', from);
  if (!isTheFile(source, carry)) throw new Refused('move.source-changed', from);
  // Another inode with the same size and time may be the same file, restored, or another one.
  if (source.inode !== carry.file.inode && (await disk.hash(from)) !== carry.file.hash) {
    throw new Refused('move.source-changed', from);
  }
  await dirs.look(carry.to);
  if (await disk.look(fileOf(carry.to))) throw new Refused('move.name-taken', fileOf(carry.to));
}

/** Gives it its second name; where that can't be, tells what way it has to go instead. */
async function arrive(disk: Disk, going: Going): Promise<void> {
  try {
    await disk.link(fileOf(going.carry.from), fileOf(going.carry.to));
    going.stage = 'arrived';
  } catch (error) {
    if (hasCode(error, 'EXDEV')) going.way = 'copy';
    else if (hasCode(error, ...noLinks)) going.way = (await isOneDisk(disk, going.carry)) ? 'rename' : 'copy';
    else throw error;
  }
}

async function isOneDisk(disk: Disk, { from, to }: Carry): Promise<boolean> {
  const [source, target] = await Promise.all([disk.look(fileOf(from)), disk.look(dirOf(to))]);
  return source?.device === target?.device;
}

/** Writes a copy under a hidden name, and compares it. @returns its inode */
async function copy(disk: Disk, carry: Carry): Promise<string> {
  const [from, hidden] = [fileOf(carry.from), temporaryOf(carry)];
  const read = await disk.copy(from, hidden, carry.restore);
  if (carry.file.hash !== null && read !== carry.file.hash) throw new Refused('move.source-changed', from);
  if ((await disk.hash(hidden)) !== read) throw new Refused('move.copy-differs', hidden);
  if (!isTheFile(await disk.look(from), carry)) throw new Refused('move.source-changed', from);
  const copied = await disk.look(hidden);
  if (!copied) throw new Refused('move.disk-failed', hidden);
  return copied.inode;
}

/** The copy gets its name in place of the hidden one. */
async function uncover(disk: Disk, going: Going): Promise<void> {
  const [hidden, to] = [temporaryOf(going.carry), fileOf(going.carry.to)];
  try {
    await disk.link(hidden, to);
  } catch (error) {
    if (!hasCode(error, ...noLinks)) throw error;
    await disk.rename(hidden, to);
    going.stage = 'arrived';
    return;
  }
  going.stage = 'arrived';
  await disk.unlink(hidden);
}

/** Takes the old names of a unit away, or, where one of them can't go, the new ones of all. */
async function leaveTogether(disk: Disk, unit: readonly Going[]): Promise<void> {
  const left: Going[] = [];
  for (const going of unit) {
    if (going.refused || going.stage === 'left') continue;
    try {
      await leave(disk, going);
      left.push(going);
    } catch (error) {
      const refused = refusedBy(error, fileOf(going.carry.from));
      for (const each of left) await comeBack(disk, each);
      for (const each of unit) if (each.stage !== 'left') each.refused ??= refused;
    }
  }
  for (const going of unit) if (going.refused) going.clean = await retreat(disk, going);
}

/** Its old name goes, unless somebody changed the file meanwhile. */
async function leave(disk: Disk, going: Going): Promise<void> {
  const { carry, way } = going;
  const [from, to] = [fileOf(carry.from), fileOf(carry.to)];
  const source = await disk.look(from);
  if (!isTheFile(source, carry)) throw new Refused('move.source-changed', from);
  // The same file has two names, or gets another one.
  const target = way === 'copy' ? await disk.look(to) : source;
  if (!target) throw new Refused('move.disk-failed', to);
  if (way === 'copy' && !(await isCopy(disk, target, carry, true))) throw new Refused('move.copy-differs', to);
  if (way === 'rename') await disk.rename(from, to);
  else await disk.unlink(from);
  going.now = target;
  going.stage = 'left';
}

/** Gets its old name again. A copy on another disk stays where it is: that is told as it is. */
async function comeBack(disk: Disk, going: Going): Promise<void> {
  const [from, to] = [fileOf(going.carry.from), fileOf(going.carry.to)];
  try {
    if (going.way === 'link') await disk.link(to, from);
    else if (going.way === 'rename') await disk.rename(to, from);
    else return;
    going.stage = going.way === 'link' ? 'arrived' : 'waiting';
    going.now = null;
  } catch (error) {
    // It stays at its new place, where it is as safe.
    refusedBy(error, from);
  }
}

/** Takes away what was made at the new place, as long as the file is at the old one. @returns whether nothing is left there */
async function retreat(disk: Disk, { carry, stage, way }: Going): Promise<boolean> {
  const [from, to, hidden] = [fileOf(carry.from), fileOf(carry.to), temporaryOf(carry)];
  try {
    if (await disk.look(hidden)) await disk.unlink(hidden);
    if (stage !== 'arrived') return true;
    const [source, target] = [await disk.look(from), await disk.look(to)];
    if (source && target) {
      const isOurs = way === 'link' ? target.inode === source.inode : await isCopy(disk, target, carry, true);
      if (isOurs) await disk.unlink(to);
    }
    // Without its old name it may be the only one.
    return source !== null;
  } catch (error) {
    // The first reason says more; where the new place is out of reach, nothing can be taken away there.
    refusedBy(error, to);
    return false;
  }
}

/** Where one throws no more are begun, and it is thrown when those that were begun have ended: nothing goes on behind it. */
async function sideBySide<In, Out>(
  concurrency: number,
  all: readonly In[],
  work: (each: In) => Promise<Out>,
): Promise<Out[]> {
  const failures: unknown[] = [];
  const attempt = async (each: In): Promise<Out[]> => {
    if (failures.length > 0) return [];
    try {
      return [await work(each)];
    } catch (error) {
      failures.push(error);
      return [];
    }
  };
  const ended = (await Readable.from(all).map(attempt, { concurrency }).toArray()) as Out[][]; // A stream does not tell what it holds.
  if (failures.length > 0) throw failures[0];
  return ended.flat();
}
