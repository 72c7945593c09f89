import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Web } from '../shared.ts';
import { DuplicatesQuery, DuplicatesReply, refused } from './schema.ts';

/** Files that are there more than once, as JSON. */
export const duplicateApi =
  ({ library }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/duplicates',
      {
        schema: {
          summary: 'Contents that several files hold',
          querystring: DuplicatesQuery,
          response: { 200: DuplicatesReply, ...refused },
        },
      },
      async (request) => await library.duplicates({ limit: 100, ...request.query }),
    );
  };
