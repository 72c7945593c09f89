import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { holding, readBox, wholeWorld, widthOf } from '../../model/map.ts';
import { placeKey } from '../photos/place-words.ts';
import type { Web } from '../shared.ts';
import { MapQuery, MapReply, refused } from './schema.ts';

const cellsAcross = 60;
/** A cell is a metre wide at least: a box may be a single point. */
const cellOf = (degrees: number): number => Math.max(degrees / cellsAcross, 0.00001);

/** Where pictures were taken, as JSON. */
export const mapApi =
  ({ library }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/map',
      {
        schema: {
          summary:
            'Where pictures were taken: how many in each part of a box, or of the world, and the towns they are near',
          querystring: MapQuery,
          response: { 200: MapReply, ...refused },
        },
      },
      async (request) => {
        const box = request.query.box === undefined ? wholeWorld : readBox(request.query.box);
        const { cells, places } = await library.map(box, {
          width: cellOf(widthOf(box)),
          height: cellOf(box.north - box.south),
        });
        return {
          clusters: cells.map(({ latitude, longitude, count, box }) => ({
            latitude,
            longitude,
            count,
            box: holding(box),
          })),
          places: places.map((place) => ({ ...place, place: placeKey(place) })),
        };
      },
    );
  };
