import type { FileCounts } from '../../model/library.ts';
import type { StoredJobMemo } from '../../model/job.ts';
import type { JobKind } from '../../model/job-kinds.ts';
import type { JobTables } from './job-tables.ts';

const nothing: FileCounts = {
  ...{ numFiles: 0, numRead: 0, numFailed: 0 },
  ...{ numPictures: 0, numSearched: 0, numFacesFailed: 0 },
};

/** Jobs whose work is not told in files of the library. */
export const withoutFiles: JobKind[] = [
  ...(['tryFile', 'tryFaces', 'addRefimgs', 'drawFace', 'takeOverRegions', 'resetFaces'] as const),
  ...(['removeMissing', 'measureDistances', 'groupFaces', 'planMoves', 'checkFiles', 'scheduled'] as const),
];

/** The files that a job has to do with; those of a job that looks again are the pictures it looks at. */
export function countsOf(memo: StoredJobMemo, tables: JobTables): FileCounts {
  const counts = countsOfPlace(memo, tables);
  const rescanned = tables.rescanned.get(memo);
  if (rescanned === undefined || !memo.rescan) return counts;
  // Pictures that came meanwhile are looked at as well.
  const numPictures = Math.max(memo.rescan.total, rescanned);
  return { ...counts, numPictures, numSearched: rescanned, numFacesFailed: Math.min(rescanned, counts.numFacesFailed) };
}

function countsOfPlace(memo: StoredJobMemo, { roots, dirs }: JobTables): FileCounts {
  if (withoutFiles.includes(memo.kind)) return nothing;
  if (memo.dir !== undefined) return dirs.get(memo.dir) ?? nothing;
  const chosen =
    memo.root === undefined ? [...roots.values()] : [roots.get(memo.root)].filter((root) => root !== undefined);
  const sum = (key: keyof FileCounts) => chosen.reduce((total, root) => total + root[key], 0);
  return {
    numFiles: sum('numFiles'),
    numRead: sum('numRead'),
    numFailed: sum('numFailed'),
    numPictures: sum('numPictures'),
    numSearched: sum('numSearched'),
    numFacesFailed: sum('numFacesFailed'),
  };
}
