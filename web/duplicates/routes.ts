import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Web } from '../shared.ts';
import { DuplicatesPage } from './duplicates-view.tsx';
import { DuplicatesQuery } from './schema.ts';

const pageSize = 40;

/** Files that are there more than once. */
export const duplicateRoutes =
  ({ library, page }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/duplicates', { schema: { querystring: DuplicatesQuery } }, async (request, reply) => {
      const found = await library.duplicates({ ...request.query, limit: pageSize });
      return await page(reply, { title: 'Duplicates', section: 'folders' }, DuplicatesPage(found));
    });
  };
