import { keptFor } from '../engine/client/kept-for.ts';
import { boxText, type Box } from '../model/map.ts';
import { pathHere, type PathMap } from '../model/path-map.ts';
import type { Settings } from '../model/settings.ts';
import type { Database } from '../sql/database.ts';
import { dirTrail, getDir, listDirs } from '../sql/dirs.ts';
import { listDuplicates, type Duplicates } from '../sql/duplicates.ts';
import { listFiles, listTiles, type FileFilter } from '../sql/file-lists.ts';
import { bundleOf, coverage, fileDetails, fileOnDisk, getFile, motionClip, neighbours } from '../sql/files.ts';
import { listJobWaits } from '../sql/job-waits.ts';
import { libraryStamp } from '../sql/library-stamp.ts';
import { readLog } from '../sql/log.ts';
import { mapOf, type MapOfBox } from '../sql/map.ts';
import { createPeople } from './people-library.ts';
import { createScans } from './scans-library.ts';
import { createSorting } from './sorter-library.ts';
import { filterOptions } from '../sql/filter-options.ts';
import { dirNumbers, faceNumbers, moveNumbers } from '../sql/numbers.ts';
import { listRoots } from '../sql/roots.ts';
import { readSettings, saveSettings } from '../sql/settings.ts';
import { activityTotals, listWorkers } from '../sql/workers.ts';
import { ask } from './ask-database.ts';
import { together } from './together.ts';
import { whileUnchanged } from './unchanged.ts';

/** Numbers of the whole library that take long to count; milliseconds. */
const aMinute = { fresh: 60_000, good: 120_000 };

/**
 * What the pages ask of the database; what all of them ask, and long lists, once for all who ask at the same time. Each
 * question throws database.unavailable when it does not answer, at the latest after a few seconds, and the errors of the query
 * it stands for. `pathMap`: where originals lie on this machine.
 */
export function createLibrary(sql: Database, pathMap: PathMap = []) {
  const stamp = together(() => ask(libraryStamp(sql)));
  const maps = whileUnchanged<MapOfBox>(stamp);
  const duplicates = whileUnchanged<Duplicates>(stamp);
  // What takes longer than a page waits goes on and is kept: whoever asks again finds it, and does not begin it anew.
  const options = keptFor(aMinute, () => filterOptions(sql));
  const numbersOfFaces = keptFor(aMinute, () => faceNumbers(sql));
  const numbersOfMoves = keptFor(aMinute, () => moveNumbers(sql));
  return {
    roots: together(() => ask(listRoots(sql))),
    dirs: together((filter: Parameters<typeof listDirs>[1]) => ask(listDirs(sql, filter))),
    dir: together((id: number) => ask(getDir(sql, id))),
    trail: together((dir: number) => ask(dirTrail(sql, dir))),
    files: together((filter: FileFilter) => ask(listFiles(sql, filter))),
    tiles: together((filter: FileFilter) => ask(listTiles(sql, filter))),
    file: (id: number) => ask(getFile(sql, id)),
    neighbours: (id: number, within: { dir?: number }) => ask(neighbours(sql, id, within)),
    filterOptions: () => ask(options()),
    map: (box: Box, cell: { width: number; height: number }) =>
      ask(maps(`${boxText(box)} ${cell.width} ${cell.height}`, () => mapOf(sql, box, cell))),
    duplicates: (part: { cursor?: string; limit: number }) =>
      ask(duplicates(`${part.limit} ${part.cursor}`, () => listDuplicates(sql, part))),
    onDisk: (id: number) => ask(fileOnDisk(sql, id, (root) => pathHere(pathMap, root))),
    details: (id: number) => ask(fileDetails(sql, id)),
    bundle: (id: number) => ask(bundleOf(sql, id)),
    clip: (id: number) => ask(motionClip(sql, id)),
    coverage: together(() => ask(coverage(sql))),
    log: (filter: Parameters<typeof readLog>[1]) => ask(readLog(sql, filter)),
    settings: together(() => ask(readSettings(sql))),
    save: (settings: Settings) => ask(saveSettings(sql, settings)),
    workers: together(() => ask(listWorkers(sql))),
    dirNumbers: () => ask(dirNumbers(sql)),
    faceNumbers: () => ask(numbersOfFaces()),
    moveNumbers: () => ask(numbersOfMoves()),
    activityTotals: () => ask(activityTotals(sql)),
    jobWaits: () => ask(listJobWaits(sql)),
    ...createPeople(sql, ask),
    ...createScans(sql, ask),
    ...createSorting(sql, ask),
  };
}

export type Library = ReturnType<typeof createLibrary>;
