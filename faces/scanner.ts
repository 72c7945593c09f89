import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { CodedError } from '../model/errors.ts';
import type { BackendName } from './backend.ts';
import type { DetectSettings } from './detect.ts';
import type { FacesOfPicture } from './find-faces.ts';
import type { ReferenceFaces } from './find-reference.ts';
import type { ReferenceBlock } from './nearest.ts';
import type { Region } from './picture.ts';
import type { Answer, BackendFound, Order } from './scan-child.ts';
import type { Likely } from './sketch.ts';

export type { BackendFound };

/** Finds faces in pictures, in child processes that start when there is work and end when there is none. */
export interface Scanner {
  /**
   * @param path a file that libvips can open
   * @param hasLarger as for detectFaces
   * @throws CodedError faces.failed, faces.timeout; what `signal` was aborted with
   */
  findFaces(path: string, settings: DetectSettings, signal: AbortSignal, hasLarger?: boolean): Promise<FacesOfPicture>;
  /** @param box where a person says the face is, in shares of the upright picture's sides. @throws as findFaces */
  findReference(path: string, box: Region | null, signal: AbortSignal): Promise<ReferenceFaces>;
  /** As `likelyOf`, for many reference images. @throws as findFaces */
  likely(sketches: Int8Array, references: ReferenceBlock, reach: number, signal: AbortSignal): Promise<Likely>;
  /** What computes the networks. */
  backend(): Promise<BackendFound>;
  close(): Promise<void>;
}

interface ScannerOptions {
  wanted: BackendName;
  /** As many as there are processor cores do most: one thread each beats several threads in one. */
  processes: number;
  /** How long a process without work is kept, in ms. */
  idleMs?: number;
  /** How long one picture may take, in ms: long, for whoever runs at idle priority on a busy machine gets little of it. */
  longestMs?: number;
}

/** A process ended, or could not answer, for a reason that need not lie in what it was asked. */
class Died extends Error {}

export function createScanner({ wanted, processes, idleMs = 30_000, longestMs = 900_000 }: ScannerOptions): Scanner {
  // A pool for each process, and never two calls for one: a pool with calls waiting forgets them when its process dies.
  const pools = Array.from({ length: processes }, () => createProcess(idleMs));
  const free = [...pools];
  const waiting: PromiseWithResolvers<Tinypool>[] = [];

  const closed = new AbortController();

  /** Waits until a process is at nothing. */
  const turn = async (signal: AbortSignal): Promise<Tinypool> => {
    signal.throwIfAborted();
    const mine = Promise.withResolvers<Tinypool>();
    const leave = () => {
      const at = waiting.indexOf(mine);
      if (at === -1) return;
      waiting.splice(at, 1);
      mine.reject(signal.reason);
    };
    waiting.push(mine);
    signal.addEventListener('abort', leave);
    try {
      return await mine.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
  const giveBack = (pool: Tinypool): void => {
    const next = waiting.shift();
    if (next) next.resolve(pool);
    else free.push(pool);
  };

  const askOnce = async (order: Order, signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted();
    const pool = free.pop() ?? (await turn(AbortSignal.any([signal, closed.signal])));
    closed.signal.throwIfAborted();
    const late = AbortSignal.timeout(longestMs);
    // A process that dies before it has begun takes no call with it: the call would wait for ever.
    const died = new AbortController();
    const onDied = (error: unknown) => died.abort(error);
    pool.once('error', onDied);
    try {
      return (await pool.run(order, { signal: AbortSignal.any([signal, late, died.signal]) })) as Answer; // Both ends are of one build.
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) {
        throw new CodedError('faces.timeout', `Looking for faces took longer than ${longestMs / 1000} s.`);
      }
      const cause: unknown = died.signal.aborted ? died.signal.reason : error;
      throw new Died(reasonOf(cause), { cause });
    } finally {
      pool.off('error', onDied);
      giveBack(pool);
    }
  };

  const ask = async (order: Order, signal: AbortSignal): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await askOnce(order, signal);
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        if (attempt === 1) continue;
        throw new CodedError('faces.failed', `The scanner ended twice on this picture: ${error.message}`, {
          cause: error.cause,
        });
      }
    }
  };

  const answered = <T>(answer: Answer, take: (answer: Extract<Answer, { ok: true }>) => T | null): T => {
    if (!answer.ok) throw new CodedError('faces.failed', answer.message);
    const taken = take(answer);
    if (taken === null) throw new Error('The scanner answered another question.');
    return taken;
  };

  return {
    async findFaces(path, settings, signal, hasLarger = false) {
      const answer = await ask({ do: 'faces', wanted, path, settings, hasLarger }, signal);
      return answered(answer, (a) => ('faces' in a ? a.faces : null));
    },
    async findReference(path, box, signal) {
      const answer = await ask({ do: 'reference', wanted, path, box }, signal);
      return answered(answer, (a) => ('reference' in a ? a.reference : null));
    },
    async likely(sketches, { block, refs, persons }, reach, signal) {
      const references = { block, refs, persons };
      const answer = await ask({ do: 'likely', wanted, sketches, references, reach }, signal);
      return answered(answer, (a) => ('likely' in a ? a.likely : null));
    },
    async backend() {
      const answer = await ask({ do: 'backend', wanted }, new AbortController().signal);
      return answered(answer, (a) => ('backend' in a ? a.backend : null));
    },
    async close() {
      closed.abort(new CodedError('faces.failed', 'The scanner was closed.'));
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

/** A child process that starts when it is asked something, and ends when it was not for some time. */
function createProcess(idleMs: number): Tinypool {
  const ending = extname(import.meta.url);
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(`./scan-child${ending}`, import.meta.url)),
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
    // The child runs as this process does: compiled, or from sources through the same loader.
    execArgv: ending === '.ts' ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...environment(), TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  // One that is killed while it is at nothing is no loss: the next call starts another.
  pool.on('error', () => undefined);
  return pool;
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
