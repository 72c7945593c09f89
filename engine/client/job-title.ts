import type { ScheduleName } from '../../model/job-kinds.ts';
import type { StoredJobMemo } from '../../model/job.ts';
import type { Dir, Root } from '../../model/library.ts';

/** What titles name, by number. */
export interface NamedTables {
  roots: Map<number, Root>;
  dirs: Map<number, Dir>;
  people: Map<number, string>;
}

const scheduleTitles: Record<ScheduleName, string> = {
  rescan: 'Scheduled: look through all paths',
  'remove-missing': 'Scheduled: remove what is gone',
  ai: 'Scheduled: look for faces',
  integrity: 'Scheduled: check files',
};

/** What a job does, in words. */
export function titleOf(memo: StoredJobMemo, { roots, dirs, people }: NamedTables): string {
  const root = memo.root === undefined ? undefined : roots.get(memo.root);
  const path = root?.path ?? `path ${memo.root}`;
  switch (memo.kind) {
    case 'engine':
      return 'Engine';
    case 'findFiles':
      return 'Find files in all paths';
    case 'scanPath':
      return `Scan ${path}`;
    case 'importPath':
      return `${root?.kind === 'storage' ? 'Read' : 'Import'} ${path}`;
    case 'tryFile':
      return 'Try files';
    case 'tryFaces':
      return 'Try other settings for faces';
    case 'scheduled':
      return memo.what === undefined ? 'Scheduled jobs' : scheduleTitles[memo.what];
    case 'measureDistances':
      return 'Measure how far faces are apart';
    case 'groupFaces':
      return 'Group unknown faces';
    case 'addRefimgs':
      return memo.person === undefined
        ? 'Add reference images from a folder'
        : `Add reference images of ${people.get(memo.person) ?? `person ${memo.person}`}`;
    case 'drawFace':
      return `Add a face of ${people.get(memo.person ?? 0) ?? `person ${memo.person}`} drawn by hand`;
    case 'takeOverRegions':
      return 'Take over names written in files';
    case 'removeMissing':
      return `Remove what is gone from ${path}`;
    case 'planMoves':
      return `Make plan ${memo.plan}`;
    case 'moveFiles':
      return `Move files (plan ${memo.plan})`;
    case 'undoMoves':
      return `Take files back (plan ${memo.plan})`;
    case 'checkFiles':
      return `Check files of ${path}`;
    case 'facesOfPath':
      return `Look for faces in ${path}`;
    case 'resetFaces': {
      const where = memo.dir === undefined ? 'everywhere' : `in ${dirs.get(memo.dir)?.path ?? `directory ${memo.dir}`}`;
      return `Forget ${memo.forget === 'faces' ? 'faces' : 'who the faces are'} ${where}`;
    }
    case 'identifyPerson': {
      const who = memo.person === undefined ? 'everybody' : (people.get(memo.person) ?? `person ${memo.person}`);
      return memo.dir === undefined
        ? `Find ${who}`
        : `Find ${who} in ${dirs.get(memo.dir)?.path ?? `directory ${memo.dir}`}`;
    }
    case 'dirChain':
      return (memo.dir === undefined ? undefined : dirs.get(memo.dir)?.path) ?? `directory ${memo.dir}`;
  }
}
