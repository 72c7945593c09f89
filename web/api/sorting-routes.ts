import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { SortingRules } from '../../model/sorting.ts';
import type { Web } from '../shared.ts';
import { refuseUnreadable, saveRules } from '../sorter/plans.ts';
import { refused } from './schema.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const RootParams = Type.Object({ root: Id });
const filesToTry = 10;

export const PreviewReply = Type.Object({
  photos: Type.Array(
    Type.Object({
      file: Id,
      from: Type.String(),
      to: Type.String({ description: 'below the storage path' }),
      used: Type.Array(Type.Object({ token: Type.String(), text: Type.String(), from: Type.String() })),
      rule: Type.Union([Type.Integer({ description: 'counted from 0' }), Type.Null()]),
    }),
  ),
});

/** Where the files of storage paths belong, as JSON. */
export const sortingApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, sorter } = web;

    app.get(
      '/sorting/:root',
      {
        schema: {
          summary: 'Pattern and rules of a storage path',
          params: RootParams,
          response: { 200: SortingRules, ...refused },
        },
      },
      async ({ params }) => await library.sorting(params.root),
    );

    app.put(
      '/sorting/:root',
      {
        schema: {
          summary:
            'Change them; plans that are there already stay as they are. What is left out is as it was from the start',
          params: RootParams,
          body: SortingRules,
          response: { 200: SortingRules, ...refused },
        },
      },
      async ({ params, body }) => {
        await saveRules(web, params.root, body);
        return await library.sorting(params.root);
      },
    );

    app.post(
      '/sorting/preview',
      {
        config: { changesNothing: true },
        schema: {
          summary: 'What rules would make of ten real files; nothing is saved',
          body: Type.Object({ root: Id, sorting: SortingRules }, { additionalProperties: false }),
          response: { 200: PreviewReply, ...refused },
        },
      },
      async ({ body: { root, sorting } }) => {
        await library.sorting(root);
        refuseUnreadable(web, sorting);
        const photos = await library.photosToTry(filesToTry);
        const places = sorter.place(sorting, photos);
        return {
          photos: places.flatMap(({ path: to, used, rule }, i) => {
            const photo = photos[i];
            return photo ? [{ file: photo.id, from: photo.path, to, used, rule }] : [];
          }),
        };
      },
    );

    app.get(
      '/sorting/:root/dirs',
      {
        schema: {
          summary: 'Sub-directories that a storage path has, the last by name first',
          params: RootParams,
          querystring: Type.Object({
            q: Type.Optional(Type.String({ maxLength: 255, description: 'only those with this in their path' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 500 })),
          }),
          response: { 200: Type.Object({ dirs: Type.Array(Type.String()) }), ...refused },
        },
      },
      async ({ params, query }) => {
        await library.sorting(params.root);
        return { dirs: await library.offeredDirs(params.root, { limit: 500, ...query }) };
      },
    );
  };
