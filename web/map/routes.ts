import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { readBox } from '../../model/map.ts';
import type { Web } from '../shared.ts';
import { MapPage } from './map-view.tsx';
import { outlinesOf } from './outlines.ts';
import { MapQuery } from './schema.ts';
import { cellOf, viewOf, worldOf, worldView } from './view.ts';

/** Where the pictures were taken. */
export const mapRoutes =
  ({ library, page }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/map', { schema: { querystring: MapQuery } }, async (request, reply) => {
      const { box } = request.query;
      const asked = box === undefined ? worldView : viewOf(readBox(box));
      const { cells, places } = await library.map(asked.box, cellOf(asked));
      const view = asked === worldView ? worldOf(cells) : asked;
      const content = MapPage({ view, cells, places, outlines: outlinesOf(view) });
      return await page(reply, { title: 'Map', section: 'map' }, content);
    });
  };
