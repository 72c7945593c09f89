import { statfs } from 'node:fs/promises';
import { CodedError } from '../model/errors.ts';
import type { LeftReason, PlanNote, Why } from '../model/move-plan.ts';
import type { ByteString } from '../model/names.ts';
import { compileIgnore } from '../photos/ignore.ts';
import { createPlanner, keyOfPlace, type PlannedUnit, type Unit } from '../sorter/plan.ts';
import { parseSorting } from '../sorter/rules.ts';
import type { Database } from '../sql/database.ts';
import { writeLog } from '../sql/log.ts';
import { hashesInStorage, namesInDirs, unitsToPlan, type FileToPlan, type UnitToPlan } from '../sql/plan-units.ts';
import { planToMake } from '../sql/plans.ts';
import { rootDir } from '../sql/scan.ts';
import { subdirsOf } from '../sql/sorting.ts';
import { clearPlan, planMade, storePlanned, type PlannedFile } from '../sql/store-plan.ts';
import type { Roots } from './roots.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

/** Names in dirs of the storage path are kept for the pages that follow, up to so many. */
const mostNames = 500_000;

export function createPlanActivities({ sql, roots }: { sql: Database; roots: Roots }) {
  return {
    /**
     * Works out where the files of a plan would go, from its beginning. A plan that a person has approved or thrown away
     * meanwhile stays as it is. Throws root.* where the storage path is not there, pattern.invalid, plan.unknown.
     */
    async planMoves({ plan }: { plan: number }): Promise<void> {
      await heartbeating(async () => {
        const { root: to, state, changes, wanted, sorting } = await planToMake(sql, plan);
        if (state !== 'making') return;
        const { root, device, ignore } = await roots.checked(to, false);
        const dirs = await subdirsOf(sql, root.id);
        const planner = createPlanner({
          sorting: parseSorting(sorting),
          to: wanted.to ?? null,
          onTaken: wanted.onTaken ?? 'skip',
          onDuplicate: wanted.onDuplicate ?? 'skip',
          dirs: dirs.map(({ prefix }) => prefix),
          ignored: compileIgnore(ignore),
        });
        const heldPlaces = createHeldPlaces(sql, [{ id: await rootDir(sql, root.id), prefix: '' }, ...dirs]);
        const room = createRoom(device, await freeBytes(root.here));
        await clearPlan(sql, plan);
        let files = 0;
        for await (const page of unitsToPlan(sql, plan, wanted)) {
          stopIfCanceled();
          const photos = page.filter(isPhoto);
          const placed = photos.map((unit) => ({ unit, wanted: planner.place(toSort(unit, root.id)) }));
          const all = photos.flatMap(({ lead, parts }) => [lead, ...parts]);
          const held = {
            places: await heldPlaces(placed.map((each) => each.wanted.prefix)),
            hashes: await hashesInStorage(
              sql,
              all.flatMap(({ hash }) => hash ?? []),
              all.map(({ id }) => id),
            ),
          };
          const planned = [
            ...placed.flatMap(({ unit, wanted }) => filesOf(unit, planner.settle(wanted, held), room)),
            ...page
              .filter((unit) => !isPhoto(unit))
              .flatMap((unit) => filesThatStay(unit, unit.lead.isRead ? 'no photo' : 'not read')),
          ];
          await storePlanned(sql, plan, planned);
          files += planned.length;
        }
        if (await planMade(sql, plan, changes))
          await writeLog(sql, [{ job: currentJob(), level: 'info', text: `found ${files} files`, files }]);
      });
    },
  };
}

const isPhoto = ({ lead }: UnitToPlan): boolean =>
  lead.isRead && (lead.photo.type === 'image' || lead.photo.type === 'video');

const toSort = ({ lead, parts, choice, to }: UnitToPlan, storage: number): Unit => ({
  lead: { ...lead.photo, id: lead.id, hash: lead.hash },
  parts,
  at: lead.root === storage ? lead.prefix : null,
  choice,
  to,
});

/** The files of a picture as they are planned, with the notes that the disk gives. */
function filesOf(unit: UnitToPlan, planned: PlannedUnit, room: Room): PlannedFile[] {
  const { lead, parts } = unit;
  const all = [lead, ...parts];
  const { prefix, left, forGood, used, rule } = planned;
  if (left === 'path too long') return filesThatStay(unit, left);
  const notes: PlanNote[] = [...planned.notes];
  if (unit.isIncomplete) notes.push('bundle incomplete');
  if (left === null) notes.push(...room(all));
  const why: Why = { date: lead.photo.taken, used, rule };
  return all.map((file, i) => {
    const toName = planned.files[i]?.fname ?? file.fname;
    return {
      ...{ file, unit: lead.id, toPrefix: prefix, toName, placeKey: keyOfPlace(prefix, toName), left, forGood },
      ...(i === 0 ? { notes, why } : { notes: [], why: null }),
    };
  });
}

/** What has no place in the storage path stays where it is. */
function filesThatStay({ lead, parts }: UnitToPlan, left: LeftReason): PlannedFile[] {
  return [lead, ...parts].map((file) => ({
    ...{ file, unit: lead.id, toPrefix: file.prefix, toName: file.fname, placeKey: '', notes: [], why: null },
    ...{ left, forGood: false },
  }));
}

/** Notes for a unit whose files have to be copied to another disk. */
type Room = (files: readonly FileToPlan[]) => PlanNote[];

function createRoom(device: string, free: number): Room {
  let left = free;
  return (files) => {
    const copied = files.filter((file) => file.device !== null && file.device !== device);
    if (copied.length === 0) return [];
    left -= copied.reduce((sum, { size }) => sum + size, 0);
    return left < 0 ? ['other disk', 'no room'] : ['other disk'];
  };
}

async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    throw new CodedError('root.unreadable', `${path} does not tell how much room it has.`, { cause: error });
  }
}

/** Which places are taken in some dirs of the storage path. */
function createHeldPlaces(sql: Database, dirs: readonly { id: number; prefix: ByteString }[]) {
  const ids = new Map(dirs.map(({ id, prefix }) => [prefix, id]));
  const prefixes = new Map(dirs.map(({ id, prefix }) => [id, prefix]));
  const places = new Set<string>();
  const known = new Set<number>();
  return async (wanted: readonly ByteString[]): Promise<ReadonlySet<string>> => {
    if (places.size > mostNames) {
      places.clear();
      known.clear();
    }
    const missing = [...new Set(wanted.flatMap((prefix) => ids.get(prefix) ?? []))].filter((id) => !known.has(id));
    for (const { dir, fname } of await namesInDirs(sql, missing))
      places.add(keyOfPlace(prefixes.get(dir) ?? '', fname));
    for (const id of missing) known.add(id);
    return places;
  };
}
