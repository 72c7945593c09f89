import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Web } from '../shared.ts';
import { createMetrics } from './metrics.ts';

/** `/metrics`, for Prometheus. `app`: where requests are counted, whichever part of it answers them. */
export function metricsRoutes(app: FastifyInstance, web: Web): FastifyPluginAsyncTypebox {
  const metrics = createMetrics(web);
  app.addHook('onResponse', async (request, reply) => {
    // By the route, not by the address: whoever asks for many addresses makes no new numbers.
    const { url: route = 'none' } = request.routeOptions;
    metrics.answered({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  return async (routes) => {
    routes.get('/metrics', async (_request, reply) => {
      return await reply.type(metrics.contentType).send(await metrics.text());
    });
  };
}
