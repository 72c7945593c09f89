import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Multipart } from '@fastify/multipart';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { FaceTrial, faceTrialFile, type FaceTrialOf, type FaceTrialSettings } from '../../model/face-trial.ts';
import { save } from '../settings/form.ts';
import type { Web } from '../shared.ts';
import { keepUploads } from '../try/uploads.ts';
import { readTrialOf, readTrialSettings } from './schema.ts';

/** Starts the trial that a form of fields and files asks for; `saved`: what stands for settings that are left out. */
export async function startTrialOfForm(
  web: Web,
  parts: AsyncIterable<Multipart>,
  saved?: FaceTrialSettings,
): Promise<string> {
  const fields = new Map<string, string>();
  const trial = await keepUploads(web.config.trialsDir, noting(parts, fields)).catch((error: unknown) => {
    // Without a picture it is tried on one of the library.
    if (error instanceof CodedError && error.code === 'request.invalid' && !('upload' in readTrialOf(fields))) {
      return randomUUID();
    }
    throw error;
  });
  return await startTrial(web, readTrialOf(fields), readTrialSettings(fields, saved), trial);
}

/** Looks for faces with settings that are not saved. @returns the trial's name. Throws file.unknown, dir.unknown. */
export async function startTrial(
  { jobs, library }: Web,
  of: FaceTrialOf,
  settings: FaceTrialSettings,
  trial: string = randomUUID(),
): Promise<string> {
  if ('file' in of) await library.file(of.file);
  if ('dir' in of) await library.dir(of.dir);
  await jobs.tryFaces({ trial, of, settings });
  return trial;
}

/** Passes the files of a form on, and notes its fields. */
async function* noting(parts: AsyncIterable<Multipart>, fields: Map<string, string>): AsyncGenerator<Multipart> {
  for await (const part of parts) {
    if (part.type === 'file') yield part;
    else if (typeof part.value === 'string') fields.set(part.fieldname, part.value);
  }
}

/** What came of a trial; null while it runs, or where it is not kept any more. */
export async function readTrial(trialsDir: string, trial: string): Promise<FaceTrial | null> {
  try {
    return Value.Parse(FaceTrial, JSON.parse(await readFile(path.join(trialsDir, trial, faceTrialFile), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Saves the settings of a trial, and has all faces matched by them. @returns the id of the job that does so. Throws
 * request.not-found.
 */
export async function useTrial(web: Web, trial: string): Promise<{ id: string }> {
  const result = await readTrial(web.config.trialsDir, trial);
  if (!result) throw new CodedError('request.not-found', 'This trial is not kept any more. Try it again.');
  await save(web, { ...(await web.library.settings()), ...result.settings });
  return await web.jobs.start({ kind: 'identifyPerson', all: true });
}
