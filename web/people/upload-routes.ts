import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { jobId } from '../../model/job-kinds.ts';
import { FoundReferences, type ReferenceFolder, referenceFiles } from '../../model/reference-upload.ts';
import { RootPath } from '../../model/settings.ts';
import { readBox } from '../faces/drawn-box.ts';
import { whenEnded } from '../jobs/when-ended.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';
import { keepUploads } from '../try/uploads.ts';
import { PersonParams } from './schema.ts';
import { UploadPage, UploadWaiting } from './upload-view.tsx';

/** How much may be uploaded at once. */
export const uploadLimits = { files: 20, bytes: 200 * 1024 * 1024 } as const;

export const Trial = Type.String({ pattern: '^[0-9a-f-]{36}$' });
const TrialParams = Type.Object({ trial: Trial });
const UploadParams = Type.Interface([PersonParams], { trial: Trial });
const PictureParams = Type.Interface([TrialParams], { picture: Type.Integer({ minimum: 0, maximum: 10_000 }) });
const Choice = Type.Object({ face: Type.String({ pattern: '^\\d{1,4}$' }) });
const FolderForm = Type.Object({ path: RootPath });

/** Reference images from files: looked at by a job, and, where it is not clear, chosen from or drawn. */
export const uploadRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, page, config } = web;
    const { files, bytes } = uploadLimits;
    app.register(multipart, { limits: { files, fileSize: bytes, fields: 10, parts: files + 10 } });

    app.post(
      '/people/:id/refimgs',
      { schema: { params: PersonParams }, bodyLimit: files * bytes },
      async (request, reply) => {
        const { id } = request.params;
        await library.person(id);
        if (!request.isMultipart()) throw new CodedError('request.invalid', 'Pictures are sent as a form with files.');
        const trial = await keepUploads(config.trialsDir, request.parts());
        await jobs.addRefimgs(trial, id);
        return await reply.redirect(`/people/${id}/refimgs/${trial}`, 303);
      },
    );

    app.post('/people/:id/folder', { schema: { params: PersonParams } }, async (request, reply) => {
      const { id } = await library.person(request.params.id);
      const trial = await readFolder(web, readPath(request.body), id);
      return await reply.redirect(`/people/${id}/refimgs/${trial}`, 303);
    });

    app.post('/people/folder', async (request, reply) => {
      const trial = await readFolder(web, readPath(request.body), null);
      return await reply.redirect(`/people/references/${trial}`, 303);
    });

    app.get('/people/:id/refimgs/:trial', { schema: { params: UploadParams } }, async (request, reply) => {
      const { id, trial } = request.params;
      return await show(reply, trial, await library.person(id));
    });

    app.get('/people/references/:trial', { schema: { params: TrialParams } }, async (request, reply) =>
      show(reply, request.params.trial, null),
    );

    async function show(reply: FastifyReply, trial: string, person: Awaited<ReturnType<typeof library.person>> | null) {
      const found = await readFound(config.trialsDir, trial);
      const content = found
        ? UploadPage({ person, trial, found })
        : UploadWaiting({ person, trial, job: await jobs.get(jobId.addRefimgs(trial)) });
      return await page(reply, { title: 'Reference images', section: 'people' }, content);
    }

    app.post('/people/references/:trial/:picture', { schema: { params: PictureParams } }, async (request, reply) => {
      const { trial, picture } = request.params;
      if (!Value.Check(Choice, request.body)) throw noSuchFace();
      const { person } = await chooseFace(web, trial, picture, Number(request.body.face));
      return await reply.redirect(`/people/${person}`, 303);
    });

    app.post(
      '/people/references/:trial/:picture/box',
      { schema: { params: PictureParams } },
      async (request, reply) => {
        const { trial, picture } = request.params;
        const { person, job } = await drawReference(web, trial, picture, readBox(request.body));
        const ended = await whenEnded(jobs, job);
        return await reply.redirect(`/people/${person}${ended ? '' : `?started=${job}`}`, 303);
      },
    );
  };

/** Throws request.invalid. */
function readPath(body: unknown): string {
  if (Value.Check(FolderForm, body)) return body.path.trim();
  throw new CodedError('request.invalid', 'The path of a folder on this machine is needed.');
}

/** Starts to read a folder on the machine of the io worker. @returns the name of the trial */
export async function readFolder(
  { jobs, config }: Pick<Web, 'jobs' | 'config'>,
  folder: string,
  person: number | null,
): Promise<string> {
  const trial = randomUUID();
  const dir = path.join(config.trialsDir, trial);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const order: ReferenceFolder = { path: folder };
  await writeFile(path.join(dir, referenceFiles.folder), JSON.stringify(order));
  await jobs.addRefimgs(trial, person);
  return trial;
}

const noSuchFace = () => new CodedError('request.invalid', 'There is no such face in these pictures.');

/** Makes a reference image of one of the faces that were found in a picture. Throws request.invalid. */
export async function chooseFace(
  { library, jobs, config }: Pick<Web, 'library' | 'jobs' | 'config'>,
  trial: string,
  index: number,
  chosen: number,
): Promise<{ person: number; refimg: number }> {
  const picture = await pictureOf(config.trialsDir, trial, index);
  const face = picture.faces[chosen];
  if (!face) throw noSuchFace();
  const { descriptor, landmarks, ...place } = face;
  const refimg = await library.addRefimg({
    ...place,
    person: picture.person.id,
    face: null,
    hash: Buffer.from(picture.hash, 'hex'),
    title: picture.name,
    foundBy: picture.foundBy ?? 'detector',
    landmarks: Buffer.from(landmarks, 'base64'),
    descriptor: Buffer.from(descriptor, 'base64'),
  });
  await startAfter(jobs, { kind: 'identifyPerson', person: picture.person.id });
  return { person: picture.person.id, refimg };
}

/** Starts to describe a face in a box that a person drew on one of the pictures. Throws request.invalid. */
export async function drawReference(
  { jobs, config }: Pick<Web, 'jobs' | 'config'>,
  trial: string,
  index: number,
  box: { x: number; y: number; w: number; h: number },
): Promise<{ person: number; job: string }> {
  const { name, hash, person } = await pictureOf(config.trialsDir, trial, index);
  const { id } = await jobs.drawFace({ of: { hash, title: name }, person: person.id, box });
  return { person: person.id, job: id };
}

/** Throws request.invalid. */
async function pictureOf(trialsDir: string, trial: string, index: number) {
  const picture = (await readFound(trialsDir, trial))?.pictures[index];
  if (!picture || picture.hash === null || picture.person === null) throw noSuchFace();
  return { ...picture, hash: picture.hash, person: picture.person };
}

/** What was made of the pictures; null while they are looked at. */
export async function readFound(trialsDir: string, trial: string): Promise<FoundReferences | null> {
  try {
    const text = await readFile(path.join(trialsDir, trial, referenceFiles.result), 'utf8');
    return Value.Parse(FoundReferences, JSON.parse(text));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
