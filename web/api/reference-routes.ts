import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { CodedError } from '../../model/errors.ts';
import { jobId } from '../../model/job-kinds.ts';
import { PersonName } from '../../model/people.ts';
import { FoundReferences } from '../../model/reference-upload.ts';
import { RootPath } from '../../model/settings.ts';
import { DrawnBox, withinPicture } from '../faces/drawn-box.ts';
import { mostNames, takeOver } from '../people/region-routes.ts';
import { moveToOther } from '../people/split-routes.ts';
import { chooseFace, drawReference, readFolder, readFound, Trial, uploadLimits } from '../people/upload-routes.ts';
import type { Web } from '../shared.ts';
import { keepUploads } from '../try/uploads.ts';
import { FileParams, refused } from './schema.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const Ids = Type.Array(Id, { maxItems: 1000 });
const Started = Type.Object({ job: Type.String() });
const Reading = Type.Object({ job: Type.String(), trial: Trial });
const exact = { additionalProperties: false } as const;

const Picture = Type.Omit(FoundReferences.properties.pictures.items, ['faces']);
const FoundFace = Type.Omit(FoundReferences.properties.pictures.items.properties.faces.items, [
  'descriptor',
  'landmarks',
]);
const Found = Type.Object({
  done: Type.Boolean(),
  left: Type.Integer({ description: 'files of a folder that were left out, for there are too many' }),
  pictures: Type.Array(Type.Interface([Picture], { faces: Type.Array(FoundFace) })),
});

/** Reference images from files and folders, faces drawn by hand, persons split, and names written in files, as JSON. */
export const referenceApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, config } = web;
    const { files, bytes } = uploadLimits;
    await app.register(multipart, { limits: { files, fileSize: bytes, fields: 10, parts: files + 10 } });

    app.post(
      '/people/:id/refimgs/upload',
      {
        bodyLimit: files * bytes,
        schema: {
          summary: 'Upload pictures of a person, as a form with files (multipart/form-data)',
          params: FileParams,
          consumes: ['multipart/form-data'],
          response: { 200: Reading, ...refused },
        },
      },
      async (request) => {
        const { id } = await library.person(request.params.id);
        if (!request.isMultipart()) throw new CodedError('request.invalid', 'Pictures are sent as a form with files.');
        const trial = await keepUploads(config.trialsDir, request.parts());
        return { job: (await jobs.addRefimgs(trial, id)).id, trial };
      },
    );

    app.post(
      '/people/:id/refimgs/folder',
      {
        schema: {
          summary: 'Take the pictures of a folder on the server as reference images of a person',
          params: FileParams,
          body: Type.Object({ path: RootPath }, exact),
          response: { 200: Reading, ...refused },
        },
      },
      async ({ params, body }) => {
        const { id } = await library.person(params.id);
        const trial = await readFolder(web, body.path, id);
        return { job: jobId.addRefimgs(trial), trial };
      },
    );

    app.post(
      '/references/folder',
      {
        schema: {
          summary: 'Take the pictures of the folders in a folder, each named like its person',
          body: Type.Object({ path: RootPath }, exact),
          response: { 200: Reading, ...refused },
        },
      },
      async ({ body }) => {
        const trial = await readFolder(web, body.path, null);
        return { job: jobId.addRefimgs(trial), trial };
      },
    );

    app.get(
      '/references/:trial',
      {
        schema: {
          summary: 'What was made of uploaded pictures, or of those of a folder',
          params: Type.Object({ trial: Trial }),
          response: { 200: Found, ...refused },
        },
      },
      async ({ params: { trial } }) => {
        const found = await readFound(config.trialsDir, trial);
        if (found) return { ...found, done: true };
        await jobs.get(jobId.addRefimgs(trial));
        return { done: false, left: 0, pictures: [] };
      },
    );

    app.post(
      '/references/:trial/:picture',
      {
        schema: {
          summary: 'Choose one of the faces in a picture, by its place in the list, or draw a box around one',
          params: Type.Object({ trial: Trial, picture: Type.Integer({ minimum: 0, maximum: 10_000 }) }),
          body: Type.Union([
            Type.Object({ face: Type.Integer({ minimum: 0, maximum: 10_000 }) }, exact),
            Type.Object({ box: DrawnBox }, exact),
          ]),
          response: { 200: Type.Union([Type.Object({ refimg: Id }), Started]), ...refused },
        },
      },
      async ({ params: { trial, picture }, body }) => {
        if ('face' in body) return { refimg: (await chooseFace(web, trial, picture, body.face)).refimg };
        return { job: (await drawReference(web, trial, picture, withinPicture(body.box))).job };
      },
    );

    app.post(
      '/files/:id/faces',
      {
        schema: {
          summary: 'Add a face that the scanner missed, in shares of the upright picture’s sides',
          params: FileParams,
          body: Type.Object({ box: DrawnBox, name: PersonName }, exact),
          response: { 200: Started, ...refused },
        },
      },
      async ({ params, body }) => {
        const { id } = await library.file(params.id);
        const box = withinPicture(body.box);
        return {
          job: (await jobs.drawFace({ of: { file: id }, person: await library.personNamed(body.name), box })).id,
        };
      },
    );

    app.get(
      '/people/:id/faces',
      {
        schema: {
          summary: 'The faces of a person, the farthest from the reference images first',
          params: FileParams,
          querystring: Type.Object({
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
          }),
          response: {
            200: Type.Object({
              faces: Type.Array(
                Type.Object({
                  id: Id,
                  file: Id,
                  title: Type.String(),
                  confirmed: Type.Boolean(),
                  perhaps: Type.Boolean(),
                }),
              ),
            }),
            ...refused,
          },
        },
      },
      async ({ params, query: { offset = 0, limit = 200 } }) => {
        const { id } = await library.person(params.id);
        return { faces: await library.facesOfPerson(id, { offset, limit }) };
      },
    );

    app.post(
      '/people/:id/split',
      {
        schema: {
          summary: 'Move faces and reference images of a person to another one, by name; a new name is a new person',
          params: FileParams,
          body: Type.Object({ name: PersonName, faces: Type.Optional(Ids), refimgs: Type.Optional(Ids) }, exact),
          response: { 200: Type.Object({ person: Id }), ...refused },
        },
      },
      async ({ params: { id }, body: { name, faces = [], refimgs = [] } }) => ({
        person: await moveToOther(web, id, name, { faces, refimgs }),
      }),
    );

    app.get(
      '/people/regions',
      {
        schema: {
          summary: 'Names that other programs have written in pictures, the most frequent first',
          response: {
            200: Type.Object({
              names: Type.Array(
                Type.Object({
                  name: Type.String(),
                  pictures: Type.Integer(),
                  person: Type.Union([Id, Type.Null()], { description: 'the person with this name' }),
                }),
              ),
            }),
            ...refused,
          },
        },
      },
      async () => ({ names: await library.writtenNames(mostNames) }),
    );

    app.post(
      '/people/regions',
      {
        schema: {
          summary: 'Take over names that are written in files, each as the person named so, or as a new one',
          body: Type.Object(
            {
              names: Type.Array(
                Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), as: PersonName }, exact),
                {
                  minItems: 1,
                  maxItems: mostNames,
                },
              ),
            },
            exact,
          ),
          response: { 200: Started, ...refused },
        },
      },
      async ({ body }) => ({ job: await takeOver(web, body.names) }),
    );
  };
