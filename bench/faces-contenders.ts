import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import type { BackendName } from '../faces/backend.ts';
import type { FacesOfPicture } from '../faces/find-faces.ts';
import { createScanner } from '../faces/scanner.ts';

/** What the product looks with, if nobody says otherwise. */
export const defaults = { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'as needed' } as const;

const Place = Type.Object({
  left: Type.Number(),
  top: Type.Number(),
  width: Type.Number(),
  height: Type.Number(),
});
export type Place = Static<typeof Place>;

/** What is seen in one picture. */
const Looked = Type.Object({
  width: Type.Number(),
  height: Type.Number(),
  /** In pixels of the picture. */
  boxes: Type.Array(Place),
  /** `[128]` for each box. */
  descriptors: Type.Array(Type.Array(Type.Number())),
  /** For all of it, with opening the file. */
  seconds: Type.Optional(Type.Number()),
  /** For the boxes alone, where that can be told. */
  locating: Type.Optional(Type.Number()),
  /** Of a crop: whether a face was found in it, or the whole of it was taken for one. */
  found: Type.Optional(Type.Boolean()),
});
export type Looked = Static<typeof Looked>;

/** Whoever finds faces. */
export interface Contender {
  name: string;
  /** How many pictures it looks at side by side. */
  processes: number;
  /** @param preview a smaller version of the picture, for whoever looks at that first */
  look(path: string, preview?: string): Promise<Looked>;
  /** The largest face of a tight crop, or all of the crop. */
  crop(path: string): Promise<Looked>;
  close(): Promise<void>;
}

/** The product's own scanner. */
export function ours(name: string, wanted: BackendName, processes: number): Contender {
  const scanner = createScanner({ wanted, processes, idleMs: 3_600_000 });
  const patience = () => new AbortController().signal;
  const looked = ({ width, height, faces }: FacesOfPicture): Looked => ({
    width,
    height,
    boxes: faces.map(({ box }) => box),
    descriptors: faces.map(({ descriptor }) => [...descriptor]),
  });
  return {
    name,
    processes,
    look: async (file) => looked(await scanner.findFaces(file, defaults, patience())),
    async crop(file) {
      const { foundBy, faces, ...rest } = await scanner.findReference(file, null, patience());
      const surest = faces.toSorted((a, b) => b.box.score - a.box.score).slice(0, 1);
      return { ...looked({ ...rest, faces: surest }), found: foundBy !== 'assumed' };
    },
    close: () => scanner.close(),
  };
}

/** face-api's own chain, one thread a process. */
export const stock = (processes: number): Contender =>
  inProcesses('stock face-api', processes, () => ownChild(), { look: 'stock', crop: 'crop' });

/** The product's recipe in one process, which tells how long finding the boxes takes. */
export const oursInSteps = (): Contender => inProcesses('ours', 1, () => ownChild(), { look: 'steps', crop: 'steps' });

/** @param python that of the environment in which face_recognition is installed */
export const faceRecognition = (python: string, processes: number): Contender =>
  inProcesses(
    'face_recognition',
    processes,
    // Apart from its folder: it has the name of what it imports.
    () => startChild(python, ['-I', path.join(import.meta.dirname, 'face_recognition.py')]),
    { look: 'look', crop: 'crop' },
  );

const ownChild = () =>
  startChild(process.execPath, [
    ...process.execArgv,
    fileURLToPath(new URL(`./faces-child${path.extname(import.meta.url)}`, import.meta.url)),
  ]);

function inProcesses(
  name: string,
  processes: number,
  start: () => ReturnType<typeof startChild>,
  words: { look: string; crop: string },
): Contender {
  const children = Array.from({ length: processes }, start);
  const free = [...children];
  // Nobody asks more at a time than there are processes.
  const ask = async (what: string, file: string, preview?: string): Promise<Looked> => {
    const child = free.pop();
    if (!child) throw new Error(`${name} was asked more at a time than it has processes.`);
    try {
      return Value.Parse(Looked, await child.ask({ do: what, path: file, preview }));
    } finally {
      free.push(child);
    }
  };
  return {
    name,
    processes,
    look: (file, preview) => ask(words.look, file, preview),
    crop: (file) => ask(words.crop, file),
    close: async () => void (await Promise.all(children.map((child) => child.close()))),
  };
}

/** A process that is given a line and answers with one. */
function startChild(command: string, args: readonly string[]) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit').then(() => null);
  return {
    async ask(job: { do: string; path: string; preview: string | undefined }): Promise<unknown> {
      const answer = once(lines, 'line');
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const got = (await Promise.race([answer, exited])) as [string] | null;
      if (!got) throw new Error(`${command} ended at ${job.path}`);
      return JSON.parse(got[0]);
    },
    async close(): Promise<void> {
      child.stdin.end();
      await exited;
    },
  };
}
