import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '../model/errors.ts';
import type { ThumbStore } from './thumb-store.ts';

/** Longer than this the web server is not waited for; milliseconds. */
const patienceMs = 30_000;

interface ThumbServerOptions {
  /** The web server's address, without a slash at its end. */
  address: string;
  token: string;
  /** A directory that is this process's alone. It is emptied. */
  dir: string;
}

/**
 * Thumbnails that a web server keeps: `dir` holds them only until they were sent, and while one is looked at. What the decoders
 * wrote and could not be sent is written again when its file is read again.
 */
export async function createThumbServer({ address, token, dir }: ThumbServerOptions): Promise<ThumbStore> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  let uses = 0;

  async function ask(method: string, name: string, body?: Buffer): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${address}/worker/${urlOf(name)}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': name.endsWith('.webp') ? 'image/webp' : 'image/jpeg' }),
        },
        ...(body && { body: new Uint8Array(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      });
    } catch (error) {
      throw new CodedError('web.unavailable', `${address} does not answer (${reason(error)}).`, { cause: error });
    }
    const { status } = response;
    if (status < 400 || status === 404) return response;
    const said = `${address} answered ${status}: ${(await response.text().catch(() => '')).slice(0, 300)}`;
    throw new CodedError(status >= 500 || status === 429 ? 'web.unavailable' : 'web.refused', said);
  }

  async function send(name: string): Promise<void> {
    const file = path.join(dir, name);
    const bytes = await readFile(file).catch(() => null);
    // It was sent for another file with the same content.
    if (bytes === null) return;
    const { status } = await ask('PUT', name, bytes);
    if (status === 404) throw new CodedError('web.refused', `${address} serves no workers: it knows no worker token.`);
    await rm(file, { force: true });
  }

  return {
    dir,
    isShared: false,
    async put(names) {
      for (const name of names) await send(name);
    },
    async use(name, work) {
      const file = path.join(dir, `use-${++uses}${path.extname(name)}`);
      const response = await ask('GET', name);
      try {
        if (response.ok) await writeFile(file, await bytesOf(response, address));
        return await work(file);
      } finally {
        await rm(file, { force: true });
      }
    },
    async remove(names) {
      for (const name of names) {
        await rm(path.join(dir, name), { force: true });
        await ask('DELETE', name);
      }
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** `ab/cd/<hash>-320.webp` is asked for as `thumbs/<hash>-320.webp`, `large/7.jpg` as it is. */
const urlOf = (name: string): string =>
  name.startsWith('large') ? `large/${path.basename(name)}` : `thumbs/${path.basename(name)}`;

async function bytesOf(response: Response, address: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new CodedError('web.unavailable', `${address} broke off (${reason(error)}).`, { cause: error });
  }
}

/** What fetch itself says is "fetch failed"; the cause tells why. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
