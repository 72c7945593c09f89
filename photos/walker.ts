import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../model/errors.ts';
import { displayName, type ByteString } from '../model/names.ts';
import type { WalkThreadData } from './walk-thread.ts';
import type { DirToWalk, Walked } from './walk.ts';

interface Part {
  part: Walked[];
  more: boolean;
}

/** A disk that has said nothing for this long is taken for hung. */
const silenceMs = 120_000;

export interface Walker {
  /** Looks at a page of dirs; yields what was read or failed (unchanged dirs are left out), in parts of bounded size. */
  walk(page: readonly DirToWalk[]): AsyncGenerator<Walked[]>;
  close(): void;
}

interface WalkerOptions {
  rootPath: ByteString;
  /** What messages call it: where it lies on the main machine. */
  rootName: ByteString;
  ignore: readonly string[];
}

/**
 * Walks dirs of one root in a thread of its own, so that the worker goes on heartbeating while a disk is slow or hung.
 * `walk` throws root.unresponsive when the disk does not answer for two minutes.
 */
export function createWalker({ rootPath, rootName, ignore }: WalkerOptions): Walker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const data: WalkThreadData = { rootPath, rootName, ignore: [...ignore] };
  const thread = new Worker(new URL(`./walk-thread.${extension}`, import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const ask = async (message: DirToWalk[] | 'next'): Promise<Part> => {
    const answer = once(thread, 'message', { signal: AbortSignal.timeout(silenceMs) });
    thread.postMessage(message);
    try {
      const [part] = (await answer) as [Part];
      return part;
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        throw new CodedError(
          'root.unresponsive',
          `The disk of ${displayName(rootName)} has not answered for two minutes.`,
        );
      }
      throw error;
    }
  };
  return {
    async *walk(page) {
      let asked: Promise<Part> | null = page.length > 0 ? ask([...page]) : null;
      while (asked) {
        const { part, more }: Part = await asked;
        asked = more ? ask('next') : null;
        // A failure of the next part is thrown when its turn comes, not as an unhandled rejection meanwhile.
        asked?.catch(() => undefined);
        if (part.length > 0) yield part;
      }
    },
    close() {
      // A thread that hangs in the kernel never ends; nothing waits for it.
      void thread.terminate();
    },
  };
}
