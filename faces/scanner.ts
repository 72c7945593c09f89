import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { CodedError } from '../model/errors.ts';
import type { BackendName } from './backend.ts';
import type { DetectSettings } from './detect.ts';
import type { FacesOfPicture } from './find-faces.ts';
import type { ReferenceFaces } from './find-reference.ts';
import type { Region } from './picture.ts';
import type { Answer, BackendFound, Order } from './scan-child.ts';

export type { BackendFound };

/** Finds faces in pictures, in child processes that start when there is work and end when there is none. */
export interface Scanner {
  /**
   * @param path a file that libvips can open
   * @throws CodedError faces.failed, faces.timeout; what `signal` was aborted with
   */
  findFaces(path: string, settings: DetectSettings, signal: AbortSignal): Promise<FacesOfPicture>;
  /** @param box where a person says the face is, in pixels. @throws as findFaces */
  findReference(path: string, box: Region | null, signal: AbortSignal): Promise<ReferenceFaces>;
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
  /** How long one picture may take, in ms. */
  longestMs?: number;
}

export function createScanner({ wanted, processes, idleMs = 30_000, longestMs = 120_000 }: ScannerOptions): Scanner {
  const ending = extname(import.meta.url);
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(`./scan-child${ending}`, import.meta.url)),
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: 0,
    maxThreads: processes,
    idleTimeout: idleMs,
    // The child runs as this process does: compiled, or from sources through the same loader.
    execArgv: ending === '.ts' ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...environment(), TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  });

  const ask = async (order: Order, signal: AbortSignal): Promise<Answer> => {
    const late = AbortSignal.timeout(longestMs);
    try {
      return (await pool.run(order, { signal: AbortSignal.any([signal, late]) })) as Answer; // Both ends are of one build.
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) {
        throw new CodedError('faces.timeout', `Looking for faces took longer than ${longestMs / 1000} s.`);
      }
      throw new CodedError('faces.failed', `The scanner ended on this picture: ${reasonOf(error)}`, { cause: error });
    }
  };

  const answered = <T>(answer: Answer, take: (answer: Extract<Answer, { ok: true }>) => T | null): T => {
    if (!answer.ok) throw new CodedError('faces.failed', answer.message);
    const taken = take(answer);
    if (taken === null) throw new Error('The scanner answered another question.');
    return taken;
  };

  return {
    async findFaces(path, settings, signal) {
      const answer = await ask({ do: 'faces', wanted, path, settings }, signal);
      return answered(answer, (a) => ('faces' in a ? a.faces : null));
    },
    async findReference(path, box, signal) {
      const answer = await ask({ do: 'reference', wanted, path, box }, signal);
      return answered(answer, (a) => ('reference' in a ? a.reference : null));
    },
    async backend() {
      const answer = await ask({ do: 'backend', wanted }, new AbortController().signal);
      return answered(answer, (a) => ('backend' in a ? a.backend : null));
    },
    close: () => pool.destroy(),
  };
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
