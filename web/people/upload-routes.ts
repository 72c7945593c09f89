import { readFile } from 'node:fs/promises';
import path from 'node:path';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { jobId } from '../../model/job-kinds.ts';
import { FoundReferences, referenceFiles } from '../../model/reference-upload.ts';
import type { Web } from '../shared.ts';
import { keepUploads } from '../try/uploads.ts';
import { PersonParams } from './schema.ts';
import { UploadPage, UploadWaiting } from './upload-view.tsx';

const mostFiles = 20;
const mostBytes = 200 * 1024 * 1024;

const UploadParams = Type.Interface([PersonParams], { trial: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });
const ChoiceParams = Type.Interface([UploadParams], { picture: Type.Integer({ minimum: 0, maximum: mostFiles }) });
const Choice = Type.Object({ face: Type.String({ pattern: '^\\d{1,4}$' }) });

/** Reference images from files: uploaded, looked at by a job, and, where it is not clear, chosen from. */
export const uploadRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, page, config } = web;
    app.register(multipart, { limits: { files: mostFiles, fileSize: mostBytes, fields: 10, parts: mostFiles + 10 } });

    app.post(
      '/people/:id/refimgs',
      { schema: { params: PersonParams }, bodyLimit: mostFiles * mostBytes },
      async (request, reply) => {
        const { id } = request.params;
        await library.person(id);
        if (!request.isMultipart()) throw new CodedError('request.invalid', 'Pictures are sent as a form with files.');
        const trial = await keepUploads(config.trialsDir, request.parts());
        await jobs.addRefimgs(trial, id);
        return await reply.redirect(`/people/${id}/refimgs/${trial}`, 303);
      },
    );

    app.get('/people/:id/refimgs/:trial', { schema: { params: UploadParams } }, async (request, reply) => {
      const { id, trial } = request.params;
      const [person, found] = await Promise.all([library.person(id), readFound(config.trialsDir, trial)]);
      const content = found
        ? UploadPage({ person, trial, found })
        : UploadWaiting({ person, trial, job: await jobs.get(jobId.addRefimgs(trial)) });
      return await page(reply, { title: 'Reference images', section: 'people' }, content);
    });

    app.post('/people/:id/refimgs/:trial/:picture', { schema: { params: ChoiceParams } }, async (request, reply) => {
      const { id, trial, picture: index } = request.params;
      const found = await readFound(config.trialsDir, trial);
      const picture = found?.pictures[index];
      const face = Value.Check(Choice, request.body) ? picture?.faces[Number(request.body.face)] : undefined;
      if (!picture || !face || picture.hash === null || found.person !== id) {
        throw new CodedError('request.invalid', 'There is no such face in what was uploaded.');
      }
      const { descriptor, ...place } = face;
      await library.addRefimg({
        ...place,
        person: id,
        face: null,
        hash: Buffer.from(picture.hash, 'hex'),
        title: picture.name,
        foundBy: picture.foundBy ?? 'detector',
        descriptor: Buffer.from(descriptor, 'base64'),
      });
      await jobs.start({ kind: 'identifyPerson', person: id });
      return await reply.redirect(`/people/${id}`, 303);
    });
  };

/** What was made of an upload; null while it is looked at. */
async function readFound(trialsDir: string, trial: string): Promise<FoundReferences | null> {
  try {
    const text = await readFile(path.join(trialsDir, trial, referenceFiles.result), 'utf8');
    return Value.Parse(FoundReferences, JSON.parse(text));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
