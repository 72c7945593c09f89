import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { FaceGroup, SayOfGroup, UnknownFaces } from '../../model/face-groups.ts';
import { tellOfGroup } from '../people/tell-of-group.ts';
import type { Web } from '../shared.ts';
import { FileParams, refused } from './schema.ts';

/** Faces without a name in groups, and what is said of a group, as JSON. */
export const unknownApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, live } = web;

    app.get(
      '/people/unknown',
      {
        schema: {
          summary: 'Faces without a name, grouped by likeness, the largest groups first',
          description: 'They are grouped by the job groupFaces. Of each group the first 12 faces are told.',
          querystring: Type.Object({
            cursor: Type.Optional(
              Type.String({ pattern: '^\\d{1,9}-\\d{1,10}$', description: '`next` of the page before' }),
            ),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          }),
          response: { 200: UnknownFaces, ...refused },
        },
      },
      async ({ query }) => await library.unknownFaces({ limit: 50, ...query }),
    );

    app.get(
      '/people/unknown/:id',
      {
        schema: {
          summary: 'A group with all of its faces that have no name, those first that show the person best',
          params: FileParams,
          response: { 200: FaceGroup, ...refused },
        },
      },
      async ({ params: { id } }) => await library.faceGroup(id, 50_000),
    );

    app.post(
      '/people/unknown/:id',
      {
        schema: {
          summary: 'Say of a group who it is, or set it aside',
          params: FileParams,
          body: SayOfGroup,
          response: {
            200: Type.Object({
              person: Type.Union([Type.Integer(), Type.Null()]),
              faces: Type.Array(Type.Integer(), { description: 'those that were named or set aside' }),
              left: Type.Integer({ description: 'faces that had a name by then, or are not this person, as was said' }),
            }),
            ...refused,
          },
        },
      },
      async ({ params: { id }, body }) => {
        const told = await tellOfGroup(web, id, body);
        live.wake();
        return told;
      },
    );
  };
