import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import multipart, { type Multipart } from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { FaceTrial, faceTrialFile, type FaceTrialOf } from '../../model/face-trial.ts';
import { jobId } from '../../model/job-kinds.ts';
import { save } from '../settings/form.ts';
import type { Web } from '../shared.ts';
import { keepUploads } from '../try/uploads.ts';
import { FaceTrialParams, readTrialOf, readTrialSettings, TryFacesQuery } from './schema.ts';
import { TryForm } from './try-form.tsx';
import { FaceTrialPage, TrialWaiting } from './try-view.tsx';

const mostBytes = 200 * 1024 * 1024;

/** What other settings would make of the faces of a picture or a dir, before they are used. */
export const tryFacesRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, page, config } = web;
    app.register(multipart, { limits: { files: 1, fileSize: mostBytes, fields: 20, parts: 21 } });
    const title = 'Try faces';

    const formFor = async (of: FaceTrialOf, settings?: FaceTrial['settings']) => {
      const [saved, file, dir] = await Promise.all([
        settings ?? library.settings(),
        'file' in of ? library.file(of.file) : null,
        'dir' in of ? library.dir(of.dir) : null,
      ]);
      return TryForm({ settings: saved, file, dir });
    };

    app.get('/try/faces', { schema: { querystring: TryFacesQuery } }, async (request, reply) => {
      const { file, dir } = request.query;
      const of = file !== undefined ? { file } : dir !== undefined ? { dir } : { upload: true as const };
      const form = await formFor(of);
      const content = (
        <div class="page">
          <h1>Try faces</h1>
          <p>See who would be found with other settings, before they are used.</p>
          {form}
        </div>
      );
      return await page(reply, { title, section: 'people' }, content);
    });

    app.post('/try/faces', { bodyLimit: mostBytes }, async (request, reply) => {
      if (!request.isMultipart()) throw new CodedError('request.invalid', 'The form is sent with its fields.');
      const fields = new Map<string, string>();
      const uploaded = await keepUploads(config.trialsDir, noting(request.parts(), fields)).catch((error: unknown) => {
        // Without a picture it is tried on one of the library.
        if (error instanceof CodedError && error.code === 'request.invalid' && !('upload' in readTrialOf(fields))) {
          return randomUUID();
        }
        throw error;
      });
      await jobs.tryFaces({ trial: uploaded, of: readTrialOf(fields), settings: readTrialSettings(fields) });
      return await reply.redirect(`/try/faces/${uploaded}`, 303);
    });

    app.get('/try/faces/:trial', { schema: { params: FaceTrialParams } }, async (request, reply) => {
      const { trial } = request.params;
      const result = await readTrial(config.trialsDir, trial);
      const content = result
        ? FaceTrialPage({ trial, result, form: await formFor(result.of, result.settings) })
        : TrialWaiting({ trial, job: await jobs.get(jobId.tryFaces(trial)) });
      return await page(reply, { title, section: 'people' }, content);
    });

    app.post('/try/faces/:trial/use', { schema: { params: FaceTrialParams } }, async (request, reply) => {
      const result = await readTrial(config.trialsDir, request.params.trial);
      if (!result) throw new CodedError('request.not-found', 'This trial is not kept any more. Try it again.');
      await save(web, { ...(await library.settings()), ...result.settings });
      const { id } = await jobs.start({ kind: 'identifyPerson', all: true });
      return await reply.redirect(`/people?${new URLSearchParams({ started: id })}`, 303);
    });
  };

/** Passes the files of a form on, and notes its fields. */
async function* noting(parts: AsyncIterable<Multipart>, fields: Map<string, string>): AsyncGenerator<Multipart> {
  for await (const part of parts) {
    if (part.type === 'file') yield part;
    else if (typeof part.value === 'string') fields.set(part.fieldname, part.value);
  }
}

async function readTrial(trialsDir: string, trial: string): Promise<FaceTrial | null> {
  try {
    return Value.Parse(FaceTrial, JSON.parse(await readFile(path.join(trialsDir, trial, faceTrialFile), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
