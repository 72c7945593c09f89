import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { Job } from '../../model/job.ts';
import { projectDir } from '../../config.ts';
import { readHouse } from '../../engine/house-file.ts';
import { freePort } from '../../engine/supervisor/ports.ts';
import type { House } from '../../model/house.ts';
import { PhotoFile } from '../../model/library.ts';

/** The built command line. */
export const program = path.join(projectDir, 'dist', 'cli', 'main.js');

const Status = Type.Object({
  state: Type.String(),
  jobs: Type.Object({ running: Type.Integer(), completed: Type.Integer(), failed: Type.Integer() }),
  coverage: Type.Object({ files: Type.Integer(), read: Type.Integer(), failed: Type.Integer() }),
});
export type Status = Static<typeof Status>;

/** The whole product, started as a user starts it, in a data folder of its own, and asked through its API. */
export interface RunningHouse {
  url: string;
  dataDir: string;
  supervisor: ChildProcess;
  /** What it printed so far. */
  output(): string;
  get(where: string): Promise<unknown>;
  send(method: 'POST' | 'PUT', where: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  status(): Promise<Status>;
  job(id: string): Promise<Job>;
  jobs(query?: string): Promise<Job[]>;
  files(query?: string): Promise<PhotoFile[]>;
  /** Waits until the engine is in this state. */
  until(state: string, timeoutMs?: number): Promise<Status>;
  /** Waits until a job has ended. */
  ended(id: string, timeoutMs?: number): Promise<Job>;
  house(): House;
  /** Runs another command of the program beside it; its output and exit code. */
  command(...args: string[]): Promise<{ code: number | null; output: string }>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  imports?: string[];
  storage?: string[];
  dataDir?: string;
  port?: number;
  /** More variables of its environment. */
  env?: Readonly<Record<string, string>>;
  /** False: faces are not looked for. Where they do not matter, jobs that look for them would only be in the way. */
  faces?: boolean;
  /**
   * True: it is left to itself, as a user's is, whose paths are named at its start. Else import paths are not watched: where a
   * test changes files, no job is to start but by the test.
   */
  watch?: boolean;
}

/** A directory that is removed after the test. */
export function temporaryDir(t: { after(fn: () => void): void }, name = 'photo-assistant-test-'): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), name));
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** Polls until `check` gives something, or fails with what is being waited for. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  check: () => Promise<T | undefined | false>,
  everyMs = 250,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const found = await check();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  } while (Date.now() < end);
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`, { cause: last });
}

/** Starts the product and waits for its page; it is stopped after the test. */
export async function startHouse(t: Pick<TestContext, 'after'>, options: HouseOptions = {}): Promise<RunningHouse> {
  const dataDir = options.dataDir ?? temporaryDir(t, 'photo-assistant-data-');
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: 'UTC',
    PORT: String(port),
    PHOTO_ASSISTANT_DATA: dataDir,
    ...options.env,
  };
  const args = ['start'];
  const { faces = true, watch = false } = options;
  if (options.imports && watch) args.push('--import', ...options.imports);
  if (options.storage) args.push('--storage', ...options.storage);
  const supervisor = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(supervisor, 'exit');

  const stop = async () => {
    if (supervisor.exitCode === null && supervisor.signalCode === null) {
      supervisor.kill('SIGTERM');
      await exited;
    }
  };
  t.after(stop);

  const ask = async (method: string, where: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(url + where, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, body: await response.json() };
  };
  const get = async (where: string): Promise<unknown> => {
    const { status, body } = await ask('GET', where);
    if (status !== 200) throw new Error(`${where} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const status = async () => Value.Parse(Status, await get('/api/status'));
  const job = async (id: string) => Value.Parse(Job, await get(`/api/jobs/${encodeURIComponent(id)}`));

  const running: RunningHouse = {
    url,
    dataDir,
    supervisor,
    output: () => output,
    get,
    send: ask,
    status,
    job,
    jobs: async (query = '') =>
      Value.Parse(Type.Object({ jobs: Type.Array(Job) }), await get(`/api/jobs?${query}`)).jobs,
    files: async (query = '') => {
      const Page = Type.Object({ files: Type.Array(PhotoFile), next: Type.Union([Type.String(), Type.Null()]) });
      const all: PhotoFile[] = [];
      for (let cursor = ''; ;) {
        const page = Value.Parse(
          Page,
          await get(`/api/files?${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
        );
        all.push(...page.files);
        if (page.next === null) return all;
        cursor = page.next;
      }
    },
    until: (state, timeoutMs = 300_000) =>
      eventually(`the engine to be ${state}\n${output}`, timeoutMs, async () => {
        const now = await status();
        return now.state === state && now;
      }),
    ended: (id, timeoutMs = 300_000) =>
      eventually(`the end of ${id}`, timeoutMs, async () => {
        const now = await job(id);
        return now.endedAt !== null && now;
      }),
    house: () => {
      const house = readHouse(path.join(dataDir, 'house.json'));
      if (!house) throw new Error('there is no house.json');
      return house;
    },
    async command(...words) {
      const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const [code] = (await once(child, 'exit')) as [number | null];
      return { code, output: text };
    },
    stop,
  };

  await eventually(`the page at ${url}`, 60_000, async () => {
    if (supervisor.exitCode !== null) throw new Error(`it ended with ${supervisor.exitCode}: ${output}`);
    return (await fetch(`${url}/healthz`)).ok;
  });
  // Said before there is anything to import, so that no job can have begun with it.
  if (!watch && (options.imports || options.dataDir === undefined)) {
    await running.until('configuration needed', 60_000);
    const settings = { importPaths: options.imports ?? [], lookForFaces: faces, watchImports: false };
    const saved = await ask('PUT', '/api/settings', { ...settings, acceptMissingPaths: true });
    if (saved.status !== 200) throw new Error(`the settings were refused: ${JSON.stringify(saved.body)}`);
  }
  return running;
}
