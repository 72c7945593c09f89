import swagger from '@fastify/swagger';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Web } from '../shared.ts';
import { version } from '../../config.ts';
import { duplicateApi } from './duplicate-routes.ts';
import { faceScanApi } from './face-scan-routes.ts';
import { jobApi } from './job-routes.ts';
import { libraryApi } from './library-routes.ts';
import { mapApi } from './map-routes.ts';
import { notificationApi } from './notification-routes.ts';
import { planApi } from './plan-routes.ts';
import { peopleApi } from './people-routes.ts';
import { referenceApi } from './reference-routes.ts';
import { sortingApi } from './sorting-routes.ts';
import { thresholdApi } from './threshold-routes.ts';
import { unknownApi } from './unknown-routes.ts';

/** The JSON API below `/api`, described by `/api/openapi.json`. */
export const apiRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Photo Assistant',
          version,
          description:
            'All that the pages do. Errors are `{error: {code, message}}`; lists go on with `next` as `cursor`.',
        },
      },
    });
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    await app.register(jobApi(web));
    await app.register(libraryApi(web));
    await app.register(mapApi(web));
    await app.register(peopleApi(web));
    await app.register(faceScanApi(web));
    await app.register(referenceApi(web));
    await app.register(thresholdApi(web));
    await app.register(unknownApi(web));
    await app.register(duplicateApi(web));
    await app.register(sortingApi(web));
    await app.register(planApi(web));
    await app.register(notificationApi(web));
  };
