import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Multipart } from '@fastify/multipart';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { Trial, trialFiles, uploadName, type Uploads } from '../../model/tried-file.ts';

/** Keeps uploaded files for a trial, as they come in. @returns the trial's name. @throws CodedError request.invalid */
export async function keepUploads(trialsDir: string, parts: AsyncIterable<Multipart>): Promise<string> {
  const trial = randomUUID();
  const dir = path.join(trialsDir, trial);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  try {
    const uploads: Uploads = { names: [] };
    for await (const part of parts) {
      if (part.type !== 'file' || part.filename === '') continue;
      // Browsers may send a path; the name is its last part.
      const name = part.filename.split(/[/\\]/).at(-1)?.slice(0, 255).toWellFormed() ?? '';
      const id = uploads.names.push(name);
      await pipeline(part.file, createWriteStream(path.join(dir, uploadName(id, name))));
      if (part.file.truncated)
        throw new CodedError('request.invalid', `${name} is larger than what can be tried here.`);
    }
    if (uploads.names.length === 0) throw new CodedError('request.invalid', 'No file was chosen.');
    await writeFile(path.join(dir, trialFiles.uploads), JSON.stringify(uploads));
    return trial;
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** What was made of a trial's files; null while they are read. @throws CodedError request.not-found */
export async function readTrial(trialsDir: string, trial: string): Promise<Trial | null> {
  const dir = path.join(trialsDir, trial);
  const uploads = await textIfThere(path.join(dir, trialFiles.uploads));
  if (uploads === null) throw new CodedError('request.not-found', 'These files are not kept any more. Try them again.');
  const result = await textIfThere(path.join(dir, trialFiles.result));
  return result === null ? null : Value.Parse(Trial, JSON.parse(result));
}

async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
