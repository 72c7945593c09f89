import { parentPort, workerData } from 'node:worker_threads';
import type { ByteString } from '../model/names.ts';
import { compileIgnore } from './ignore.ts';
import { walkDir, type DirToWalk, type Walked } from './walk.ts';

/** What walker.ts hands to this thread. */
export interface WalkThreadData {
  rootPath: ByteString;
  rootName: ByteString;
  ignore: string[];
}

/** A part of a page is handed over when it holds this many files, so that memory stays bounded in dirs of any size. */
const filesAPart = 5000;

const { rootPath, rootName, ignore } = workerData as WalkThreadData;
const ignored = compileIgnore(ignore);
let pending: DirToWalk[] = [];

// The main thread asks for one part after the other: while it stores one, the next is being walked.
parentPort?.on('message', (page: DirToWalk[] | 'next') => {
  if (page !== 'next') pending = page.toReversed();
  const part: Walked[] = [];
  let files = 0;
  for (let dir = pending.pop(); dir; dir = files < filesAPart ? pending.pop() : undefined) {
    const walked = walkDir(rootPath, dir, ignored, rootName);
    if (walked.outcome === 'read') files += walked.files.length + 1;
    if (walked.outcome !== 'unchanged') part.push(walked);
  }
  parentPort?.postMessage({ part, more: pending.length > 0 });
});
