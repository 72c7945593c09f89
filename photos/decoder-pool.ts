import { spawn, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import { watchWork } from './cpu-time.ts';
import { createSlots } from './slots.ts';
import { notDecoded, type Decodement, type FromDecoder, type Hashed, type ToDecoder } from './decoder-messages.ts';

/** Reads files in child processes, one file a child at a time, as many children as there are calls under way. */
export interface DecoderPool {
  /**
   * Hashes a file and, where `wanted` says so of its hash, decodes it and writes its thumbnails. `type` is what its name
   * says it is.
   * @throws CodedError file.missing, file.unreadable, file.still-written; and what `wanted` throws
   */
  read(path: Buffer, type: FileType, wanted: (hashed: Hashed) => Promise<Verdict>): Promise<Hashed & Decodement>;
  /** Ends all children; what they were reading fails. */
  close(): void;
}

/** Whether to decode a file; a RAW one with its EXIF orientation; `into`: to a file of a larger picture, not thumbnails. */
export type Verdict = { decode: false } | { decode: true; orientation: number | null; into: string | null };

interface Limits {
  /** How long a child may neither say anything nor work. */
  silenceMs: number;
  /** How long a child may work on a picture of so many bytes. */
  workMs: (bytes: number) => number;
  /** How long a child that has nothing to do is kept. */
  idleMs: number;
  /** How much memory of its own a child may have, 600 MiB of which Node claims from the start and hardly uses. */
  memoryKiB: number;
}

/**
 * Ten seconds for a file of 100 kB, three minutes at most. Files that are made to keep decoders busy are small; a picture
 * of 100 megapixels, which takes a slow machine two minutes, has many megabytes.
 */
const workOn = (bytes: number): number => Math.min(6_000 + bytes / 25, 180_000);

const limits: Limits = { silenceMs: 60_000, workMs: workOn, idleMs: 30_000, memoryKiB: 2 * 1024 * 1024 };

/** The process ended on its own, or was ended, before it had an answer. */
class Crash extends Error {}

export function createDecoderPool(options: { thumbsDir: string } & Partial<Limits>): DecoderPool {
  const { thumbsDir, silenceMs, workMs, idleMs, memoryKiB } = { ...limits, ...options };
  const idle: { child: ChildProcess; leaving: NodeJS.Timeout }[] = [];
  const all = new Set<ChildProcess>();
  const large = createSlots(1);
  let closed = false;
  const mustBeOpen = (): void => {
    if (closed) throw new CodedError('internal', 'The decoders have been stopped.');
  };

  const take = (): ChildProcess => {
    const rested = idle.pop();
    if (rested) {
      clearTimeout(rested.leaving);
      return rested.child;
    }
    const child = startDecoder(memoryKiB);
    all.add(child);
    const gone = (): void => {
      all.delete(child);
      const at = idle.findIndex((one) => one.child === child);
      for (const one of at < 0 ? [] : idle.splice(at, 1)) clearTimeout(one.leaving);
    };
    child.on('exit', gone).on('error', gone);
    return child;
  };

  const giveBack = (child: ChildProcess): void => {
    if (child.killed || !all.has(child)) return;
    idle.push({ child, leaving: setTimeout(() => child.kill('SIGKILL'), idleMs) });
  };

  const readIn = async (
    child: ChildProcess,
    order: { path: Buffer; type: FileType },
    wanted: (hashed: Hashed) => Promise<Verdict>,
  ): Promise<Hashed & Decodement> => {
    const { promise, resolve, reject } = Promise.withResolvers<Hashed & Decodement>();
    let hashed: Hashed | null = null;
    let unwatch = (): void => {};
    let lastWords = '';

    const fail = (error: unknown): void => {
      reject(error);
      child.kill('SIGKILL');
    };
    const waitForDisk = (): void => {
      unwatch = watchWork(child.pid, { silenceMs, workMs: Infinity }, (_, ms) =>
        fail(new CodedError('file.unreadable', `The disk gave nothing for ${ms / 1000} s.`)),
      );
    };
    const waitForPicture = (found: Hashed): void => {
      // It may have ended while it was found out whether to decode.
      if (!all.has(child)) return;
      const begun = performance.now();
      unwatch = watchWork(child.pid, { silenceMs, workMs: workMs(found.size) }, (_, ms) => {
        const message = `Decoding took longer than ${Math.round(ms / 1000)} s.`;
        const decodeMs = Math.round(performance.now() - begun);
        resolve({ ...found, ...notDecoded, error: { code: 'decode.timeout', message }, decodeMs });
        child.kill('SIGKILL');
      });
    };
    // A message that cannot be sent has met a dead child, which `ended` tells.
    const say = (word: ToDecoder): void => void child.send(word, () => {});

    const onMessage = (word: FromDecoder): void => {
      unwatch();
      if (word.say === 'busy') waitForDisk();
      else if (word.say === 'failed') reject(new CodedError(word.code, word.message));
      else if (word.say === 'hashed') {
        const { say: _, ...found } = word;
        hashed = found;
        wanted(found).then((verdict) => {
          const { orientation, into } = verdict.decode ? verdict : { orientation: null, into: null };
          say(verdict.decode ? { say: 'decode', orientation, into } : { say: 'enough' });
          waitForPicture(found);
        }, fail);
      } else if (word.say === 'large') {
        void large.hold(async () => {
          say({ say: 'go' });
          if (hashed) waitForPicture(hashed);
          await promise.catch(() => {}); // The reading itself throws the same.
        });
      } else if (hashed) {
        const { say: _, ...decodement } = word;
        resolve({ ...hashed, ...decodement });
      }
    };
    const onStderr = (text: Buffer): void => void (lastWords = (lastWords + text.toString()).slice(-4000));
    const ended = (code: number | null, signal: string | null): void => {
      const why = lastWords.split('\n').find((line) => /error|fatal|terminat|memory/i.test(line));
      reject(new Crash([signal ?? `exit code ${code}`, ...(why ? [why.trim()] : [])].join(': ')));
    };
    const onError = (error: Error): void => reject(new Crash(error.message));

    child.on('message', onMessage).on('exit', ended).on('error', onError);
    child.stderr?.on('data', onStderr);
    say({ say: 'read', ...order, thumbsDir });
    waitForDisk();
    try {
      return await promise;
    } finally {
      unwatch();
      child.off('message', onMessage).off('exit', ended).off('error', onError);
      child.stderr?.off('data', onStderr);
    }
  };

  return {
    async read(path, type, wanted) {
      // Asked once, also where a second child has to read the file again.
      let asked = null as { hashed: Hashed; answer: Promise<Verdict> } | null;
      for (let attempt = 1; ; attempt++) {
        mustBeOpen();
        const child = take();
        try {
          return await readIn(child, { path, type }, (hashed) => {
            asked ??= { hashed, answer: wanted(hashed) };
            if (asked.hashed.hash.equals(hashed.hash)) return asked.answer;
            return Promise.reject(new CodedError('file.still-written', 'The file changed while it was being read.'));
          });
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          mustBeOpen();
          if (attempt === 1) continue;
          const message = `The decoder crashed twice on this file (${error.message}).`;
          if (!asked) throw new CodedError('decode.crashed', message);
          return { ...asked.hashed, ...notDecoded, error: { code: 'decode.crashed', message } };
        } finally {
          giveBack(child);
        }
      }
    },
    close() {
      closed = true;
      for (const one of idle.splice(0)) clearTimeout(one.leaving);
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

/** The child runs as this process does: compiled, or from sources through the same loader. */
function startDecoder(memoryKiB: number): ChildProcess {
  const ending = extname(import.meta.url);
  const script = fileURLToPath(new URL(`./decoder-child${ending}`, import.meta.url));
  const loader = ending === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
  // Should memory run out all the same, the kernel takes a decoder before anything else of the house.
  const prepare = `ulimit -d ${memoryKiB} 2>/dev/null; { echo 500 >/proc/self/oom_score_adj; } 2>/dev/null`;
  return spawn('/bin/sh', ['-c', `${prepare}; exec "$0" "$@"`, process.execPath, ...loader, script], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // One arena: a decoder's many threads take turns, and each would keep what it once had.
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  });
}
