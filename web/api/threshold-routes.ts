import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ThresholdFacts } from '../../model/distances.ts';
import { factsOfAll, factsOfPerson } from '../people/threshold-facts.ts';
import type { Web } from '../shared.ts';
import { FileParams, refused } from './schema.ts';

const measuring =
  'It is measured by the job measureDistances; a threshold is set by PUT /api/settings or PATCH /api/people/{id}.';

/** What distances of named faces tell of thresholds, as JSON. */
export const thresholdApi =
  ({ library }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/people/thresholds',
      {
        schema: {
          summary: 'How near faces of one person and of two are, with precision and recall by threshold',
          description: measuring,
          response: { 200: ThresholdFacts, ...refused },
        },
      },
      async () => {
        const [measured, settings] = await Promise.all([library.distances(), library.settings()]);
        return factsOfAll(measured, settings);
      },
    );

    app.get(
      '/people/:id/thresholds',
      {
        schema: {
          summary: 'The same for one person against all others',
          description: measuring,
          params: FileParams,
          response: { 200: ThresholdFacts, ...refused },
        },
      },
      async ({ params: { id } }) => {
        const [measured, settings, person] = await Promise.all([
          library.distances(),
          library.settings(),
          library.person(id),
        ]);
        return factsOfPerson(measured, person, settings);
      },
    );
  };
